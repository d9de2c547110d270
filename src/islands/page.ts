/** Runs once for the page at hand and again for every page that Turbo brings or a live part is swapped from. */
export function onPage(run: () => void): void {
  if (document.readyState === 'loading') document.addEventListener('DOMContentLoaded', run, { once: true })
  else run()
  document.addEventListener('turbo:render', run)
  document.addEventListener('hsoc:swapped', run)
}

/** Listens to clicks on elements that match, now or later. */
export function onClick(selector: string, run: (element: HTMLElement, event: MouseEvent) => void): void {
  document.addEventListener('click', (event) => {
    const element = event.target instanceof Element ? event.target.closest<HTMLElement>(selector) : null
    if (element) run(element, event)
  })
}

/** Says something to a screen reader without moving the focus. */
export function announce(text: string): void {
  const place = document.getElementById('announce')
  if (place) place.textContent = text
}
