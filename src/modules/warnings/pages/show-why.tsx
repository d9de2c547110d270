/** Why this warning came, to whom, and why only now: every threshold with the value that met it. */
import { duration } from '../../../platform/dates.ts'
import type { T } from '../../../platform/i18n.ts'
import { Chip, Section, severityNames, Table, Time } from '../../../ui/index.ts'
import { ruleBook } from '../rules.ts'
import type { Met, WarningDetail } from '../types.ts'
import type { ShowData } from './show-data.ts'
import { bandWords, ruleTextOf, stepWords } from './words.ts'

export function WhyYou({ t, warning, coordinator }: { t: T; warning: WarningDetail; coordinator: boolean }) {
  const { explanation } = warning
  const definition = ruleBook().find((one) => one.rule === explanation.rule)
  const rule = definition?.name[t.lang] ?? explanation.rule
  return (
    <Section title={t('warnings.why')} id="why">
      <p>{ruleTextOf(explanation, t).explanation}</p>
      <dl class="who">
        <Row label={t('warnings.rule')}>
          {coordinator ? <a href={`/rules/${explanation.rule}`}>{rule}</a> : rule}{' '}
          <span class="muted">
            {t('warnings.ruleVersion', { rule: explanation.rule, version: explanation.version })}
          </span>
        </Row>
        {explanation.network && (
          <Row label={t('warnings.network')}>
            <code>{explanation.network.text}</code>{' '}
            <span class="muted">{labelWords(explanation.network.label, t)}</span>
          </Row>
        )}
        <Row label={t('warnings.doneAlready')}>{t(`warnings.done.${explanation.done}`)}</Row>
        {explanation.steps.length > 0 && (
          <Row label={t('warnings.steps')}>
            {explanation.steps.map((step, index) => (
              <p key={index}>{stepWords(step, t)}</p>
            ))}
          </Row>
        )}
        {explanation.detectors.length > 0 && (
          <Row label={t('warnings.detectors')}>
            {explanation.detectors.map((one) => (
              <p key={one.name}>
                {one.name}{' '}
                {one.lowered && <Chip title={t('warnings.lowered.title')}>{t('warnings.lowered')}</Chip>}
              </p>
            ))}
          </Row>
        )}
        {explanation.labels.length > 0 && (
          <Row label={t('warnings.labels')}>
            {explanation.labels.map((label) => (
              <p key={label.list}>
                {label.list}{' '}
                <span class="muted">
                  {t('warnings.listVersion', { group: label.group, version: label.version })}
                </span>
              </p>
            ))}
          </Row>
        )}
        {warning.org !== null && (
          <Row label={t('warnings.seenBy')}>
            {warning.seenBand
              ? t('warnings.seenBy.band', { band: bandWords(warning.seenBand, t) })
              : t('warnings.seenBy.why')}
          </Row>
        )}
        {coordinator && explanation.members && explanation.members.length > 0 && (
          <Row label={t('warnings.members')}>
            {explanation.members.map((member) => (
              <p key={member.id}>
                <a href={`/warnings?org=${member.id}`}>{member.name}</a>
              </p>
            ))}
          </Row>
        )}
      </dl>
      <Table<Met>
        caption={t('warnings.thresholds')}
        walkable={false}
        rows={explanation.thresholds}
        rowKey={(row) => row.name}
        columns={[
          {
            key: 'name',
            label: t('warnings.threshold.name'),
            main: true,
            cell: (row) => definition?.params.find((param) => param.name === row.name)?.[t.lang] ?? row.name,
          },
          {
            key: 'threshold',
            label: t('warnings.threshold'),
            kind: 'number',
            cell: (row) => valueWords(row.threshold, unitOf(row.name), t),
          },
          {
            key: 'value',
            label: t('warnings.value'),
            kind: 'number',
            cell: (row) => valueWords(row.value, unitOf(row.name), t),
          },
        ]}
        empty={<></>}
      />
    </Section>
  )
  function unitOf(name: string): string {
    return definition?.params.find((param) => param.name === name)?.unit ?? ''
  }
}

function Row({ label, children }: { label: string; children: preact.ComponentChildren }) {
  return (
    <div>
      <dt>{label}</dt>
      <dd>{children}</dd>
    </div>
  )
}

/** A value with the unit of its threshold; severities as words. */
export function valueWords(value: number, unit: string, t: T): string {
  if (unit === 'severity')
    return t(`ui.severity.${severityNames[Math.max(0, Math.min(4, Math.round(value)))] ?? 'info'}`)
  const key = `warnings.unit.${unit}`
  return t.has(key) ? t(key, { n: Math.round(value * 100) / 100 }) : `${t.number(value)} ${unit}`
}

const labelWords = (label: string, t: T): string =>
  t.has(`warnings.label.${label}`) ? t(`warnings.label.${label}`) : label

export function WhyNow({ t, data, now, zone }: { t: T; data: ShowData; now: number; zone?: string }) {
  const { warning, deliveries } = data
  const { times } = warning.explanation
  const waited = warning.openedAt - warning.firstAt
  const mailed = deliveries
    .flatMap((one) => (one.sentAt === null ? [] : [one.sentAt]))
    .sort((a, b) => a - b)[0]
  const moments: [string, number | undefined][] = [
    ['firstEvent', warning.firstAt],
    ['decidingEvent', times?.event],
    ['decided', times?.decided],
    ['opened', warning.openedAt],
    ['mailed', mailed],
  ]
  return (
    <Section title={t('warnings.whyNow')} id="why-now">
      <p>
        {t(waited <= 60_000 ? 'warnings.whyNow.atOnce' : 'warnings.whyNow.waited', {
          waited: duration(waited),
        })}
      </p>
      <dl class="who">
        {moments.map(
          ([name, at]) =>
            at !== undefined && (
              <Row key={name} label={t(`warnings.whyNow.${name}`)}>
                <Time t={t} at={at} now={now} zone={zone} as="exact" />
              </Row>
            ),
        )}
        {warning.quietUntil !== null && warning.quietUntil > now && (
          <Row label={t('warnings.whyNow.quiet')}>
            <Time t={t} at={warning.quietUntil} now={now} zone={zone} as="short" />
          </Row>
        )}
      </dl>
    </Section>
  )
}
