/** Warnings to the phone, on the account page: whether, from which severity on, and when not. */
import type { Tx } from '../../../platform/database.ts'
import type { Frame } from '../../../platform/frame.ts'
import { Actions, Button, Field, Form, Section } from '../../../ui/index.ts'
import { ownChoice, ownNumbers } from '../ways/choices.ts'

/** Null where nothing goes out by SMS. */
export async function phoneSection(tx: Tx, { t, csrf }: Frame) {
  const numbers = await ownNumbers(tx)
  const choice = await ownChoice(tx, 'sms')
  if (numbers.length === 0 && !choice)
    return (
      <Section title={t('ways.title')} id="phone" lead={t('ways.none')}>
        <Actions>
          <Button href="/contacts">{t('ways.contacts')}</Button>
        </Actions>
      </Section>
    )
  const hours = [
    { value: '', label: t('ways.quiet.none') },
    ...Array.from({ length: 24 }, (_, n) => ({ value: String(n), label: t('ways.hour', { n: String(n) }) })),
  ]
  return (
    <Section title={t('ways.title')} id="phone" lead={t('ways.lead')}>
      <p>{numbers.length > 0 ? t('ways.numbers', { numbers: t.list(numbers) }) : t('ways.none')}</p>
      <div class="narrow">
        <Form action="/account/phone" csrf={csrf} noTurbo>
          <Field
            label={t('ways.least')}
            name="least"
            type="select"
            value={String(choice?.least ?? '')}
            options={['', '4', '3', '2', '1'].map((value) => ({
              value,
              label: t(`ways.least.${value || 'none'}`),
            }))}
          />
          <Field
            label={t('ways.quiet.from')}
            name="quiet_from"
            type="select"
            value={String(choice?.quietFrom ?? '')}
            hint={t('ways.quiet.hint')}
            options={hours}
          />
          <Field
            label={t('ways.quiet.to')}
            name="quiet_to"
            type="select"
            value={String(choice?.quietTo ?? '')}
            options={hours}
          />
          <Actions>
            <Button kind="primary">{t('ways.save')}</Button>
          </Actions>
        </Form>
      </div>
    </Section>
  )
}
