/** All groups that the reader may know of: where they sit, where they may, and the others. */
import type { Frame } from '../../../platform/frame.ts'
import { Actions, Button, EmptyState, html, List, ListRow, Page, Section } from '../../../ui/index.ts'
import type { Gaps } from '../coverage.ts'
import type { Group } from '../groups.ts'
import type { Standing } from '../standing.ts'
import { purposeIn, sizeOf, wayOf, whoMayJoin } from './words.ts'

export const listDone = ['left', 'declined', 'closed', 'managed'] as const

export interface ListProps {
  frame: Frame
  groups: Group[]
  standings: Map<number, Standing>
  /** How many wait, in groups that the reader leads. */
  waiting: Map<number, number>
  /** For coordinators alone: whom the groups with a rule lack. */
  gaps: Map<number, Gaps> | null
  done: (typeof listDone)[number] | undefined
}

export function listPage(props: ListProps): string {
  const { frame, groups, standings, gaps, done } = props
  const { t } = frame
  const isMine = (group: Group): boolean => {
    const own = standings.get(group.id)
    return own !== undefined && (own.seats.length > 0 || own.waiting.length > 0 || own.invited !== null)
  }
  const open = groups.filter(({ closedAt }) => closedAt === null)
  const mine = open.filter(isMine)
  const joinable = open.filter((group) => !mine.includes(group) && standings.get(group.id)?.fits.length)
  const rest = open.filter((group) => !mine.includes(group) && !joinable.includes(group))
  const closed = groups.filter(({ closedAt }) => closedAt !== null)
  return html(
    <Page {...frame} lead={t('groups.lead')} flash={done ? { text: t(`groups.done.${done}`) } : undefined}>
      {gaps && (
        <Actions>
          <Button href="/groups/new">{t('groups.new')}</Button>
          <Button href="/groups/organisations">{t('groups.organisations.title')}</Button>
        </Actions>
      )}
      {groups.length === 0 && <EmptyState title={t('groups.none')} />}
      <Part {...props} title={t('groups.mine')} groups={mine} />
      <Part {...props} title={t('groups.joinable')} groups={joinable} />
      <Part
        {...props}
        title={t(mine.length + joinable.length > 0 ? 'groups.others' : 'groups.all')}
        groups={rest}
      />
      <Part {...props} title={t('groups.closed')} groups={closed} />
    </Page>,
  )
}

function Part(props: ListProps & { title: string }) {
  if (props.groups.length === 0) return null
  return (
    <Section title={props.title}>
      <List label={props.title}>
        {props.groups.map((group) => (
          <Row key={group.id} {...props} group={group} />
        ))}
      </List>
    </Section>
  )
}

function Row({ frame, group, standings, waiting, gaps }: ListProps & { group: Group }) {
  const { t } = frame
  const own = standings.get(group.id)
  const purpose = purposeIn(group, t.lang)
  const n = waiting.get(group.id)
  const gap = gaps?.get(group.id)
  const standing = standingIn(frame, group, own)
  return (
    <ListRow
      href={`/groups/${group.slug}`}
      title={group.name}
      fresh={Boolean(n) || own?.invited !== null}
      meta={<span lang={purpose.lang === t.lang ? undefined : purpose.lang}>{purpose.text}</span>}
      done={seatsIn(frame, own) || undefined}
    >
      {standing && <p class="row-meta">{standing}</p>}
      {group.closedAt === null && <p class="row-meta">{sizeOf(group, t)}</p>}
      {n !== undefined && (
        <p class="row-meta">
          <a href={`/groups/${group.slug}#requests`}>{t('groups.waiting', { n })}</a>
        </p>
      )}
      {gap && (
        <p class="row-meta">
          <a href={`/groups/${group.slug}/coverage`}>{t('groups.gap', { n: gap.missing, all: gap.all })}</a>
        </p>
      )}
    </ListRow>
  )
}

/** Seats that the reader holds there. */
const seatsIn = (frame: Frame, own: Standing | undefined): string =>
  (own?.seats ?? [])
    .map((seat) => frame.t('groups.you.sit', { org: seat.orgName, way: wayOf(seat, frame) }))
    .join(' ')

/** What else they are there, or how they could come to sit there. */
function standingIn({ t }: Frame, group: Group, own: Standing | undefined): string {
  if (group.closedAt !== null) return t('groups.isClosed')
  if (own?.invited) return t('groups.you.invited')
  const waits = (own?.waiting ?? []).map(({ name }) => t('groups.you.wait', { org: name }))
  return waits.join(' ') || (own?.seats.length ? '' : whoMayJoin(group, t))
}
