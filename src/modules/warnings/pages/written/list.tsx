/** Warnings that people wrote: what is out, and for coordinators what is being written. */
import { type Actor, isCoordinator } from '../../../../platform/access.ts'
import {
  Actions,
  Button,
  Chip,
  EmptyState,
  Field,
  FilterBar,
  type Flash,
  html,
  KeysetPager,
  Live,
  Page,
  type PageProps,
  SeverityBadge,
  Table,
  Time,
  TlpChip,
} from '../../../../ui/index.ts'
import { isWhole, type Listed, listedAt } from '../../written/tombstones.ts'
import { saidIn } from '../../written/words.ts'
import { queryWith } from '../access.ts'
import { nameOf } from '../both-cells.tsx'
import { cursorText } from '../filters.ts'
import { stateNow } from './words.tsx'

export interface ListProps {
  frame: PageProps & { zone: string }
  actor: Actor
  rows: Listed[]
  total: number
  query: { state?: string | undefined; text?: string | undefined; after?: string | undefined }
  more: boolean
  flash?: Flash | undefined
}

const states = ['living', 'waiting', 'draft', 'review', 'published', 'revoked', 'expired']

export function listPage(props: ListProps): string {
  const { frame, rows, total, query, actor } = props
  const { t, now, zone } = frame
  const coordinator = isCoordinator(actor)
  const kept = { state: query.state, text: query.text }
  const filtered = Boolean(query.state || query.text)
  const last = rows.at(-1)
  return html(
    <Page {...frame} lead={t('written.list.lead', { n: total })} flash={props.flash}>
      {coordinator && (
        <Actions>
          <Button href="/warnings/written/new" kind="primary">
            {t('written.do.write')}
          </Button>
          <Button href="/warnings/single-duty" kind="quiet">
            {t('written.duty.title')}
          </Button>
          <Button href="/warnings/written/times" kind="quiet">
            {t('written.times.title')}
          </Button>
        </Actions>
      )}
      {(filtered || total > 0) && (
        <FilterBar t={t} action="/warnings/written" reset={filtered ? '/warnings/written' : undefined}>
          <Field
            label={t('warnings.filter.text')}
            name="text"
            type="search"
            value={query.text}
            maxlength={200}
          />
          <Field
            label={t('warnings.filter.state')}
            name="state"
            type="select"
            value={query.state}
            options={[
              { value: '', label: t('warnings.filter.any') },
              ...states
                .filter((one) => coordinator || ['living', 'published', 'revoked'].includes(one))
                .map((value) => ({ value, label: t(`written.state.${value}`) })),
            ]}
          />
        </FilterBar>
      )}
      <Live id="written-list" topic="warnings">
        <Table<Listed>
          caption={t('written.list.title')}
          captionHidden
          rows={rows}
          rowKey={(row) => row.id}
          rowHref={hrefOf}
          columns={[
            {
              key: 'severity',
              label: t('warnings.severity'),
              cell: (row) => isWhole(row) && <SeverityBadge t={t} severity={nameOf(row.shown.severity)} />,
            },
            {
              key: 'title',
              label: t('warnings.what'),
              main: true,
              cell: (row) =>
                isWhole(row) ? (
                  <>
                    <a href={hrefOf(row)}>{saidIn(row.shown, t.lang).title || t('written.untitled')}</a>{' '}
                    <span class="muted number">{row.number && `${row.number} v${row.version}`}</span>
                  </>
                ) : (
                  <a href={hrefOf(row)} class="number">
                    {row.number}
                  </a>
                ),
            },
            {
              key: 'tlp',
              label: 'TLP',
              cell: (row) => isWhole(row) && <TlpChip t={t} tlp={row.shown.tlp} />,
            },
            {
              key: 'audience',
              label: t('written.field.audience'),
              cell: (row) => isWhole(row) && t(`written.audience.${row.shown.audience}`),
            },
            {
              key: 'state',
              label: t('warnings.filter.state'),
              cell: (row) => (
                <Chip>{t(`written.state.${isWhole(row) ? stateNow(row, now) : row.stands}`)}</Chip>
              ),
            },
            {
              key: 'changed',
              label: t('written.list.changed'),
              kind: 'time',
              cell: (row) => <Time t={t} at={listedAt(row)} now={now} zone={zone} as="short" />,
            },
          ]}
          empty={
            <EmptyState title={t(filtered ? 'warnings.list.noneFound' : 'written.list.none')}>
              <p>{t('written.list.noneWhy')}</p>
            </EmptyState>
          }
        />
      </Live>
      <KeysetPager
        t={t}
        shown={rows.length}
        total={total}
        newer={query.after ? `/warnings/written${queryWith(kept)}` : undefined}
        older={
          props.more && last
            ? `/warnings/written${queryWith(kept, { after: cursorText({ openedAt: listedAt(last), id: last.id }) })}`
            : undefined
        }
      />
      <p class="muted no-print">
        <a href={`/api/v1/written-warnings${queryWith(kept)}`} data-turbo="false">
          JSON
        </a>
        {' · '}
        <a href="/feeds">{t('feeds.more')}</a>
        {' · '}
        <a href="/warnings?kind=detected">{t('written.list.born')}</a>
      </p>
    </Page>,
  )
}

const hrefOf = (row: Listed): string =>
  !isWhole(row) || row.version > 0 ? `/warnings/written/${row.id}` : `/warnings/written/${row.id}/edit`
