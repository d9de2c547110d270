/** One escalation: who its steps would be now and what is missing; for who keeps it the form, and its versions. */
import type { Frame } from '../../../platform/frame.ts'
import {
  Actions,
  Button,
  Chip,
  Details,
  Field,
  Form,
  html,
  Notice,
  Page,
  Section,
  Table,
  Time,
} from '../../../ui/index.ts'
import type { InForce, PolicyLine } from '../policies.ts'
import { type Policy, type PolicyKind, policyChannels, type Step, targetRoles } from '../policy.ts'
import { type GivenPolicy, type GivenRow, rowsShown, wordOf } from '../policy-form.ts'
import { type ReachedStep, reachesNobody } from '../policy-preview.ts'

export interface PolicyProps {
  frame: Frame
  /** Where it is and posts to. */
  action: string
  kind: PolicyKind
  of: string
  policy: Policy
  whose: InForce['whose']
  reached: ReachedStep[]
  versions: PolicyLine[]
  mayKeep: boolean
  /** Who may be named. */
  people: { id: number; name: string }[]
  duties: { id: number; name: string }[]
  given: GivenPolicy
  errors: Record<string, string>
  /** The steps shown are those of the form, which are not kept yet. */
  tried: boolean
  done: boolean
}

export function policyPage(props: PolicyProps): string {
  const { frame, kind, of, versions, mayKeep, tried, done, reached, whose } = props
  const { t, now, zone } = frame
  return html(
    <Page
      {...frame}
      lead={`${of} · ${t(`duty.policy.what.${kind}`)}`}
      flash={done ? { kind: 'done', text: t('duty.policy.done') } : undefined}
    >
      <Section title={t(tried ? 'duty.policy.tried' : 'duty.policy.now')}>
        {reachesNobody(reached) && (
          <Notice kind="wrong">
            {t(kind === 'csirt' ? 'duty.policy.nobody.csirt' : 'duty.policy.nobody')}
          </Notice>
        )}
        {whose === 'nobody' && <Notice kind="careful">{t('duty.policy.fallback')}</Notice>}
        <Preview {...props} />
        {whose === 'own' && <p class="muted">{t('duty.policy.floor')}</p>}
      </Section>
      {mayKeep && (
        <Details summary={t('duty.policy.change')} open={tried || Object.keys(props.errors).length > 0}>
          <Editor {...props} />
        </Details>
      )}
      {versions.length > 0 && (
        <Section title={t('duty.policy.versions')}>
          <ul>
            {versions.map(({ version, by, at }) => (
              <li key={version}>
                {t('duty.policy.version', { n: version })} ·{' '}
                <Time t={t} at={at} now={now} zone={zone} as="short" /> {by && `· ${by}`}
              </li>
            ))}
          </ul>
        </Section>
      )}
      <p>
        <a href="/duty/policies">{t('duty.policies')}</a>
      </p>
    </Page>,
  )
}

function Preview({ frame, policy, reached, duties, people }: PolicyProps) {
  const { t } = frame
  const named = (step: Step): string =>
    step.targets.map((one) => targetWords(frame, wordOf(one), people, duties)).join(', ')
  const lacks = ({ no }: Step): string[] =>
    (reached.find((one) => one.no === no)?.people ?? []).flatMap(({ name, lacks: ways }) =>
      ways.map((way) => t(`duty.policy.lacks.${way === 'mail' ? 'mail' : 'sms'}`, { name })),
    )
  return (
    <>
      <Table<Step>
        caption={t('duty.policy.now')}
        captionHidden
        rows={policy.steps}
        rowKey={({ no }) => no}
        columns={[
          {
            key: 'after',
            label: t('duty.policy.after'),
            main: true,
            cell: ({ delayMin }) => t('duty.policy.minutes', { n: delayMin }),
          },
          { key: 'whom', label: t('duty.policy.whom'), cell: named },
          {
            key: 'people',
            label: t('duty.policy.people'),
            cell: ({ no }) => {
              const names = reached.find((one) => one.no === no)?.people ?? []
              return names.length === 0 ? (
                <strong>{t('duty.policy.step.nobody')}</strong>
              ) : (
                names.map(({ name }) => name).join(', ')
              )
            },
          },
          {
            key: 'ways',
            label: t('duty.policy.ways'),
            cell: ({ channels }) =>
              channels.map((way) => <Chip key={way}>{t(`duty.policy.way.${way}`)}</Chip>),
          },
          {
            key: 'lacks',
            label: t('duty.policy.missing'),
            cell: (step) => lacks(step).join('; ') || '–',
          },
        ]}
      />
      <p>{policy.repeat > 0 ? t('duty.policy.repeats', { n: policy.repeat }) : t('duty.policy.once')}</p>
    </>
  )
}

