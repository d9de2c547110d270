/** `/` search, `j` `k` through lists, `?` help. Can be switched off, as single keys disturb speech input (WCAG 2.1.4). */
import { onClick, onPage } from './page.ts'

const off = 'hsoc-keys-off'

const keys: Record<string, () => void> = {
  '/': () => document.querySelector<HTMLInputElement>('#search')?.select(),
  j: () => walk(1),
  k: () => walk(-1),
  '?': () => help()?.showModal(),
}

export function startKeyboard(): void {
  document.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return
    if (isTyping(event.target) || document.querySelector('dialog[open]') || localStorage.getItem(off)) return
    const run = keys[event.key]
    if (!run) return
    event.preventDefault()
    run()
  })
  onClick('[data-help]', () => help()?.showModal())
  document.addEventListener('change', (event) => {
    if (!(event.target instanceof HTMLInputElement) || !event.target.matches('[data-keys]')) return
    if (event.target.checked) localStorage.removeItem(off)
    else localStorage.setItem(off, '1')
  })
  onPage(() => {
    for (const button of document.querySelectorAll<HTMLElement>('[data-help]')) button.hidden = false
    const choice = document.querySelector<HTMLInputElement>('[data-keys]')
    if (choice) choice.checked = !localStorage.getItem(off)
  })
}

function help(): HTMLDialogElement | null {
  return document.querySelector('dialog#keyboard')
}

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))
  )
}

/** Moves the mark to the next row that has a link, and the focus to that link, so that Enter opens it. */
function walk(step: 1 | -1): void {
  const rows = [
    ...document.querySelectorAll<HTMLElement>('[data-walk] > tbody > tr, [data-walk] > li'),
  ].filter((row) => row.querySelector('a'))
  const here = rows.findIndex((row) => row.classList.contains('walked'))
  const next = rows[here < 0 ? (step > 0 ? 0 : rows.length - 1) : here + step]
  if (!next) return
  rows[here]?.classList.remove('walked')
  next.classList.add('walked')
  next.querySelector('a')?.focus({ preventScroll: true })
  next.scrollIntoView({ block: 'nearest' })
}
