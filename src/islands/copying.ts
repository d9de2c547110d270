import { announce, onClick, onPage } from './page.ts'

/** Shows the copy buttons where the browser allows copying, and copies. */
export function startCopying(): void {
  if (!navigator.clipboard) return
  onPage(() => {
    for (const button of document.querySelectorAll<HTMLElement>('[data-copy]')) button.hidden = false
  })
  onClick('[data-copy]', async (button) => {
    const words = button.textContent
    const copied = button.dataset.copied ?? ''
    if (words === copied) return
    await navigator.clipboard.writeText(button.dataset.copy ?? '')
    button.textContent = copied
    announce(copied)
    setTimeout(() => {
      button.textContent = words
    }, 2_000)
  })
}
