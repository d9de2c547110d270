/** Filters apply as one types: the form is sent when typing rests, the address changes, the caret stays. */

const rest = 350

interface Caret {
  name: string
  value: string
  start: number | null
}

export function startFilters(): void {
  let timer: ReturnType<typeof setTimeout> | undefined
  let caret: Caret | undefined

  document.addEventListener('input', (event) => {
    const field = event.target
    if (!(field instanceof HTMLInputElement || field instanceof HTMLSelectElement)) return
    const form = field.closest<HTMLFormElement>('form.filters')
    if (!form) return
    form.dataset.turboAction = 'replace'
    clearTimeout(timer)
    timer = setTimeout(() => form.isConnected && form.checkValidity() && form.requestSubmit(), rest)
  })

  document.addEventListener('turbo:before-render', () => {
    const field = document.activeElement
    caret =
      field instanceof HTMLInputElement && field.closest('form.filters')
        ? { name: field.name, value: field.value, start: isText(field) ? field.selectionStart : null }
        : undefined
  })

  document.addEventListener('turbo:render', () => {
    if (!caret) return
    const field = document.querySelector<HTMLInputElement>(`form.filters [name="${CSS.escape(caret.name)}"]`)
    field?.focus({ preventScroll: true })
    if (!field || !isText(field)) return
    const typedOn = field.value !== caret.value
    field.value = caret.value
    if (caret.start !== null) field.setSelectionRange(caret.start, caret.start)
    if (typedOn) field.dispatchEvent(new Event('input', { bubbles: true }))
    caret = undefined
  })
}

function isText(field: HTMLInputElement): boolean {
  return ['text', 'search', 'url', 'tel'].includes(field.type)
}
