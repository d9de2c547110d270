/** A coordinator's decision of a claim; of an AS number with the prefixes that the registry file gives to it. */
import { Button, Field, Form, Section } from '../../../ui/index.ts'
import type { AsPrefix } from '../claims/queries.ts'
import type { ClaimProps } from './claim-props.ts'

export function Decision({ frame: { t, csrf }, claim, prefixes, errors, given }: ClaimProps) {
  return (
    <Section title={t('addresses.decide')} id="decide" lead={t('addresses.decide.lead')}>
      <Form action={`/addresses/claims/${claim.id}/decision`} csrf={csrf} label={t('addresses.decide')}>
        {claim.kind === 'as' && <Prefixes prefixes={prefixes} t={t} error={errors?.prefixes} />}
        <Field
          label={t('addresses.reason')}
          name="reason"
          type="textarea"
          rows={2}
          required
          maxlength={1_000}
          value={given?.reason}
          hint={t('addresses.decide.hint')}
          error={errors?.reason}
        />
        <div class="actions">
          <Button name="decision" value="accept" kind="primary">
            {t('addresses.decide.accept')}
          </Button>
          <Button name="decision" value="refuse" kind="danger">
            {t('addresses.decide.refuse')}
          </Button>
        </div>
      </Form>
    </Section>
  )
}

function Prefixes({
  prefixes,
  t,
  error,
}: {
  prefixes: AsPrefix[]
  t: ClaimProps['frame']['t']
  error: string | undefined
}) {
  if (prefixes.length === 0) return <p>{t('addresses.prefixes.none')}</p>
  return (
    <fieldset class="field">
      <legend>{t('addresses.prefixes')}</legend>
      <p class="field-hint">{t('addresses.prefixes.hint')}</p>
      {error && (
        <p class="field-error" role="alert">
          {error}
        </p>
      )}
      {prefixes.map(({ text, holder, holders }) => (
        <Field
          key={text}
          label={`${text} ${holder}`}
          name="prefixes"
          type="checkbox"
          value={text}
          {...(holders.length > 0
            ? { hint: t('addresses.prefixes.held', { names: t.list(holders.map(({ name }) => name)) }) }
            : {})}
        />
      ))}
    </fieldset>
  )
}
