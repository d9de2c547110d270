import type { ComponentChildren } from 'preact'
import type { Frame } from '../../../platform/frame.ts'
import { Actions, Button, Field, Form, Notice, Section, Time, Timeline } from '../../../ui/index.ts'
import type { Member } from '../members.ts'
import type { Merger } from '../merge-preview.ts'

export interface MergerPartProps {
  frame: Frame
  member: Member
  mergers: Merger[]
  isCoordinator: boolean
  /** What kept the undoing of a merger from being done. */
  undoing?: { reason: string; error: string; status: 409 | 422 }
}

/** Said first: that the organisation stands for itself no longer, or who else stands here. */
export function MergerBanner({ frame: { t, now, zone }, member, mergers }: MergerPartProps) {
  const { mergedInto, formerly } = member
  const standing = mergers.find((one) => one.org.id === member.id && one.undone === null)
  if (mergedInto)
    return (
      <Notice title={t('merging.banner.into')}>
        <p>
          <a href={`/members/${mergedInto.id}`}>{mergedInto.name}</a>
          {standing && (
            <>
              {' · '}
              <Time t={t} at={standing.at} now={now} zone={zone} as="short" />
            </>
          )}
        </p>
        <p>{t('merging.banner.into.what')}</p>
      </Notice>
    )
  if (formerly.length === 0) return null
  return (
    <Notice title={t('merging.banner.formerly')}>
      <p>
        {formerly.map((one, index) => (
          <>
            {index > 0 && ', '}
            <a href={`/members/${one.id}`}>{one.name}</a>
          </>
        ))}
      </p>
      <p>{t('merging.banner.formerly.what')}</p>
    </Notice>
  )
}

/** Mergers that were, with the way back while it is open; for coordinators the way to one. */
export function Mergers(props: MergerPartProps) {
  const { frame, member, mergers, isCoordinator } = props
  const { t, now, zone } = frame
  if (mergers.length === 0 && !isCoordinator) return null
  const name = ({ id, name }: Merger['org']): ComponentChildren =>
    id === member.id ? name : <a href={`/members/${id}`}>{name}</a>
  return (
    <Section title={t('merging.title')} id="merging">
      {mergers.length > 0 && (
        <Timeline
          t={t}
          now={now}
          zone={zone}
          items={mergers.map((one) => ({
            at: one.at,
            title: (
              <>
                {name(one.org)} → {name(one.into)}
              </>
            ),
            by: one.by,
            body: (
              <>
                <p>{one.reason}</p>
                {one.undone && (
                  <p class="muted">
                    {t('merging.undone', { by: one.undone.by, reason: one.undone.reason })}{' '}
                    <Time t={t} at={one.undone.at} now={now} zone={zone} as="short" />
                  </p>
                )}
              </>
            ),
          }))}
        />
      )}
      {isCoordinator && !member.mergedInto && (
        <p>
          <Button href={`/members/${member.id}/merger`}>{t('merging.begin')}</Button>
        </p>
      )}
      {isCoordinator && <Undoing {...props} />}
    </Section>
  )
}

function Undoing({ frame, member, mergers, undoing }: MergerPartProps) {
  const { t, csrf, now, zone } = frame
  const standing = mergers.find((one) => one.org.id === member.id && one.undone === null)
  // Somebody else was quicker, or the time has run out since the page was drawn.
  if (!standing?.undoable) return undoing ? <Notice kind="wrong">{undoing.error}</Notice> : null
  const until = <Time t={t} at={standing.undoable} now={now} zone={zone} as="short" />
  if (standing.undoable <= now)
    return (
      <p class="muted">
        {t('merging.undo.over')} {until}
      </p>
    )
  return (
    <details class="details" open={undoing !== undefined}>
      <summary>{t('merging.undo')}</summary>
      <div class="details-body narrow">
        <p>
          {t('merging.undo.what')} {t('merging.undo.until')} {until}
        </p>
        <Form action={`/members/${member.id}/merger/withdrawal`} csrf={csrf} label={t('merging.undo')}>
          <Field
            label={t('merging.undo.reason')}
            name="reason"
            type="textarea"
            rows={2}
            required
            maxlength={1000}
            value={undoing?.reason}
            error={undoing?.error}
          />
          <Actions>
            <Button kind="primary">{t('merging.undo.do')}</Button>
          </Actions>
        </Form>
      </div>
    </details>
  )
}
