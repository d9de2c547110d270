/** One claim: how it stands, how it is proved, whom it touches and what they say, and what is decided. */
import {
  Actions,
  Button,
  CodeBlock,
  Facts,
  Field,
  Form,
  html,
  Notice,
  Page,
  Section,
  Statement,
  Time,
} from '../../../ui/index.ts'
import { recordName, recordText } from '../claims/dns.ts'
import { isForeign } from '../claims/value.ts'
import { lastDay, State, Value } from './address-words.tsx'
import { Decision } from './claim-decision.tsx'
import { Holders } from './claim-holders.tsx'
import type { ClaimProps } from './claim-props.ts'

export function claimPage(props: ClaimProps): string {
  const { frame, claim, done, errors } = props
  const { t } = frame
  const isOpen = claim.state === 'asked'
  return html(
    <Page
      {...frame}
      flash={
        done && done !== 'looked' ? { kind: 'done', text: t(`addresses.claim.done.${done}`) } : undefined
      }
    >
      {errors?.top && <Notice kind="wrong">{errors.top}</Notice>}
      <Statement>{t(stands(props))}</Statement>
      <ClaimFacts {...props} />
      {isForeign(claim.value) && (
        <Notice kind="careful" title={t('addresses.foreign')}>
          {t('addresses.foreign.what', { name: claim.value })}
        </Notice>
      )}
      {isOpen && props.isClaimant && claim.delegatorId !== null && <Offer {...props} />}
      {isOpen && props.isClaimant && claim.delegatorId === null && !claim.proof && <Ways {...props} />}
      <Holders {...props} />
      {isOpen && props.central && <Decision {...props} />}
      {isOpen && (props.isClaimant || props.isDelegator) && <Withdraw {...props} />}
      {claim.state === 'proved' && props.isDelegator && <TakeBack {...props} />}
      <p>
        <a href="/addresses">{t('addresses.back')}</a>
      </p>
    </Page>,
  )
}

/** The key of the sentence that says how it stands. */
function stands({ claim, isClaimant, central }: ClaimProps): string {
  if (claim.state !== 'asked') return `addresses.claim.is.${claim.state}`
  if (claim.delegatorId !== null && !claim.proof) return 'addresses.claim.is.offered'
  if (claim.contested)
    return claim.proof ? 'addresses.claim.is.provedContested' : 'addresses.claim.is.contested'
  const canProve = claim.kind === 'domain' || claim.contact !== null
  if (!canProve) return 'addresses.claim.is.toDecide'
  return isClaimant && !central ? 'addresses.claim.is.toProve' : 'addresses.claim.is.asked'
}

function ClaimFacts({ frame, claim }: ClaimProps) {
  const { t, now, zone } = frame
  const time = (at: number) => <Time t={t} at={at} now={now} zone={zone} as="short" />
  return (
    <Facts
      facts={[
        { label: t(`addresses.kind.${claim.kind}`), value: <Value t={t} {...claim} /> },
        { label: t('addresses.organisation'), value: claim.organisation ?? '–' },
        claim.delegator !== null && { label: t('addresses.delegator'), value: claim.delegator },
        { label: t('addresses.state'), value: <State t={t} claim={claim} /> },
        { label: t('addresses.askedAt'), value: time(claim.askedAt) },
        {
          label: t('addresses.to'),
          value: claim.to === null ? t('addresses.noEnd') : lastDay(claim.to, frame),
        },
        claim.proof !== null && { label: t('addresses.proof'), value: t(`addresses.proof.${claim.proof}`) },
        claim.effectiveAt !== null && { label: t('addresses.effective'), value: time(claim.effectiveAt) },
        claim.note !== '' && { label: t('addresses.note'), value: claim.note },
        claim.reason !== '' && {
          label: t('addresses.reason'),
          value: claim.reason,
          note: claim.decidedAt !== null && time(claim.decidedAt),
        },
        claim.shown && { label: t('addresses.shown'), value: t('addresses.shown.yes') },
      ]}
    />
  )
}

function Ways(props: ClaimProps) {
  const { frame, claim } = props
  const { t } = frame
  if (claim.kind === 'domain') return <ByDns {...props} />
  if (claim.contact !== null) return <ByContact {...props} />
  if (props.central) return null
  return (
    <Section title={t('addresses.prove')}>
      <p>{t(claim.kind === 'as' ? 'addresses.prove.as' : 'addresses.prove.coordinator')}</p>
    </Section>
  )
}

