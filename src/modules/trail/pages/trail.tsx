/** The trail: who did what, and the ends of the chain by which a change would show. */
import type { FastifyRequest } from 'fastify'
import { frameOf } from '../../../platform/frame.ts'
import type { T } from '../../../platform/i18n.ts'
import {
  Code,
  Details,
  EmptyState,
  Field,
  FilterBar,
  html,
  KeysetPager,
  Page,
  Section,
  Table,
  Time,
} from '../../../ui/index.ts'
import type { Head } from '../chain.ts'
import type { Line } from '../lines.ts'
import { areas, type TrailQuery } from '../schema.ts'
import { toldOf } from './detail.ts'
import { addressOf, Views } from './views.tsx'

interface Props {
  request: FastifyRequest
  given: TrailQuery
  zone: string
  lines: Line[]
  next: string | null
  total: number
  heads: (Head & { sentAt: number })[]
}

export function trailPage(props: Props): string {
  const { request, given, zone, lines, next, total, heads } = props
  const { t, now } = request
  const frame = frameOf(request, { title: t('trail.title'), active: 'trail', zone })
  const filtered = Object.entries(given).some(([name, value]) => name !== 'after' && value !== undefined)
  return html(
    <Page {...frame} lead={t('trail.lead')}>
      <Views t={t} active="/trail" actor={request.actor} />
      <Filters t={t} given={given} filtered={filtered} />
      <Table
        caption={t('trail.caption')}
        captionHidden
        rows={lines}
        rowKey={(line) => line.id}
        columns={columns(t, now, zone)}
        empty={<EmptyState title={t(filtered ? 'trail.none' : 'trail.empty')} />}
      />
      <KeysetPager
        t={t}
        shown={lines.length}
        total={total}
        newer={given.after ? addressOf('/trail', { ...given, after: undefined }) : undefined}
        older={next ? addressOf('/trail', { ...given, after: next }) : undefined}
      />
      {heads.length > 0 && <Heads t={t} heads={heads} now={now} zone={zone} />}
    </Page>,
  )
}

function Filters({ t, given, filtered }: { t: T; given: TrailQuery; filtered: boolean }) {
  const options = [
    { value: '', label: t('trail.all') },
    ...areas.map((value) => ({ value, label: t(`trail.area.${value}`) })),
  ]
  return (
    <FilterBar t={t} action="/trail" reset={filtered ? '/trail' : undefined} hidden={{ org: given.org }}>
      <Field label={t('trail.text')} name="text" type="search" value={given.text ?? ''} maxlength={200} />
      <Field label={t('trail.areas')} name="area" type="select" value={given.area ?? ''} options={options} />
      <Field label={t('trail.from')} name="from" type="date" value={given.from ?? ''} />
      <Field label={t('trail.to')} name="to" type="date" value={given.to ?? ''} />
    </FilterBar>
  )
}

const columns = (t: T, now: number, zone: string) => [
  {
    key: 'at',
    label: t('trail.at'),
    kind: 'time' as const,
    cell: (line: Line) => <Time t={t} at={line.at} now={now} zone={zone} as="short" />,
  },
  {
    key: 'verb',
    label: t('trail.what'),
    main: true,
    cell: (line: Line) => (
      <>
        {verbOf(t, line.verb)} <Detail t={t} line={line} zone={zone} />
      </>
    ),
  },
  { key: 'object', label: t('trail.object'), cell: (line: Line) => <What t={t} line={line} /> },
  { key: 'who', label: t('trail.who'), cell: (line: Line) => who(t, line) },
  { key: 'org', label: t('trail.org'), cell: (line: Line) => line.orgName ?? '–' },
]

const verbOf = (t: T, verb: string): string => (t.has(`trail.verb.${verb}`) ? t(`trail.verb.${verb}`) : verb)

/** Deeds of somebody who proved who they are in doing them: lines of earlier versions name them in the object alone. */
const ownDeeds = ['sign-in', 'sign-in-begun', 'use-reset', 'use-recovery'].map((verb) => `members.${verb}`)
/** Deeds of whoever comes: who it was is not known. */
const strangersDeeds = ['members.sign-in-refused', 'members.ask-reset']

/** The program itself has no name; whoever was not signed in is known by the line alone. */
function who(t: T, { person, actor, verb, objectName }: Line) {
  if (actor === 'hsoc' && strangersDeeds.includes(verb)) return t('trail.stranger')
  if (actor === 'hsoc' && ownDeeds.includes(verb) && objectName) return objectName
  return actor === 'hsoc' ? (
    t('trail.program')
  ) : (
    <>
      {person ?? actor} {person && <span class="muted">{actor}</span>}
    </>
  )
}

const pages: Record<string, string> = {
  warning: '/warnings',
  organisation: '/members',
  rule: '/rules',
  glass: '/trail/glass',
}

function What({ t, line }: { t: T; line: Line }) {
  const [kind = '', ...rest] = line.object.split(' ')
  const id = rest.join(' ')
  const named = line.objectName ?? id
  const label = t.has(`trail.kind.${kind}`) ? t(`trail.kind.${kind}`, { name: named }).trim() : line.object
  const page = pages[kind]
  return page && (line.objectName || kind === 'rule' || kind === 'glass') ? (
    <a href={`${page}/${encodeURIComponent(id)}`}>{label}</a>
  ) : (
    label
  )
}

/** Beyond this many characters it is opened by a click. */
const shortDetail = 160

/** What was given besides, in words. */
function Detail({ t, line, zone }: { t: T; line: Line; zone: string }) {
  const told = toldOf(line, t, zone)
  const said = told.map(({ label, value }) => `${label}: ${value}`).join(' · ')
  if (said.length <= shortDetail) return said === '' ? null : <div class="muted">{said}</div>
  return (
    <Details summary={t('trail.detail')}>
      <ul class="bullets">
        {told.map(({ label, value }) => (
          <li key={label}>
            {label}: {value}
          </li>
        ))}
      </ul>
    </Details>
  )
}

function Heads({ t, heads, now, zone }: { t: T; heads: Props['heads']; now: number; zone: string }) {
  return (
    <Section title={t('trail.heads.title')}>
      <p>{t('trail.heads.lead')}</p>
      <Table
        caption={t('trail.heads.title')}
        captionHidden
        rows={heads}
        rowKey={(head) => head.day}
        columns={[
          {
            key: 'sent',
            label: t('trail.heads.sent'),
            kind: 'time',
            cell: (head) => <Time t={t} at={head.sentAt} now={now} zone={zone} as="short" />,
          },
          { key: 'lines', label: t('trail.heads.lines'), kind: 'number', cell: (head) => t.number(head.seq) },
          {
            key: 'link',
            label: t('trail.heads.head'),
            main: true,
            cell: (head) => <Code t={t} text={`${head.seq}:${head.link}`} copy />,
          },
        ]}
      />
    </Section>
  )
}
