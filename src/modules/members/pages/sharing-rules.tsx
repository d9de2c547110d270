/** The rules of sharing: what they say, how the reader's organisations stand to them, and accepting them. */
import { dayShort } from '../../../platform/dates.ts'
import type { Frame } from '../../../platform/frame.ts'
import {
  Actions,
  Button,
  EmptyState,
  Field,
  type Flash,
  Form,
  html,
  Notice,
  Page,
  Section,
  Time,
} from '../../../ui/index.ts'
import { isMember, type SharingRules, type SharingStanding } from '../sharing-rules.ts'

export interface SharingProps {
  frame: Frame
  rules: SharingRules
  /** The reader's own organisations; for coordinators those that have not accepted. */
  standings: SharingStanding[]
  isCoordinator: boolean
  /** Organisations for which the reader may accept. */
  mayAccept: number[]
  phone: string | null
  flash?: Flash
  refused?: { org: number; errors: Record<string, string>; note: string }
}

export function sharingPage(props: SharingProps): string {
  const { frame, rules, standings, isCoordinator, flash } = props
  const { t } = frame
  return html(
    <Page {...frame} lead={t('sharing.lead')} flash={flash}>
      {standings.map((one) => (
        <Standing key={one.id} {...props} one={one} />
      ))}
      {isCoordinator && standings.length === 0 && <EmptyState title={t('sharing.all')} />}
      <Section
        title={t('sharing.version', { number: rules.number, since: dayShort(rules.since, t, true) })}
        id="text"
      >
        <div class="prose">
          {rules.parts.map(({ title, points }) => (
            <div key={title.en}>
              <h3>{title[t.lang]}</h3>
              <ul>
                {points[t.lang].map((point) => (
                  <li key={point}>{point}</li>
                ))}
              </ul>
            </div>
          ))}
        </div>
      </Section>
      {standings
        .filter((one) => isAsked(props, one))
        .map((one) => (
          <Accept key={one.id} {...props} one={one} />
        ))}
    </Page>,
  )
}

type OneProps = SharingProps & { one: SharingStanding }

const isAsked = ({ rules, mayAccept }: SharingProps, one: SharingStanding): boolean =>
  mayAccept.includes(one.id) && (one.version !== rules.number || !isMember(one))

/** What holds, what is missing, and who can do it. */
function Standing(props: OneProps) {
  const { frame, rules, one, phone } = props
  const { t, now, zone } = frame
  if (isMember(one))
    return (
      <Notice kind="done" title={t('sharing.accepted.title', { name: one.name })}>
        <p>
          {one.version === null
            ? t('sharing.accepted.before')
            : t('sharing.accepted', { number: one.version, actor: one.actor ?? '' })}{' '}
          {one.acceptedAt !== null && <Time t={t} at={one.acceptedAt} now={now} zone={zone} as="short" />}
        </p>
        {one.note && one.version !== null && <p>{one.note}</p>}
        {one.version !== rules.number && <p>{t('sharing.newer', { number: rules.number })}</p>}
      </Notice>
    )
  return (
    <Notice kind="careful" title={t('sharing.missing.title', { name: one.name })}>
      <p>{t('sharing.missing')}</p>
      {isAsked(props, one) ? (
        <p>
          <a href={`#accept-${one.id}`}>{t('sharing.missing.you')}</a>
        </p>
      ) : one.representatives.length > 0 ? (
        <p>{t('sharing.missing.who', { names: t.list(one.representatives) })}</p>
      ) : (
        <p>
          {t('sharing.missing.nobody')} {phone && t('sharing.phone', { phone })}
        </p>
      )}
    </Notice>
  )
}

function Accept({ frame, rules, one, isCoordinator, refused }: OneProps) {
  const { t } = frame
  const errors = refused?.org === one.id ? refused.errors : {}
  return (
    <Section
      title={t('sharing.accept.title', { name: one.name })}
      id={`accept-${one.id}`}
      lead={t(isCoordinator ? 'sharing.accept.coordinator' : 'sharing.accept.lead')}
    >
      <div class="narrow">
        <Form
          action={`/members/${one.id}/sharing-rules`}
          csrf={frame.csrf}
          hidden={{ version: rules.number }}
          label={t('sharing.accept.title', { name: one.name })}
        >
          {isCoordinator && (
            <Field
              label={t('sharing.accept.note')}
              name="note"
              required
              maxlength={500}
              value={refused?.org === one.id ? refused.note : ''}
              error={errors.note}
              hint={t('sharing.accept.note.hint')}
            />
          )}
          <Field
            label={t('sharing.accept.agree', { number: rules.number })}
            name="agreed"
            type="checkbox"
            required
            error={errors.agreed}
          />
          <Actions>
            <Button kind="primary">{t('sharing.accept.do')}</Button>
          </Actions>
        </Form>
      </div>
    </Section>
  )
}
