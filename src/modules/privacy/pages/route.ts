/** How this module's routes are stated and answer. */

export { page, sendHtml } from '../../../platform/page-routes.ts'

/** A field of a form or of the address as text; files and repeated fields count as absent. */
export const text = (given: unknown, name: string): string => {
  const value = (given as Record<string, unknown> | undefined)?.[name]
  return typeof value === 'string' ? value : ''
}
