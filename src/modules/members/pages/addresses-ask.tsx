/** The form that claims addresses; refused, it keeps what was typed and names each entry that cannot be claimed. */
import { Button, Field, Form, Notice, Section } from '../../../ui/index.ts'
import type { AddressesProps } from './addresses-props.ts'

export function Ask({ frame: { t, csrf }, mayClaim, refused }: AddressesProps) {
  const { given = {}, errors = {}, entries = [] } = refused ?? {}
  return (
    <Section title={t('addresses.ask')} id="ask" lead={t('addresses.ask.lead')}>
      {entries.length > 0 && (
        <Notice kind="wrong" title={t('addresses.wrong.title')}>
          <ul class="bullets">
            {entries.map(([entry, why]) => (
              <li key={entry}>
                {entry !== '' && <code class="address">{entry}</code>} {why}
              </li>
            ))}
          </ul>
        </Notice>
      )}
      <Form
        action="/addresses/claims"
        csrf={csrf}
        label={t('addresses.ask')}
        {...(mayClaim.length === 1 ? { hidden: { org: mayClaim[0]?.id } } : {})}
      >
        {mayClaim.length > 1 && (
          <Field
            label={t('addresses.organisation')}
            name="org"
            type="select"
            value={given.org ?? ''}
            options={mayClaim.map(({ id, name }) => ({ value: String(id), label: name }))}
          />
        )}
        <Field
          label={t('addresses.values')}
          name="values"
          type="textarea"
          mono
          required
          maxlength={10_000}
          value={given.values}
          hint={t('addresses.values.hint')}
        />
        <Field
          label={t('addresses.until')}
          name="until"
          type="date"
          value={given.until}
          hint={t('addresses.until.hint')}
          error={errors.until}
        />
        <Field
          label={t('addresses.note')}
          name="note"
          maxlength={1_000}
          value={given.note}
          hint={t('addresses.note.hint')}
          error={errors.note}
        />
        <Button kind="primary">{t('addresses.ask.do')}</Button>
      </Form>
    </Section>
  )
}
