/** How this module's routes are stated and answer. */
export { page, sendHtml, text } from '../../../platform/page-routes.ts'
