/** One rule: its thresholds as a form, a trial on last week before saving, and every version there was. */
import type { T } from '../../../platform/i18n.ts'
import {
  Button,
  type Change,
  Diff,
  EmptyState,
  Field,
  type Flash,
  Form,
  html,
  Notice,
  Page,
  type PageProps,
  Section,
  SeverityBadge,
  Table,
  Timeline,
} from '../../../ui/index.ts'
import type { DryRun, Trouble } from '../dry-run.ts'
import type { Params, RuleDefinition, RuleSettings } from '../rules.ts'
import { nameOf } from './both-cells.tsx'
import { valueWords } from './show-why.tsx'

export interface RuleProps {
  frame: PageProps
  definition: RuleDefinition
  settings: RuleSettings
  history: RuleSettings[]
  /** What stands in the form. */
  wanted: Record<string, string>
  enabled: boolean
  reason: string
  trial?: DryRun
  flash?: Flash
  errors?: Record<string, string>
}

export function rulePage(props: RuleProps): string {
  const { frame, definition, settings } = props
  const { t } = frame
  return html(
    <Page
      {...frame}
      flash={props.flash}
      lead={t('warnings.rule.lead', { rule: definition.rule, version: settings.version })}
    >
      <p>{t(`warnings.rule.about.${definition.rule}`)}</p>
      {props.trial && <Trial t={t} trial={props.trial} />}
      <ChangeForm {...props} />
      <History {...props} />
    </Page>,
  )
}

function ChangeForm({ frame, definition, settings, wanted, errors, enabled, reason }: RuleProps) {
  const { t } = frame
  return (
    <Section title={t('warnings.rule.change')} id="change">
      {errors && <Notice kind="wrong" title={t('warnings.rule.refused')} />}
      <Form action={`/rules/${definition.rule}/settings`} csrf={frame.csrf} label={t('warnings.rule.change')}>
        <div class="thresholds">
          {definition.params.map((param) => (
            <Field
              key={param.name}
              label={param[t.lang]}
              name={param.name}
              type="number"
              inputmode="decimal"
              value={wanted[param.name] ?? settings.params[param.name] ?? param.default}
              min={param.min}
              max={param.max}
              step={Number.isInteger(param.default) && Number.isInteger(param.min) ? 1 : 0.1}
              unit={unitWords(param.unit, t)}
              error={errors?.[param.name]}
              hint={t('warnings.rule.bounds', {
                min: param.min,
                max: param.max,
                standard: param.default,
                now: settings.params[param.name] ?? param.default,
              })}
            />
          ))}
        </div>
        <Field
          label={t('warnings.rule.enabled')}
          name="enabled"
          type="checkbox"
          checked={enabled}
          hint={t('warnings.rule.enabled.hint')}
        />
        <Field
          label={t('warnings.rule.reason')}
          name="reason"
          value={reason}
          maxlength={400}
          error={errors?.reason}
          hint={t('warnings.rule.reason.hint')}
        />
        <div class="actions">
          <Button kind="primary" formaction={`/rules/${definition.rule}/trial`}>
            {t('warnings.rule.try')}
          </Button>
          <Button>{t('warnings.rule.save')}</Button>
        </div>
        <p class="muted">{t('warnings.rule.try.hint')}</p>
      </Form>
    </Section>
  )
}

const unitWords = (unit: string, t: T): string =>
  t.has(`warnings.unitName.${unit}`) ? t(`warnings.unitName.${unit}`) : unit

function Trial({ t, trial }: { t: T; trial: DryRun }) {
  const by = (figures: DryRun['now']): string =>
    figures.n === 0
      ? ''
      : t.list(
          figures.bySeverity
            .flatMap((n, level) => (n === 0 ? [] : [`${t(`ui.severity.${nameOf(level)}`)}: ${t.number(n)}`]))
            .reverse(),
        )
  return (
    <Section title={t('warnings.trial')} id="trial" lead={t('warnings.trial.lead')}>
      <Diff
        t={t}
        changes={[
          {
            label: t('warnings.trial.warnings'),
            before: t.number(trial.now.n),
            after: t.number(trial.changed.n),
          },
          { label: t('warnings.trial.severities'), before: by(trial.now), after: by(trial.changed) },
          {
            label: t('warnings.trial.organisations'),
            before: t.number(trial.now.organisations),
            after: t.number(trial.changed.organisations),
          },
        ]}
      />
      <p class="muted">
        {t('warnings.trial.opened', { n: trial.opened })} {trial.cut && t('warnings.trial.cut')}
      </p>
      <Troubles t={t} caption={t('warnings.trial.added', { n: trial.added.length })} rows={trial.added} />
      <Troubles
        t={t}
        caption={t('warnings.trial.removed', { n: trial.removed.length })}
        rows={trial.removed}
      />
      {trial.added.length + trial.removed.length === 0 && <EmptyState title={t('warnings.trial.same')} />}
    </Section>
  )
}

function Troubles({ t, caption, rows }: { t: T; caption: string; rows: Trouble[] }) {
  return (
    <Table<Trouble>
      caption={caption}
      walkable={false}
      rows={rows}
      rowKey={(row) => `${row.org}-${row.about}`}
      columns={[
        {
          key: 'org',
          label: t('warnings.org'),
          main: true,
          cell: (row) => row.orgName ?? t('warnings.ofCoordinators'),
        },
        { key: 'about', label: t('warnings.trial.about'), kind: 'mono', cell: (row) => row.about },
        {
          key: 'severity',
          label: t('warnings.severity'),
          cell: (row) => <SeverityBadge t={t} severity={nameOf(row.severity)} />,
        },
        { key: 'events', label: t('warnings.events'), kind: 'number', cell: (row) => t.number(row.events) },
      ]}
      empty={<></>}
    />
  )
}

function History({ frame, definition, history }: RuleProps) {
  const { t, now, zone } = frame
  const dated = history.flatMap((version, index) =>
    version.changedAt === null ? [] : [{ version, before: history[index + 1], at: version.changedAt }],
  )
  return (
    <Section title={t('warnings.rule.history')} id="history">
      {dated.length === 0 ? (
        <p class="muted">{t('warnings.rule.history.none')}</p>
      ) : (
        <Timeline
          t={t}
          now={now}
          zone={zone}
          items={dated.map(({ version, before, at }) => ({
            at,
            title: t('warnings.rule.history.version', {
              version: version.version,
              reason: version.reason ?? '',
            }),
            by: version.changedBy ?? undefined,
            body: <Diff t={t} changes={changesOf(definition, version, before, t)} />,
          }))}
        />
      )}
    </Section>
  )
}

function changesOf(
  definition: RuleDefinition,
  version: RuleSettings,
  before: RuleSettings | undefined,
  t: T,
): Change[] {
  const old: Params = before?.params ?? {}
  const changes = definition.params
    .filter((param) => version.params[param.name] !== old[param.name])
    .map((param) => ({
      label: param[t.lang],
      before: valueWords(old[param.name] ?? param.default, param.unit, t),
      after: valueWords(version.params[param.name] ?? param.default, param.unit, t),
    }))
  if (before && before.enabled !== version.enabled)
    changes.push({
      label: t('warnings.rules.enabled'),
      before: t(before.enabled ? 'warnings.rules.on' : 'warnings.rules.off'),
      after: t(version.enabled ? 'warnings.rules.on' : 'warnings.rules.off'),
    })
  return changes
}
