/** What the form of a page says that its reader has seen, by the last part of its action. */
export const seenIn = (page: string, action: string): string => shownIn(page, action).seen

/** The same with what it showed. */
export function shownIn(page: string, action: string): { seen: string; saw: string } {
  const form = new RegExp(`<form[^>]*action="[^"]*/${action}".*?</form>`, 's').exec(page)?.[0] ?? ''
  const hidden = (name: string): string => new RegExp(`name="${name}" value="([^"]*)"`).exec(form)?.[1] ?? ''
  return { seen: hidden('seen'), saw: hidden('saw') }
}
