import { visit } from '@hotwired/turbo'
import { onClick } from './page.ts'

/** What hangs from the head of the page. */
const openPanels = '.account[open], .nav-more[open]'

/** A click anywhere on a row opens it, unless it meets something of its own or ends a selection. Panels close on a click outside. */
export function startRows(): void {
  onClick('[data-href]', (row, event) => {
    const own =
      event.target instanceof Element &&
      event.target.closest('a, button, input, select, label, summary, form')
    if (own || event.defaultPrevented || getSelection()?.toString()) return
    const href = row.dataset.href ?? ''
    if (event.ctrlKey || event.metaKey) open(href, '_blank', 'noopener')
    else visit(href)
  })
  document.addEventListener('click', (event) => {
    for (const panel of document.querySelectorAll<HTMLDetailsElement>(openPanels))
      if (event.target instanceof Node && !panel.contains(event.target)) panel.open = false
  })
  document.addEventListener('keydown', (event) => {
    const panel = document.querySelector<HTMLDetailsElement>(openPanels)
    if (event.key !== 'Escape' || !panel) return
    panel.open = false
    panel.querySelector('summary')?.focus()
  })
}
