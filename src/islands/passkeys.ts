import { browserSupportsWebAuthn, startAuthentication, startRegistration } from '@simplewebauthn/browser'
import { onClick, onPage } from './page.ts'

/** What the device said to what the server asked, as the server wants it. */
async function askDevice(form: HTMLFormElement): Promise<string> {
  const answer = await fetch(form.dataset.options ?? '', { headers: { accept: 'application/json' } })
  if (!answer.ok) throw new Error(`${answer.status}`)
  const optionsJSON = await answer.json()
  const made =
    form.dataset.passkey === 'make'
      ? await startRegistration({ optionsJSON })
      : await startAuthentication({ optionsJSON })
  return JSON.stringify(made)
}

/** Shows the sentence for this kind of failure and hides the others. */
function complain(form: HTMLFormElement, kind: string): void {
  const lines = [...form.querySelectorAll<HTMLElement>('[data-passkey-problem]')]
  const line = lines.find((one) => one.dataset.passkeyProblem === kind) ?? lines.at(-1)
  for (const one of lines) one.hidden = one !== line
}

/** Shows the forms for passkeys where the browser knows them; their button asks the device and sends what it said. */
export function startPasskeys(): void {
  if (!browserSupportsWebAuthn()) return
  onPage(() => {
    for (const form of document.querySelectorAll<HTMLFormElement>('form[data-passkey]')) form.hidden = false
  })
  onClick('form[data-passkey] button', async (button) => {
    const form = button.closest<HTMLFormElement>('form[data-passkey]')
    const field = form?.querySelector<HTMLInputElement>('[data-passkey-answer]')
    if (!form || !field) return
    try {
      field.value = await askDevice(form)
      form.submit()
    } catch (error) {
      complain(form, (error as Error).name)
    }
  })
}