function targetWords(
  { t }: Frame,
  word: string,
  people: PolicyProps['people'],
  duties: PolicyProps['duties'],
): string {
  const [kind, id] = word.split(':')
  if (kind === 'schedule') return duties.find((one) => String(one.id) === id)?.name ?? t('duty.policy.gone')
  if (kind === 'person') return people.find((one) => String(one.id) === id)?.name ?? t('duty.policy.gone')
  return t(`duty.policy.to.${targetRoles.find((role) => role === word) ?? 'coordinator'}`)
}

function Editor(props: PolicyProps) {
  const { frame, action, given, errors } = props
  const { t, csrf } = frame
  const shown = Math.min(rowsShown, given.rows.length + 1)
  const rows: GivenRow[] = Array.from(
    { length: Math.max(shown, 3) },
    (_, i) => given.rows[i] ?? { delay: '', to: [], by: [] },
  )
  return (
    <Form action={action} csrf={csrf} hidden={{ base: given.base }} label={t('duty.policy.change')}>
      {errors.steps && <Notice kind="wrong">{errors.steps}</Notice>}
      {errors.base && <Notice kind="careful">{errors.base}</Notice>}
      {rows.map((one, i) => (
        <Row key={i} {...props} n={i + 1} one={one} />
      ))}
      <Field
        label={t('duty.policy.repeat')}
        name="repeat"
        type="select"
        value={given.repeat}
        options={[0, 1, 2, 3, 4, 5].map((n) => ({ value: String(n), label: t('duty.policy.times', { n }) }))}
        hint={t('duty.policy.repeat.hint')}
      />
      <Actions>
        <Button kind="primary">{t('duty.policy.do')}</Button>
        <Button name="try" value="1">
          {t('duty.policy.try')}
        </Button>
      </Actions>
    </Form>
  )
}

function Row({ frame, n, one, kind, people, duties, errors }: PolicyProps & { n: number; one: GivenRow }) {
  const { t } = frame
  const roles =
    kind === 'csirt' ? (['duty', 'coordinator'] as const) : ([...targetRoles, 'coordinator'] as const)
  const further = [
    { value: '', label: t('duty.policy.nobodyElse') },
    ...duties.map(({ id, name }) => ({ value: `schedule:${id}`, label: t('duty.policy.duty', { name }) })),
    ...people.map(({ id, name }) => ({ value: `person:${id}`, label: name })),
  ]
  return (
    <fieldset class="field policy-step">
      <legend>{t('duty.policy.step', { n })}</legend>
      <Field
        label={t('duty.policy.after')}
        name={`delay_${n}`}
        type="number"
        min={0}
        max={9_000}
        value={one.delay}
        unit="min"
        hint={t('duty.policy.after.hint')}
        error={errors[`delay_${n}`]}
      />
      <fieldset class="policy-checks">
        <legend>{t('duty.policy.whom')}</legend>
        {roles.map((role) => (
          <Field
            key={role}
            label={t(`duty.policy.to.${role}`)}
            name={`to_${n}`}
            type="checkbox"
            value={role}
            checked={one.to.includes(role)}
          />
        ))}
      </fieldset>
      <Field
        label={t('duty.policy.further')}
        name={`to_${n}`}
        type="select"
        value={one.to.find((word) => word.includes(':')) ?? ''}
        options={further}
      />
      <fieldset class="policy-checks">
        <legend>{t('duty.policy.ways')}</legend>
        {policyChannels.map((way) => (
          <Field
            key={way}
            label={t(`duty.policy.way.${way}`)}
            name={`by_${n}`}
            type="checkbox"
            value={way}
            checked={one.by.includes(way)}
          />
        ))}
      </fieldset>
    </fieldset>
  )
}
