/**
 * The page to return to after signing in or choosing a language: a path of ours, or `/`. Browsers read `//host`, `/\host`
 * and paths with tabs in them as other hosts, so the text is read as they would, and its result looked at again.
 */
export function ownPath(text: unknown): string {
  if (typeof text !== 'string' || text.length > 2_000 || !text.startsWith('/')) return '/'
  const url = URL.parse(text, 'http://own.invalid')
  if (url?.origin !== 'http://own.invalid') return '/'
  const path = `${url.pathname}${url.search}${url.hash}`
  return /^\/[/\\]/.test(path) ? '/' : path
}

/** The same after signing in, where the way does not lead back to signing in or out. */
export function ownPathOnward(text: unknown): string {
  const path = ownPath(text)
  return /^\/(sign-in|sign-out)(\/|\?|#|$)/.test(path) ? '/' : path
}
