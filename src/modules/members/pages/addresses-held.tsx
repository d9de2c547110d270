/** What an organisation holds, today or on the day asked for. */
import { Chip, EmptyState, Field, FilterBar, Section, Table } from '../../../ui/index.ts'
import { type HeldLine, mostHeld } from '../claims/queries.ts'
import { dayIn, lastDay, Value } from './address-words.tsx'
import { type AddressesProps, isVisited } from './addresses-props.ts'

export function Held(props: AddressesProps) {
  const { frame, orgs, asOf } = props
  const { t } = frame
  const held = props.held.slice(0, mostHeld)
  const words = isVisited(props) ? 'addresses.its.held' : 'addresses.held'
  const only = orgs.length === 1 && props.central ? { org: orgs[0]?.id } : {}
  return (
    <Section title={t(asOf === '' ? words : `${words}.asOf`)} id="held">
      <FilterBar
        t={t}
        action="/addresses"
        hidden={only}
        {...(asOf === '' ? {} : { reset: props.central ? `/addresses?org=${orgs[0]?.id}` : '/addresses' })}
      >
        <Field
          label={t('addresses.asOf')}
          name="at"
          type="date"
          value={asOf}
          hint={t('addresses.asOf.hint')}
        />
      </FilterBar>
      <Table
        caption={t(words)}
        captionHidden
        rows={held}
        rowKey={(row) => row.held}
        rowHref={(row) => `/addresses/held/${row.held}`}
        empty={
          <EmptyState title={t(asOf === '' ? 'addresses.held.none' : 'addresses.held.noneThen')}>
            <p>{t(`${words}.noneWhy`)}</p>
          </EmptyState>
        }
        columns={[
          {
            key: 'value',
            label: t('addresses.value'),
            main: true,
            cell: (row) => (
              <>
                <Value t={t} {...row} href={`/addresses/held/${row.held}`} />{' '}
                {asOf === '' && row.claimed && <Chip>{t('addresses.claimedToo')}</Chip>}
              </>
            ),
          },
          { key: 'kind', label: t('addresses.kind'), cell: (row) => t(`addresses.kind.${row.kind}`) },
          ...(orgs.length > 1
            ? [{ key: 'org', label: t('addresses.organisation'), cell: (row: HeldLine) => row.organisation }]
            : []),
          {
            key: 'from',
            label: t('addresses.from'),
            kind: 'time',
            cell: (row) => (row.from === null ? t('addresses.ever') : dayIn(row.from, frame)),
          },
          {
            key: 'to',
            label: t('addresses.to'),
            kind: 'time',
            cell: (row) => (row.to === null ? t('addresses.noEnd') : lastDay(row.to, frame)),
          },
        ]}
      />
      {props.held.length > mostHeld && <p class="muted">{t('addresses.held.more', { n: mostHeld })}</p>}
    </Section>
  )
}
