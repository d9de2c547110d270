/** Merging two accounts: what it would do to whom, and only then the click. */
import type { Frame } from '../../../platform/frame.ts'
import {
  Actions,
  Button,
  type Fact,
  Facts,
  Field,
  Form,
  html,
  Notice,
  Page,
  Section,
  Time,
} from '../../../ui/index.ts'
import type { Obstacle } from '../doubles/merging.ts'
import type { Preview, Side } from '../doubles/preview.ts'

export interface DoubleProps {
  frame: Frame
  preview: Preview
  /** Why it was refused when it was tried. */
  refused?: Obstacle | 'waiting' | 'over'
  given?: { reason: string; error: string }
}

export function doublePage(props: DoubleProps): string {
  const { frame, preview, refused } = props
  const { t } = frame
  const hindered = refused ?? preview.obstacle
  return html(
    <Page {...frame} lead={t('doubles.merger.lead')}>
      {hindered && <Notice kind="wrong">{t(`doubles.refused.${hindered}`)}</Notice>}
      <Section title={t('doubles.merger.goes', { email: preview.person.email })}>
        <Facts facts={factsOf(props, preview.person, true)} />
      </Section>
      <Section title={t('doubles.merger.stays', { email: preview.into.email })}>
        <Facts facts={factsOf(props, preview.into, false)} />
        <p>
          <a href={`/people/doubles/merger?person=${preview.into.id}&into=${preview.person.id}`}>
            {t('doubles.merger.swap')}
          </a>
        </p>
      </Section>
      {!preview.obstacle && <What {...props} />}
      <p>
        <a href="/people/doubles">{t('doubles.merger.leave')}</a>
      </p>
    </Page>,
  )
}

function factsOf({ frame }: DoubleProps, side: Side, goes: boolean): Fact[] {
  const { t, now, zone } = frame
  return [
    { label: t('doubles.fact.name'), value: side.name },
    {
      label: t('doubles.fact.since'),
      value: <Time t={t} at={side.since} now={now} zone={zone} as="short" />,
    },
    {
      label: t('doubles.fact.roles'),
      value:
        side.roles.length === 0
          ? t('doubles.fact.none')
          : side.roles.map(({ role, place, byProvider }) => (
              <div key={`${role} ${place}`}>
                {t(`ui.role.${role}`)}
                {place && `, ${place}`}
                {goes && byProvider && <span class="muted"> {t('doubles.fact.byProvider')}</span>}
              </div>
            )),
    },
    { label: t('doubles.fact.seats'), value: t.number(side.seats) },
    { label: t('doubles.fact.contacts'), value: t.number(side.contacts) },
    { label: t('doubles.fact.assigned'), value: t.number(side.assigned) },
  ]
}

function What({ frame, preview, given }: DoubleProps) {
  const { t, csrf } = frame
  const { person, into, powers } = preview
  const said = { goes: person.email, stays: into.email }
  return (
    <Section title={t('doubles.what')} id="what">
      <ul class="bullets">
        <li>{t('doubles.what.over', said)}</li>
        <li>{t('doubles.what.signIn', said)}</li>
        <li>{t('doubles.what.history', said)}</li>
        <li>{t('doubles.what.told')}</li>
        <li>{t('doubles.what.undo')}</li>
      </ul>
      {powers.length > 0 && (
        <Notice kind="careful" title={t('doubles.powers')}>
          <ul class="bullets">
            {powers.map(({ power, place }) => (
              <li key={`${power} ${place}`}>
                {t(`doubles.power.${power}`)}
                {place && `: ${place}`}
              </li>
            ))}
          </ul>
        </Notice>
      )}
      <div class="narrow">
        <Form
          action="/people/doubles/merger"
          csrf={csrf}
          hidden={{ person: String(person.id), into: String(into.id) }}
        >
          <Field
            label={t('doubles.reason')}
            name="reason"
            type="textarea"
            rows={2}
            required
            maxlength={1000}
            value={given?.reason}
            error={given?.error}
            hint={t('doubles.reason.hint')}
          />
          <Actions>
            <Button kind="danger">{t(powers.length > 0 ? 'doubles.ask' : 'doubles.do')}</Button>
          </Actions>
        </Form>
      </div>
    </Section>
  )
}
