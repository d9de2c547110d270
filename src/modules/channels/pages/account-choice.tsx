/** What the reader chose by the link in a mail, on its account page: it goes before the account's own setting. */
import type { Tx } from '../../../platform/database.ts'
import type { Frame } from '../../../platform/frame.ts'
import type { T } from '../../../platform/i18n.ts'
import { Actions, Button, Form, Notice, Section } from '../../../ui/index.ts'
import type { AccountSlots } from '../../members/index.ts'
import { ownTrouble } from '../bounces/standings.ts'
import { ownKeys } from '../pgp/keys.ts'
import { ownStanding, type Standing } from '../unsubscribe.ts'

export const accountSlots: AccountSlots = {
  wishes: async (tx, frame) => (
    <>
      {await returned(tx, frame)}
      {await choice(tx, frame)}
      {await keySection(tx, frame)}
      <Section title={frame.t('ways.page.title')} id="ways" lead={frame.t('ways.account.lead')}>
        <Actions>
          <Button href="/account/ways">{frame.t('ways.account.open')}</Button>
        </Actions>
      </Section>
    </>
  ),
}

/** The own address returns mail: said before anything else that could be chosen about mails. */
async function returned(tx: Tx, { t }: Frame) {
  const own = await ownTrouble(tx)
  if (!own) return null
  return (
    <Section title={t('returns.account.title')} id="address-returns">
      <Notice kind="careful">
        {t(own.lost ? 'returns.account.lost' : 'returns.account.used', { address: own.address })}
      </Notice>
      <Actions>
        <Button href="/mail-addresses">{t('returns.account.open')}</Button>
      </Actions>
    </Section>
  )
}

async function keySection(tx: Tx, { t }: Frame) {
  const keys = await ownKeys(tx)
  const state = keys.some(({ provedAt }) => provedAt !== null) ? 'used' : keys.length > 0 ? 'waiting' : 'none'
  return (
    <Section title={t('pgp.title')} id="mail-key" lead={t(`pgp.account.${state}`)}>
      <Actions>
        <Button href="/mail-keys">{t('pgp.account.open')}</Button>
      </Actions>
    </Section>
  )
}

async function choice(tx: Tx, { t, csrf }: Frame) {
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
}

const wordsOf = ({ singles, digest }: Standing, t: T): string[] => [
  ...(singles ? [] : [t('mails.choice.gathered')]),
  ...(digest ? [t(`mails.choice.digest.${digest}`)] : []),
]
