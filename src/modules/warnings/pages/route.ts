/** How a page's route is stated: who may open it, which objects its path names; hidden from the API's description. */
import type { Access } from '../../../platform/http.ts'

export { page, sendHtml } from '../../../platform/page-routes.ts'

/** Of an API route: summary and shapes go into the published description. */
export const api = (access: Access, summary: string, schema: object = {}) => ({
  config: { access },
  schema: { tags: ['warnings'], summary, ...schema },
})
