/** What the reader chose by the link in a mail, on its account page: it goes before the account's own setting. */
import type { T } from '../../../platform/i18n.ts'
import { Actions, Button, Form, Section } from '../../../ui/index.ts'
import type { AccountSlots } from '../../members/index.ts'
import { ownStanding, type Standing } from '../unsubscribe.ts'

export const accountSlots: AccountSlots = {
  wishes: async (tx, { t, csrf }) => {
    const chosen = await ownStanding(tx)
    const words = chosen ? wordsOf(chosen, t) : []
    if (words.length === 0) return null
    return (
      <Section title={t('mails.choice.title')} id="mail-choice" lead={t('mails.choice.lead')}>
        <ul class="bullets">
          {words.map((word) => (
            <li key={word}>{word}</li>
          ))}
        </ul>
        <Form action="/account/mail-choice/withdrawal" csrf={csrf} noTurbo>
          <Actions>
            <Button>{t('mails.choice.clear')}</Button>
          </Actions>
        </Form>
      </Section>
    )
  },
}

const wordsOf = ({ singles, digest }: Standing, t: T): string[] => [
  ...(singles ? [] : [t('mails.choice.gathered')]),
  ...(digest ? [t(`mails.choice.digest.${digest}`)] : []),
]