function ByDns({ frame, claim, errors }: ClaimProps) {
  const { t, csrf, now, zone } = frame
  return (
    <Section title={t('addresses.dns')} id="dns" lead={t('addresses.dns.lead')}>
      <CodeBlock t={t} label={t('addresses.dns.name')} text={recordName(claim.value)} />
      <CodeBlock t={t} label={t('addresses.dns.text')} text={recordText(claim.token ?? '')} />
      {errors?.dns && <Notice kind="careful">{errors.dns}</Notice>}
      {claim.checked && claim.checkedAt !== null && (
        <Notice kind="careful" title={t(`addresses.dns.${claim.checked.outcome}`)}>
          <p>
            {t(`addresses.dns.${claim.checked.outcome}.todo`)}{' '}
            <Time t={t} at={claim.checkedAt} now={now} zone={zone} as="short" />
          </p>
          {claim.checked.found.length > 0 && (
            <ul class="bullets">
              {claim.checked.found.map((text) => (
                <li key={text}>
                  <code class="address">{text}</code>
                </li>
              ))}
            </ul>
          )}
        </Notice>
      )}
      <Form action={`/addresses/claims/${claim.id}/dns`} csrf={csrf} label={t('addresses.dns')}>
        <Button kind="primary">{t('addresses.dns.do')}</Button>
      </Form>
    </Section>
  )
}

function ByContact({ frame, claim, errors }: ClaimProps) {
  const { t, csrf } = frame
  const action = `/addresses/claims/${claim.id}`
  return (
    <Section
      title={t('addresses.contact')}
      id="contact"
      lead={t('addresses.contact.lead', { address: claim.contact ?? '' })}
    >
      <Form action={`${action}/code-mail`} csrf={csrf} label={t('addresses.contact.mail')}>
        <Button>{t('addresses.contact.mail')}</Button>
      </Form>
      <Form action={`${action}/code`} csrf={csrf} label={t('addresses.contact.code')}>
        <Field
          label={t('addresses.contact.code')}
          name="code"
          required
          mono
          maxlength={100}
          autocomplete="one-time-code"
          hint={t('addresses.contact.hint')}
          error={errors?.code}
        />
        <Button kind="primary">{t('addresses.contact.do')}</Button>
      </Form>
    </Section>
  )
}

function Offer({ frame: { t, csrf }, claim }: ClaimProps) {
  if (claim.proof) return null
  return (
    <Section title={t('addresses.offer')} lead={t('addresses.offer.lead', { name: claim.delegator ?? '' })}>
      <Form action={`/addresses/claims/${claim.id}/acceptance`} csrf={csrf} label={t('addresses.offer')}>
        <Button kind="primary">{t('addresses.offer.do')}</Button>
      </Form>
    </Section>
  )
}

function Withdraw({ frame: { t, csrf }, claim, isClaimant }: ClaimProps) {
  const declines = isClaimant && claim.delegatorId !== null
  return (
    <Section title={t(declines ? 'addresses.decline' : 'addresses.withdraw')}>
      <Form action={`/addresses/claims/${claim.id}/withdrawal`} csrf={csrf} label={t('addresses.withdraw')}>
        <Actions>
          <Button consequence={t('addresses.withdraw.what')}>
            {t(declines ? 'addresses.decline' : 'addresses.withdraw')}
          </Button>
        </Actions>
      </Form>
    </Section>
  )
}

/** Whoever let a part of a range does not see the other's records: here is the way to end this one. */
function TakeBack({ frame: { t, csrf }, claim }: ClaimProps) {
  return (
    <Section title={t('addresses.takeBack')} lead={t('addresses.end.lead')}>
      <Form action={`/addresses/held/${claim.held}/end`} csrf={csrf} label={t('addresses.takeBack')}>
        <Field label={t('addresses.reason')} name="reason" required maxlength={1_000} />
        <Button kind="danger" consequence={t('addresses.end.what')}>
          {t('addresses.end.do')}
        </Button>
      </Form>
    </Section>
  )
}
