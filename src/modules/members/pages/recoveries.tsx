/** Colleagues who lost every means of sign-in: proposing to let them in again, and confirming what another proposed. */
import type { Frame } from '../../../platform/frame.ts'
import { Actions, Button, Field, Form, html, Notice, Page, Section, Time } from '../../../ui/index.ts'
import { mostWaiting, type Recovery } from '../recoveries.ts'

export const recoveriesDone = ['proposed', 'confirmed', 'withdrawn'] as const

export interface RecoveriesProps {
  frame: Frame
  waiting: (Recovery & { mayConfirm: boolean; isOwnProposal: boolean })[]
  /** The form is for coordinators and representatives. */
  mayPropose: boolean
  typed?: { colleague: string; reason: string }
  problem?: 'nobody' | 'others' | 'proposed' | 'reason'
  done?: (typeof recoveriesDone)[number]
}

export function recoveriesPage(props: RecoveriesProps): string {
  const { frame, waiting, done } = props
  const { t } = frame
  return html(
    <Page
      {...frame}
      lead={t('members.recoveries.lead')}
      flash={done ? { kind: 'done', text: t(`members.recoveries.done.${done}`) } : undefined}
    >
      <Section title={t('members.recoveries.waiting')}>
        {waiting.length === 0 ? (
          <p>{t('members.recoveries.none')}</p>
        ) : (
          waiting.map((one) => <Waiting key={one.id} frame={frame} one={one} />)
        )}
        {waiting.length >= mostWaiting && (
          <p class="muted">{t('members.recoveries.most', { n: mostWaiting })}</p>
        )}
      </Section>
      {props.mayPropose && <Propose {...props} />}
    </Page>,
  )
}

function Waiting({ frame, one }: { frame: Frame; one: RecoveriesProps['waiting'][number] }) {
  const { t, csrf, now, zone } = frame
  const whyNot = t(one.isOwnProposal ? 'members.recoveries.own' : 'members.recoveries.not-yours')
  return (
    <Section
      level={3}
      title={one.name}
      lead={
        <>
          {one.email} · {one.orgName ?? t('members.recoveries.coordinators')}
        </>
      }
    >
      <p>{one.reason}</p>
      <p class="muted">
        {t('members.recoveries.proposer', { name: one.proposer || t('members.recoveries.somebody') })}{' '}
        <Time t={t} at={one.proposedAt} now={now} zone={zone} />
      </p>
      <Actions>
        <Form action={`/recoveries/${one.id}/confirmation`} csrf={csrf} noTurbo>
          <Button
            kind="primary"
            disabledReason={one.mayConfirm ? undefined : whyNot}
            consequence={t('members.recoveries.effect')}
          >
            {t('members.recoveries.confirm')}
          </Button>
        </Form>
        <Form action={`/recoveries/${one.id}/withdrawal`} csrf={csrf} noTurbo>
          <Button>{t('members.recoveries.withdraw')}</Button>
        </Form>
      </Actions>
    </Section>
  )
}

function Propose({ frame: { t, csrf }, typed, problem }: RecoveriesProps) {
  return (
    <Section title={t('members.recoveries.propose')} lead={t('members.recoveries.propose.lead')}>
      {(problem === 'others' || problem === 'proposed') && (
        <Notice kind="wrong">{t(`members.recoveries.problem.${problem}`)}</Notice>
      )}
      <div class="narrow">
        <Form action="/recoveries" csrf={csrf} noTurbo>
          <Field
            label={t('members.recoveries.person')}
            name="colleague"
            type="email"
            value={typed?.colleague}
            error={problem === 'nobody' ? t('members.recoveries.problem.nobody') : undefined}
            autocomplete="off"
            maxlength={254}
            required
          />
          <Field
            label={t('members.recoveries.reason')}
            name="reason"
            type="textarea"
            rows={3}
            value={typed?.reason}
            hint={t('members.recoveries.reason.hint')}
            error={problem === 'reason' ? t('members.recoveries.problem.reason') : undefined}
            maxlength={1000}
            required
          />
          <Actions>
            <Button kind="primary">{t('members.recoveries.submit')}</Button>
          </Actions>
        </Form>
      </div>
    </Section>
  )
}
