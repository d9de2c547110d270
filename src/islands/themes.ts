import { onClick } from './page.ts'

/** Light and dark change at once; the choice is kept by the same form that works without script. */
export function startThemes(): void {
  onClick('[data-preferences] button[name=theme]', async (element, event) => {
    if (!(element instanceof HTMLButtonElement) || !element.form) return
    event.preventDefault()
    document.documentElement.dataset.theme = element.value
    for (const button of element.form.querySelectorAll<HTMLButtonElement>('button[name=theme]'))
      button.setAttribute('aria-pressed', String(button === element))
    const fields = new FormData(element.form, element)
    const body = new URLSearchParams([...fields].map(([name, value]) => [name, String(value)]))
    await fetch(element.form.action, {
      method: 'POST',
      body,
      redirect: 'manual',
      signal: AbortSignal.timeout(10_000),
    })
  })
}
