/** What nobody looks after any more, or soon will not, and what is not kept apart: what may harm patients first. */
import { dayOf } from '../../../platform/dates.ts'
import type { Frame } from '../../../platform/frame.ts'
import {
  Button,
  Chip,
  type Column,
  EmptyState,
  type Flash,
  Form,
  html,
  Page,
  Section,
  Statement,
  Table,
} from '../../../ui/index.ts'
import type { Sharing } from '../sharing.ts'
import type { Tables } from '../support/table.ts'
import type { Row } from './list.tsx'
import { InventoryTabs, SupportWhy, supportIn } from './parts.tsx'
import { dayIn, inventoryOf, kindIn, nameOf, segmentedIn, tableVersionIn } from './words.ts'

export interface SupportProps {
  frame: Frame
  org: number
  /** Of the organisation. */
  name: string
  rows: Row[]
  tables: Pick<Tables, 'shipped' | 'loaded'>
  sharing: Sharing
  mayShare: boolean
  flash?: Flash | undefined
}

/** Rows of one section at most; the rest is in the download. */
const mostRows = 300

/** What may harm a patient, then medical devices, then the rest; each as it ends. */
const urgency = (row: Row): number => (row.patientSafety ? 0 : row.kind === 'medical' ? 1 : 2)
const byUrgency = (a: Row, b: Row): number =>
  urgency(a) - urgency(b) || ((a.standing.on ?? '') < (b.standing.on ?? '') ? -1 : 1)

const piecesOf = (rows: Row[]): number => rows.reduce((sum, row) => sum + row.quantity, 0)

export function supportPage(props: SupportProps): string {
  const { frame, org, name, rows } = props
  const { t } = frame
  const of = (state: string): Row[] => rows.filter((row) => row.standing.state === state).sort(byUrgency)
  const [ended, soon] = [of('ended'), of('soon')]
  const open = rows.filter((row) => row.segmented === false).sort(byUrgency)
  const unclear = rows.filter((row) => row.segmented === null && urgency(row) < 2).sort(byUrgency)
  return html(
    <Page {...frame} organisation={name} lead={t('assets.out.lead', { name })} flash={props.flash}>
      <InventoryTabs frame={frame} org={org} active="support" />
      {rows.length === 0 ? (
        <EmptyState
          title={t('assets.empty')}
          actions={<Button href={inventoryOf(org)}>{t('assets.back')}</Button>}
        >
          {t('assets.empty.why')}
        </EmptyState>
      ) : (
        <>
          <Statement tone={ended.some((row) => urgency(row) < 2) ? 'urgent' : 'calm'}>
            {t('assets.out.state', {
              ended: t('assets.pieces', { n: piecesOf(ended) }),
              medical: t('assets.pieces', { n: piecesOf(ended.filter((row) => urgency(row) < 2)) }),
            })}
          </Statement>
          <Part {...props} title={t('assets.out.ended')} of={ended} none={t('assets.out.ended.none')} />
          <Part {...props} title={t('assets.out.soon')} of={soon} none={t('assets.out.soon.none')} />
          <Part
            {...props}
            title={t('assets.out.open')}
            lead={t('assets.out.open.lead')}
            of={open}
            none={t('assets.out.open.none')}
          />
          <Part
            {...props}
            title={t('assets.out.unclear')}
            lead={t('assets.out.unclear.lead')}
            of={unclear}
            none={t('assets.out.unclear.none')}
          />
        </>
      )}
      <Sources {...props} />
      <Share {...props} />
    </Page>,
  )
}

function Part(props: SupportProps & { title: string; lead?: string; of: Row[]; none: string }) {
  const { frame, org, of, title, lead, none } = props
  const { t } = frame
  const columns: Column<Row>[] = [
    {
      ...{ key: 'product', label: t('assets.what'), main: true },
      cell: (row) => (
        <>
          <a href={`${inventoryOf(org)}/${row.id}`}>{nameOf(row)}</a>{' '}
          {row.version && <span class="muted">{row.version}</span>}{' '}
          {row.patientSafety && <Chip>{t('assets.patients.chip')}</Chip>}
        </>
      ),
    },
    { key: 'kind', label: t('assets.field.kind'), cell: (row) => kindIn(row.kind, t) },
    {
      ...{ key: 'quantity', label: t('assets.field.quantity'), kind: 'number' },
      cell: (row) => t.number(row.quantity),
    },
    { key: 'department', label: t('assets.field.department'), cell: (row) => row.department },
    { key: 'segmented', label: t('assets.field.segmented'), cell: (row) => segmentedIn(row.segmented, t) },
    { key: 'support', label: t('assets.support'), cell: (row) => supportIn(row.standing, t) },
    { key: 'why', label: t('assets.why'), cell: (row) => <SupportWhy t={t} standing={row.standing} /> },
  ]
  return (
    <Section title={title} lead={lead}>
      <Table<Row>
        caption={title}
        captionHidden
        rows={of.slice(0, mostRows)}
        rowKey={(row) => row.id}
        columns={columns}
        empty={<p class="works">{none}</p>}
      />
      {of.length > mostRows && <p class="muted">{t('assets.out.more', { n: of.length - mostRows })}</p>}
    </Section>
  )
}

function Sources({ frame: { t, zone }, tables }: SupportProps) {
  return (
    <Section title={t('assets.table.title')} lead={t('assets.table.what')}>
      <p>
        {t('assets.table.version', { version: tableVersionIn(tables.shipped, t) })}
        {tables.loaded &&
          ` ${t('assets.table.loaded', { version: tableVersionIn(tables.loaded.version, t), day: dayIn(dayOf(tables.loaded.at, zone), t) })}`}{' '}
        <a href="/inventory/support-table">{t('assets.table.all')}</a>
      </p>
    </Section>
  )
}

/** Consent to sums of the sector, by who decides it; others are told how it stands. */
function Share({ frame: { t, csrf }, org, sharing, mayShare }: SupportProps) {
  const yes = sharing.since !== null
  return (
    <Section title={t('assets.share.title')} id="sharing" lead={t('assets.share.lead')}>
      <p>
        <Chip>{t(yes ? 'assets.share.yes' : 'assets.share.no')}</Chip>{' '}
        <a href="/inventory/sector">{t('assets.share.see')}</a>
      </p>
      {mayShare ? (
        <Form
          action={`${inventoryOf(org)}/sharing${yes ? '/withdrawal' : ''}`}
          csrf={csrf}
          label={t('assets.share.title')}
        >
          <Button>{t(yes ? 'assets.share.takeBack' : 'assets.share.agree')}</Button>
        </Form>
      ) : (
        <p class="muted">{t('assets.share.who')}</p>
      )}
    </Section>
  )
}
