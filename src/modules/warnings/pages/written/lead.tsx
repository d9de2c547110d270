/** What coordinators can do with a warning that is out: look at it again, change it, revoke it. */
import { short } from '../../../../platform/dates.ts'
import { shownOf } from '../../../../platform/revision.ts'
import { Actions, Button, Field, Form, Notice, Section } from '../../../../ui/index.ts'
import { revocationShown, versionShown } from '../../written/seen.ts'
import type { Version } from '../../written/types.ts'
import type { ShowProps } from './show-props.ts'
import { stateNow } from './words.tsx'

export function Lead({ frame, actor, warning, version, versions, indicators }: ShowProps) {
  const { t, csrf } = frame
  const path = `/warnings/written/${warning.id}`
  const working = versions.find((one) => one.publishedAt === null)
  const state = stateNow(warning, frame.now)
  if (state !== 'published' && state !== 'expired') return null
  const waits = state === 'published' && version.reviewDueAt !== null && version.judgedAt === null
  return (
    <Section title={t('written.next')} id="next">
      {waits && (
        <Form
          action={`${path}/judgement`}
          csrf={csrf}
          hidden={shownOf(versionShown(version, indicators))}
          label={t('written.do.judgement')}
        >
          <Actions>
            <Button
              kind="primary"
              disabledReason={version.approver === actor?.person ? t('written.judge.own') : undefined}
            >
              {t('written.do.judgement')}
            </Button>
          </Actions>
        </Form>
      )}
      {working ? (
        <p>
          <a href={`${path}/edit`}>{t('written.change.open')}</a>
        </p>
      ) : (
        state === 'published' && (
          <Form action={`${path}/change`} csrf={csrf} label={t('written.do.change')}>
            <Actions>
              <Button>{t('written.do.change')}</Button>
            </Actions>
          </Form>
        )
      )}
      <Form
        action={`${path}/revocation`}
        csrf={csrf}
        hidden={shownOf(revocationShown(warning, version))}
        label={t('written.do.revocation')}
      >
        {working && <KeptChange frame={frame} working={working} />}
        {warning.revokeAskedBy !== null && <Notice kind="careful" title={t('written.revoke.asked')} />}
        <Field
          label={t('written.field.reason')}
          name="reason"
          type="textarea"
          rows={3}
          maxlength={2000}
          required
          value={warning.revokeReason ?? ''}
        />
        <Actions>
          <Button
            kind="danger"
            disabledReason={warning.revokeAskedBy === actor?.person ? t('written.revoke.own') : undefined}
            consequence={t(
              warning.revokeAskedBy === null && version.kind !== 'emergency'
                ? 'written.revoke.ask'
                : 'written.revoke.consequence',
            )}
          >
            {t('written.do.revocation')}
          </Button>
        </Actions>
      </Form>
    </Section>
  )
}

/** Whose change it is that would lose what it changes, and what becomes of it. */
const KeptChange = ({
  frame: { t, now, zone },
  working,
}: {
  frame: ShowProps['frame']
  working: Version
}) => (
  <Notice
    kind="careful"
    title={t('written.revoke.changing', {
      author: working.authorName ?? '–',
      since: short(working.begunAt, now, t, zone),
    })}
  >
    <p>
      {t('written.revoke.changing.lead', {
        editor: working.editorName ?? '–',
        saved: short(working.changedAt, now, t, zone),
      })}
    </p>
  </Notice>
)
