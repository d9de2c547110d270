import { dayOf, dayShort } from '../../../platform/dates.ts'
import type { Frame } from '../../../platform/frame.ts'
import { Actions, Button, Facts, Field, Form, Notice, Section, Time, Timeline } from '../../../ui/index.ts'
import type { Member } from '../members.ts'
import type { Remains } from '../standing.ts'
import { type MoveLine, waysOn } from '../status.ts'

export interface StatusForm {
  to: string
  reason: string
}

export interface StatusProps {
  frame: Frame
  member: Member
  moves: MoveLine[]
  remains: Remains
  isCoordinator: boolean
  /** For coordinators: nobody of it has been here for long; since when, where anybody ever was. */
  idle: { since: number | null } | null
  refused?: { errors: Record<string, string>; given: StatusForm }
}

/** How it takes part, what is open when it does no longer, and how it came to be so. */
export function Status(props: StatusProps) {
  const { frame, member, moves, idle, isCoordinator } = props
  const { t, now, zone } = frame
  return (
    <Section
      title={t('organisations.status.title')}
      id="status"
      lead={t(member.mergedInto ? 'merging.status.what' : `organisations.status.what.${member.status}`)}
    >
      {idle && (
        <Notice kind="careful">
          {idle.since === null
            ? t('organisations.idle.never')
            : t('organisations.idle.since', { day: dayShort(dayOf(idle.since, zone), t, true) })}
        </Notice>
      )}
      {member.status === 'left' && !member.mergedInto && <Remaining {...props} />}
      {isCoordinator && !member.mergedInto && <MoveForm {...props} />}
      {moves.length > 0 && (
        <Timeline
          t={t}
          now={now}
          zone={zone}
          items={moves.map((one) => ({
            at: one.at,
            title: t('organisations.moved', {
              from: t(`organisations.status.${one.from}`),
              to: t(`organisations.status.${one.to}`),
            }),
            by: one.by,
            body: <p>{one.reason}</p>,
          }))}
        />
      )}
      {moves.length === 0 && (
        <p class="muted">
          {t('organisations.moves.none')}{' '}
          <Time t={t} at={member.createdAt} now={now} zone={zone} as="short" />
        </p>
      )}
    </Section>
  )
}

function Remaining({ frame: { t }, member, remains, isCoordinator }: StatusProps) {
  const nothing = remains.warnings + remains.people + remains.sensors === 0
  if (nothing) return <p>{t('organisations.remains.nothing')}</p>
  return (
    <Notice kind="careful" title={t('organisations.remains.title')}>
      <Facts
        facts={[
          {
            label: t('organisations.remains.warnings'),
            value: (
              <a href={`/warnings?kind=detected&org=${member.id}&state=living`}>
                {t.number(remains.warnings)}
              </a>
            ),
            note: isCoordinator && remains.warnings > 0 && <a href="/unattended">{t('unattended.see')}</a>,
          },
          {
            label: t('organisations.remains.people'),
            value: <a href="#people">{t.number(remains.people)}</a>,
          },
          {
            label: t('organisations.remains.sensors'),
            value: <a href="/sensors">{t.number(remains.sensors)}</a>,
          },
        ]}
      />
    </Notice>
  )
}

function MoveForm({ frame: { t, csrf }, member, remains, refused }: StatusProps) {
  const ways = waysOn(member.status)
  if (ways.length === 0) return null
  const { errors, given } = refused ?? { errors: {}, given: { to: '', reason: '' } }
  const mayJoin = ways.includes('participant') && member.rulesAcceptedAt === null
  return (
    <details class="details" open={refused !== undefined}>
      <summary>{t('organisations.move')}</summary>
      <div class="details-body narrow">
        <Form action={`/members/${member.id}/status`} csrf={csrf} label={t('organisations.move')}>
          <Field
            label={t('organisations.move.to')}
            name="to"
            type="select"
            value={given.to}
            error={errors.to}
            options={ways.map((value) => ({ value, label: t(`organisations.status.${value}`) }))}
          />
          <Field
            label={t('organisations.move.reason')}
            name="reason"
            type="textarea"
            rows={2}
            required
            maxlength={1000}
            value={given.reason}
            error={errors.reason}
            hint={t('organisations.move.reason.hint')}
          />
          {mayJoin && (
            <Field
              label={t('organisations.move.rules')}
              name="rulesAccepted"
              type="checkbox"
              error={errors.rulesAccepted}
            />
          )}
          <Actions>
            <Button
              kind="primary"
              consequence={
                ways.includes('left') ? t('organisations.move.leaving', { n: remains.people }) : undefined
              }
            >
              {t('organisations.move.do')}
            </Button>
          </Actions>
        </Form>
      </div>
    </details>
  )
}
