/** Items with who says so, what holds them back, on whose firewalls they are, and what a coordinator may decide. */
import type { Frame } from '../../../../platform/frame.ts'
import { Button, Chip, Code, Details, Field, Form, Table } from '../../../../ui/index.ts'
import type { ItemLine } from '../../blocklists/read-all.ts'
import { When } from './words.tsx'

interface ItemsProps {
  frame: Frame
  caption: string
  rows: ItemLine[]
}

export function Items({ frame, caption, rows }: ItemsProps) {
  const { t } = frame
  return (
    <Table<ItemLine>
      caption={caption}
      captionHidden
      walkable={false}
      rows={rows}
      rowKey={(row) => row.id}
      columns={[
        {
          key: 'value',
          label: t('blocklists.value'),
          main: true,
          cell: (row) => <Code t={t} text={row.value} />,
        },
        {
          key: 'kind',
          label: t('blocklists.kind'),
          cell: (row) => <Chip>{t(`indicators.kind.${row.kind}`)}</Chip>,
        },
        { key: 'state', label: t('blocklists.state'), cell: (row) => <State frame={frame} row={row} /> },
        {
          key: 'sources',
          label: t('blocklists.sources'),
          cell: (row) => <Sources frame={frame} row={row} />,
        },
        {
          key: 'ends',
          label: t('blocklists.ends'),
          kind: 'time',
          cell: (row) => <When frame={frame} at={row.endsAt} />,
        },
        { key: 'on', label: t('blocklists.on'), cell: (row) => <On frame={frame} row={row} /> },
        {
          key: 'decide',
          label: t('blocklists.review.decide'),
          cell: (row) => <Decide frame={frame} row={row} />,
        },
      ]}
    />
  )
}

interface One {
  frame: Frame
  row: ItemLine
}

function State({ frame: { t }, row }: One) {
  const { hits, overruled, state, closedWhy, reason, broke, reported, sources } = row
  const word = overruled || sources.some(({ source }) => source === 'coordinator')
  return (
    <>
      {t(`blocklists.state.${state}`)}
      {closedWhy && <p class="row-meta">{t(`blocklists.closed.${closedWhy}`)}</p>}
      {reason !== '' && <p class="row-meta">{reason}</p>}
      {hits?.map(({ list, what }) => (
        <p class="row-meta" key={`${list} ${what}`}>
          {t(`blocklists.hit.${list}`)}: {what}
        </p>
      ))}
      {overruled && <p class="row-meta">{t('blocklists.overruled')}</p>}
      {reported && <p class="row-meta">{t(`blocklists.reported.${word ? 'word' : 'many'}`)}</p>}
      {broke.length > 0 && <p class="row-meta">{t('blocklists.brokeAt', { who: t.list(broke) })}</p>}
    </>
  )
}

function Sources({ frame: { t }, row }: One) {
  return (
    <>
      {row.sources.map(({ source, ref, observers, reason }) => (
        <p class="row-meta" key={`${source} ${ref}`}>
          {source === 'coordinator' ? (
            t('blocklists.source.coordinator')
          ) : (
            <a href={source === 'warning' ? `/warnings/written/${ref}` : `/warnings/${ref}`}>
              {t(`blocklists.source.${source}`)}
            </a>
          )}
          {source === 'campaign' && ` (${t('blocklists.observers', { n: observers })})`}
          {reason !== '' && `: ${reason}`}
        </p>
      ))}
    </>
  )
}

function On({ frame, row }: One) {
  const { t } = frame
  const { organisations, firewalls, firstAt } = row
  if (organisations === 0) return <>{t('blocklists.on.none')}</>
  return (
    <>
      {t('blocklists.on.organisations', { n: organisations })}
      {firewalls > 0 && (
        <p class="row-meta">
          {t('blocklists.on.firewalls', { n: firewalls })} <When frame={frame} at={firstAt} />
        </p>
      )}
    </>
  )
}

/** Withdrawing takes off all lists; letting through is for what is held back or reported, unless the never-list is firm. */
function Decide({ frame, row }: One) {
  const { hits, overruled, state, reported } = row
  const held = hits !== null && !overruled
  const firm = hits?.some((hit) => hit.firm) ?? false
  return (
    <>
      {state !== 'withdrawn' && <Word frame={frame} row={row} verb="withdrawal" />}
      {(state === 'withdrawn' || held || reported) && !firm && <Word frame={frame} row={row} verb="return" />}
    </>
  )
}

function Word({ frame: { t, csrf }, row, verb }: One & { verb: 'withdrawal' | 'return' }) {
  const keeps = verb === 'return' && row.reported && row.state !== 'withdrawn'
  const label = t(keeps ? 'blocklists.keep' : `blocklists.${verb}`)
  return (
    <Details summary={label}>
      <Form
        action={`/blocklists/review/items/${row.id}/${verb}`}
        csrf={csrf}
        label={`${label}: ${row.value}`}
      >
        <Field label={t('blocklists.why')} name="reason" required maxlength={500} />
        <Button>{label}</Button>
      </Form>
    </Details>
  )
}
