/** Tables and lists. On a phone a row becomes a short card with the same order of facts, by `data-label`. */
import type { ComponentChildren } from 'preact'
import type { T } from '../../platform/i18n.ts'
import { classes } from '../html.ts'

export interface Column<Row> {
  key: string
  label: string
  cell: (row: Row) => ComponentChildren
  /** `number` aligns right with tabular figures, `mono` is for addresses and hashes, `time` does not wrap. */
  kind?: 'text' | 'number' | 'time' | 'mono'
  /** The cell that names the row: a row header, and the first line of the card. */
  main?: boolean
  /** Makes the head a link. `direction` when sorted by this column now. */
  sort?: { href: string; direction?: 'asc' | 'desc' }
  /** What the column counts, shown on hover of the head. */
  help?: string
}

export interface TableProps<Row> {
  caption: string
  /** The caption only for screen readers, when a heading above says the same. */
  captionHidden?: boolean
  columns: Column<Row>[]
  rows: Row[]
  rowKey: (row: Row) => string | number
  /** Opens the row: put the same link into the `main` cell; a click anywhere else on the row then opens it too. */
  rowHref?: (row: Row) => string | undefined
  /** Marks rows that are the reader's own. */
  yours?: (row: Row) => boolean
  /** Shown instead of the table when there are no rows. */
  empty?: ComponentChildren
  /** Takes part in `j` and `k`. */
  walkable?: boolean
  foot?: ComponentChildren
}

const ariaSort = { asc: 'ascending', desc: 'descending' } as const

export function Table<Row>(props: TableProps<Row>) {
  const { columns, rows } = props
  if (rows.length === 0 && props.empty) return <>{props.empty}</>
  return (
    <div class="table-frame">
      <table class="table" data-walk={props.walkable === false ? undefined : ''}>
        <caption class={props.captionHidden ? 'visually-hidden' : undefined}>{props.caption}</caption>
        <thead>
          <tr>
            {columns.map((column) => (
              <Head key={column.key} column={column} />
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr
              key={props.rowKey(row)}
              class={props.yours?.(row) ? 'yours' : undefined}
              data-href={props.rowHref?.(row)}
            >
              {columns.map((column) => (
                <Cell key={column.key} column={column} row={row} />
              ))}
            </tr>
          ))}
        </tbody>
        {props.foot && <tfoot>{props.foot}</tfoot>}
      </table>
    </div>
  )
}

function Head<Row>({ column }: { column: Column<Row> }) {
  const { sort, kind, label, help } = column
  return (
    <th
      scope="col"
      class={kindClass(kind)}
      title={help}
      aria-sort={sort?.direction && ariaSort[sort.direction]}
    >
      {sort ? (
        <a class={classes('sort', sort.direction && `sort-${sort.direction}`)} href={sort.href}>
          {label}
        </a>
      ) : (
        label
      )}
    </th>
  )
}

/** What says that there is nothing: it has its place in a table's column, and none in a phone's card. */
const nothing = new Set<unknown>(['', '–', null, undefined, false])

function Cell<Row>({ column, row }: { column: Column<Row>; row: Row }) {
  const content = column.cell(row)
  const blank = nothing.has(content)
  if (column.main)
    return (
      <th scope="row" class={classes('cell-main', kindClass(column.kind))} data-label={column.label}>
        {content}
      </th>
    )
  return (
    <td class={classes(kindClass(column.kind), blank && 'cell-blank')} data-label={column.label}>
      {content}
    </td>
  )
}

function kindClass(kind: Column<unknown>['kind']): string | undefined {
  return kind && kind !== 'text' ? `cell-${kind}` : undefined
}

/** "4 celkem" where they are all there. */
function countOf({ t, shown, total }: { t: T; shown: number; total?: number }): string {
  if (total === undefined) return t('ui.pager.shown', { n: shown })
  return total === shown ? t('ui.pager.all', { n: total }) : t('ui.pager.of', { n: total, shown })
}

/** Newer and older by key, never by page number: quick at any depth, steady while rows arrive. */
export function KeysetPager(props: {
  t: T
  newer?: string
  older?: string
  /** How many rows are on the page. */
  shown: number
  /** How many there are; left out when counting would cost more than it tells. */
  total?: number
}) {
  const { t, newer, older, total } = props
  if (!newer && !older && !total) return null
  return (
    <nav class="pager" aria-label={t('ui.pager.label')}>
      {newer && (
        <a rel="prev" href={newer} class="button">
          {t('ui.pager.newer')}
        </a>
      )}
      <span class="muted">{countOf(props)}</span>
      {older && (
        <a rel="next" href={older} class="button">
          {t('ui.pager.older')}
        </a>
      )}
    </nav>
  )
}

export interface ListRowProps {
  href: string
  title: ComponentChildren
  /** Before the title: a severity badge. */
  badge?: ComponentChildren
  /** Facts in one muted line: which of your things, since when. */
  meta?: ComponentChildren
  /** What is already done. */
  done?: ComponentChildren
  /** Primary action and answer buttons. */
  actions?: ComponentChildren
  children?: ComponentChildren
  /** Not read or not answered yet. */
  fresh?: boolean
}

/** One item of a list in order of urgency; put several into `List`. */
export function ListRow(props: ListRowProps) {
  return (
    <li class={classes('row', props.fresh && 'row-fresh')} data-href={props.href}>
      {props.badge && <div class="row-badge">{props.badge}</div>}
      <div class="row-body">
        <p class="row-title">
          <a href={props.href}>{props.title}</a>
        </p>
        {props.meta && <p class="row-meta">{props.meta}</p>}
        {props.done && <p class="row-done">{props.done}</p>}
        {props.children}
      </div>
      {props.actions && <div class="row-actions">{props.actions}</div>}
    </li>
  )
}

export function List({ children, label }: { children: ComponentChildren; label?: string }) {
  return (
    <ul class="rows" data-walk="" aria-label={label}>
      {children}
    </ul>
  )
}
