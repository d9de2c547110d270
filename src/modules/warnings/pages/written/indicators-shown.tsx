/** The indicators of a version as its readers see them, and beside its draft. */
import type { T } from '../../../../platform/i18n.ts'
import { Chip, Section, Table, Time } from '../../../../ui/index.ts'
import type { Tlp } from '../../../../values/tlp.ts'
import { keyOf } from '../../written/indicators/find.ts'
import type { Kept } from '../../written/indicators/keep.ts'

interface IndicatorsProps {
  t: T
  now: number
  zone: string
  indicators: Kept[]
  tlp: Tlp
}

/** Nothing where there are none. */
export function Indicators({ t, now, zone, indicators, tlp }: IndicatorsProps) {
  if (indicators.length === 0) return null
  return (
    <Section
      title={t('indicators.shown')}
      id="indicators"
      lead={t(`indicators.shown.${tlp === 'RED' ? 'red' : tlp === 'AMBER+STRICT' ? 'strict' : 'lead'}`)}
    >
      <Table<Kept>
        caption={t('indicators.shown')}
        captionHidden
        rows={indicators}
        rowKey={keyOf}
        columns={[
          {
            key: 'value',
            label: t('indicators.value'),
            main: true,
            cell: (row) => <code class="address">{row.value}</code>,
          },
          { key: 'kind', label: t('indicators.kind'), cell: (row) => t(`indicators.kind.${row.kind}`) },
          { key: 'state', label: t('indicators.state'), cell: (row) => <State {...{ t, now, zone, row }} /> },
        ]}
      />
    </Section>
  )
}

function State({ t, now, zone, row }: Omit<IndicatorsProps, 'indicators' | 'tlp'> & { row: Kept }) {
  if (row.state === 'proposed') return <Chip>{t('indicators.state.proposed')}</Chip>
  if (row.state === 'withdrawn')
    return (
      <>
        <Chip>{t('indicators.state.withdrawn')}</Chip>{' '}
        {row.withdrawnAt !== null && <Time t={t} at={row.withdrawnAt} now={now} zone={zone} as="short" />}
      </>
    )
  if (row.validUntil === null) return <>{t('indicators.state.unlisted')}</>
  return (
    <>
      {t(row.validUntil > now ? 'indicators.state.until' : 'indicators.state.over')}{' '}
      <Time t={t} at={row.validUntil} now={now} zone={zone} as="short" />
    </>
  )
}
