/** What the form of a page says that its reader has seen, by the last part of its action. */
export function seenIn(page: string, action: string): string {
  const form = new RegExp(`<form[^>]*action="[^"]*/${action}".*?</form>`, 's').exec(page)?.[0] ?? ''
  return /name="seen" value="([^"]*)"/.exec(form)?.[1] ?? ''
}
