/** The rules: what each looks for, its thresholds with their history, and what other thresholds would have raised. */
import { Chip, html, Page, type PageProps, Table, Time } from '../../../ui/index.ts'
import type { RuleDefinition, RuleSettings } from '../rules.ts'
import { valueWords } from './show-why.tsx'

export interface RulesProps {
  frame: PageProps
  rules: { definition: RuleDefinition; settings: RuleSettings; living: number }[]
}

type Row = RulesProps['rules'][number]

export function rulesPage({ frame, rules }: RulesProps): string {
  const { t, now, zone } = frame
  return html(
    <Page {...frame} lead={t('warnings.rules.lead')}>
      <Table<Row>
        caption={t('warnings.rules.title')}
        captionHidden
        rows={rules}
        rowKey={(row) => row.definition.rule}
        rowHref={(row) => `/rules/${row.definition.rule}`}
        columns={[
          {
            key: 'rule',
            label: t('warnings.rule'),
            main: true,
            cell: (row) => <Name row={row} lang={t.lang} />,
          },
          {
            key: 'enabled',
            label: t('warnings.rules.enabled'),
            cell: (row) => (
              <Chip yours={row.settings.enabled}>
                {t(row.settings.enabled ? 'warnings.rules.on' : 'warnings.rules.off')}
              </Chip>
            ),
          },
          {
            key: 'params',
            label: t('warnings.rules.thresholds'),
            cell: (row) => <Thresholds row={row} t={t} />,
          },
          {
            key: 'living',
            label: t('warnings.rules.living'),
            kind: 'number',
            cell: (row) => (
              <a href={`/warnings?rule=${row.definition.rule}&state=living`}>{t.number(row.living)}</a>
            ),
          },
          {
            key: 'changed',
            label: t('warnings.rules.changed'),
            kind: 'time',
            cell: (row) =>
              row.settings.changedAt === null ? (
                t('warnings.rules.shipped')
              ) : (
                <Time t={t} at={row.settings.changedAt} now={now} zone={zone} as="short" />
              ),
          },
        ]}
      />
      <p>
        <a href="/credibility">{t('warnings.rules.credibility')}</a>
      </p>
    </Page>,
  )
}

function Name({ row, lang }: { row: Row; lang: 'cs' | 'en' }) {
  const { rule, name } = row.definition
  return (
    <>
      <a href={`/rules/${rule}`}>{name[lang]}</a> <span class="muted">{rule}</span>
    </>
  )
}

function Thresholds({ row, t }: { row: Row; t: PageProps['t'] }) {
  return (
    <>
      {row.definition.params.map((param) => {
        const value = row.settings.params[param.name] ?? param.default
        const words = `${param[t.lang]}: ${valueWords(value, param.unit, t)}`
        return (
          <p key={param.name} class="threshold">
            {value === param.default ? words : <strong>{words}</strong>}
          </p>
        )
      })}
    </>
  )
}
