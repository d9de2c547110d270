/** Who holds what a claim touches, and what they say; the form for those who may say it. */
import { Button, Chip, Field, Form, Notice, Section, Time } from '../../../ui/index.ts'
import type { HolderLine } from '../claims/queries.ts'
import type { ClaimProps } from './claim-props.ts'

export function Holders(props: ClaimProps) {
  const { frame, claim, speaksFor } = props
  const { t } = frame
  if (claim.holders.length === 0)
    return claim.contested && claim.state === 'asked' ? (
      <Notice kind="careful" title={t('addresses.contested')}>
        {t('addresses.holders.hidden')}
      </Notice>
    ) : null
  return (
    <Section title={t('addresses.holders')} id="holders" lead={t('addresses.holders.lead')}>
      <ul class="bullets">
        {claim.holders.map((holder) => (
          <li key={holder.org_id}>
            <Holder {...props} holder={holder} />
          </li>
        ))}
      </ul>
      {claim.state === 'asked' &&
        claim.holders
          .filter(({ org_id }) => speaksFor.includes(org_id))
          .map((holder) => <Say key={holder.org_id} {...props} holder={holder} />)}
    </Section>
  )
}

function Holder({ frame: { t, now, zone }, holder }: ClaimProps & { holder: HolderLine }) {
  return (
    <>
      <strong>{holder.organisation ?? '–'}</strong>: {t(`addresses.relation.${holder.relation}`)}
      {holder.values.map((value) => (
        <>
          {' '}
          <code class="address">{value}</code>
        </>
      ))}{' '}
      <Chip>{t(`addresses.answer.${holder.answer ?? 'none'}`)}</Chip>{' '}
      {holder.answeredAt !== null && <Time t={t} at={holder.answeredAt} now={now} zone={zone} as="short" />}
      {holder.note !== '' && <p>{holder.note}</p>}
    </>
  )
}

function Say({ frame: { t, csrf }, claim, holder, errors, given }: ClaimProps & { holder: HolderLine }) {
  return (
    <Form
      action={`/addresses/claims/${claim.id}/answer`}
      csrf={csrf}
      hidden={{ org: holder.org_id }}
      label={t('addresses.answer.for', { name: holder.organisation ?? '' })}
    >
      <Field
        label={t('addresses.answer.note')}
        name="note"
        type="textarea"
        rows={2}
        maxlength={1_000}
        value={given?.note ?? holder.note}
        hint={t('addresses.answer.hint')}
        error={errors?.note}
      />
      <div class="actions">
        <Button name="answer" value="consents">
          {t('addresses.answer.consents.do')}
        </Button>
        <Button name="answer" value="objects" kind="danger">
          {t('addresses.answer.objects.do')}
        </Button>
      </div>
    </Form>
  )
}
