/** The live board of a call: a tile for each organisation, gaps first, with what coordinators can do. */
import { duration, exact, short } from '../../../platform/dates.ts'
import type { Frame } from '../../../platform/frame.ts'
import {
  Chip,
  Definition,
  EmptyState,
  Field,
  Figures,
  FilterBar,
  html,
  Live,
  Notice,
  Page,
  Section,
  Statement,
  Table,
} from '../../../ui/index.ts'
import type { ChannelFigures } from '../attempts.ts'
import { type CallFigures, figuresOf } from '../figures.ts'
import { type Broadcast, isRunning, type OrgLine, orgStates } from '../types.ts'
import { answerWords } from '../words.ts'
import { Deeds, Said } from './board-deeds.tsx'
import { BoardMap, lookOf, mostUrgentFirst } from './board-map.tsx'
import type { BoardProps, Filters } from './board-props.ts'
import { kindName, Marks, NoTexts, regionWords, standingOf } from './words.tsx'

export function boardPage(props: BoardProps): string {
  const { frame, call } = props
  const { t } = frame
  return html(
    <Page
      {...frame}
      tlp={call.tlp}
      flash={props.flash}
      exercise={call.class === 'drill' ? t('rollcalls.mail.drill') : undefined}
      head={
        <header class="warning-head">
          <Marks t={t} call={call} />
          <h1>{call.title}</h1>
        </header>
      }
    >
      <Live id="board" topic="rollcalls" apply="now">
        {call.room && <p>{t('rollcalls.mail.room', { room: call.room })}</p>}
        <Alarms {...props} />
        <Sums {...props} />
        <Tiles {...props} />
        <Ways {...props} />
      </Live>
      {isRunning(call) && <Deeds {...props} />}
      <Said {...props} />
    </Page>,
  )
}

function Alarms({ frame: { t, zone }, call, down, strays, smsDoneAt, noText }: BoardProps) {
  return (
    <>
      {noText !== null && <NoTexts t={t} people={noText} />}
      {down.map(({ channel, since }) => (
        <Notice kind="wrong" title={t('rollcalls.down', { way: t(`ways.name.${channel}`) })}>
          <p>{t('rollcalls.down.since', { when: exact(since, t, zone) })}</p>
        </Notice>
      ))}
      {strays > 0 && (
        <Notice kind="careful" title={t('rollcalls.strays', { n: strays })}>
          <p>
            <a href={`/rollcalls/${call.id}/calls#strays`}>{t('rollcalls.strays.see')}</a>
          </p>
        </Notice>
      )}
      {smsDoneAt !== null && <Notice title={t('rollcalls.smsDone', { when: exact(smsDoneAt, t, zone) })} />}
      {call.reviewDueAt !== null && call.judgedAt === null && (
        <Notice kind="careful" title={t('rollcalls.review', { when: exact(call.reviewDueAt, t, zone) })} />
      )}
    </>
  )
}

const minutes = (value: number | null): string => (value === null ? '–' : duration(value * 60_000))

function Sums({ frame, call, lines }: BoardProps) {
  const { t, now, zone } = frame
  const sums: CallFigures = figuresOf(call, lines)
  return (
    <>
      <Statement tone={sums.silent > 0 && isRunning(call) ? 'urgent' : 'calm'}>
        {t('rollcalls.answeredOf', { n: sums.answered, all: sums.asked - sums.excused })}{' '}
        {isRunning(call)
          ? call.deadlineAt !== null &&
            t('rollcalls.deadline', { when: short(call.deadlineAt, now, t, zone) })
          : call.endedAt !== null && t('rollcalls.over.at', { when: short(call.endedAt, now, t, zone) })}
      </Statement>
      <Figures>
        <Definition
          t={t}
          label={t('rollcalls.sum.silent')}
          value={t.number(sums.silent)}
          definition={t('rollcalls.sum.silent.what')}
        />
        <Definition
          t={t}
          label={t('rollcalls.sum.noContact')}
          value={t.number(sums.noContact)}
          definition={t('rollcalls.sum.noContact.what')}
        />
        <Definition
          t={t}
          label={t('rollcalls.sum.share')}
          value={t.percent(sums.share, 1)}
          definition={t('rollcalls.sum.share.what')}
        />
        <Definition
          t={t}
          label={t('rollcalls.sum.median')}
          value={minutes(sums.median)}
          definition={t('rollcalls.sum.median.what')}
        />
        <Definition
          t={t}
          label={t('rollcalls.sum.p90')}
          value={minutes(sums.p90)}
          definition={t('rollcalls.sum.p90.what')}
        />
        <Definition
          t={t}
          label={t('rollcalls.sum.excused')}
          value={t.number(sums.excused)}
          definition={t('rollcalls.sum.excused.what')}
        />
      </Figures>
    </>
  )
}

const fits = (line: OrgLine, { region, kind, state }: Filters): boolean =>
  (region === '' || line.region === region) &&
  (kind === '' || line.kind === kind) &&
  (state === '' || line.state === state)

function Tiles(props: BoardProps) {
  const { frame, call, lines, filters } = props
  const { t } = frame
  const shown = mostUrgentFirst(call, lines).filter((line) => fits(line, filters))
  const choices = (values: (string | null)[], words: (value: string) => string) => [
    { value: '', label: t('rollcalls.filter.any') },
    ...[...new Set(values)]
      .filter((value) => value !== null)
      .map((value) => ({ value, label: words(value) }))
      .sort((a, b) => a.label.localeCompare(b.label, t.locale)),
  ]
  const filtered = Object.values(filters).some((value) => value !== '')
  return (
    <Section title={t('rollcalls.board')} id="tiles">
      <BoardMap {...props} />
      <FilterBar
        t={t}
        action={`/rollcalls/${call.id}`}
        {...(filtered ? { reset: `/rollcalls/${call.id}` } : {})}
      >
        <Field
          label={t('rollcalls.field.regions')}
          name="region"
          type="select"
          value={filters.region}
          options={choices(
            lines.map(({ region }) => region),
            (value) => regionWords(value, t),
          )}
        />
        <Field
          label={t('rollcalls.field.kinds')}
          name="kind"
          type="select"
          value={filters.kind}
          options={choices(
            lines.map(({ kind }) => kind),
            (value) => kindName(value, t),
          )}
        />
        <Field
          label={t('rollcalls.col.state')}
          name="state"
          type="select"
          value={filters.state}
          options={choices([...orgStates], (value) => t(`rollcalls.org.${value}`))}
        />
      </FilterBar>
      {shown.length === 0 && <EmptyState title={t('rollcalls.filter.none')} />}
      <ul class="call-tiles">
        {shown.map((line) => (
          <Tile key={line.org} frame={frame} call={call} line={line} />
        ))}
      </ul>
    </Section>
  )
}

function Tile({ frame: { t, now }, call, line }: { frame: Frame; call: Broadcast; line: OrgLine }) {
  const until = line.firstAt ?? call.endedAt ?? now
  const age = line.excused === null ? minutes(Math.max(0, until - (call.releasedAt ?? until)) / 60_000) : ''
  return (
    <li class={`call-tile call-tile-${lookOf(call, line) ?? 'excused'}`} id={`org-${line.org}`}>
      <p class="call-tile-name">{line.name}</p>
      <p class="call-tile-state">
        {line.answer === null ? standingOf(call, line, t) : answerWords(call, line.answer, t)}{' '}
        {line.conflict && <Chip>{t('rollcalls.conflict')}</Chip>}
      </p>
      <p class="call-tile-more">
        {[age, line.via && t(`rollcalls.via.${line.via}`), line.person, line.excused]
          .filter(Boolean)
          .join(' · ')}
      </p>
    </li>
  )
}

function Ways({ frame: { t }, channels }: BoardProps) {
  if (channels.length === 0) return null
  const number = (key: 'told' | 'arrived' | 'waiting' | 'used') => ({
    key,
    label: t(`rollcalls.way.col.${key}`),
    kind: 'number' as const,
    // Who came by a notification answers on the page: it cannot be told from others.
    cell: (row: ChannelFigures) => (key === 'used' && row.channel === 'push' ? '–' : t.number(row[key])),
  })
  return (
    <Section title={t('rollcalls.ways')}>
      <Table<ChannelFigures>
        caption={t('rollcalls.ways')}
        captionHidden
        rows={channels}
        rowKey={(row) => row.channel}
        columns={[
          {
            key: 'way',
            label: t('rollcalls.field.channel'),
            main: true,
            cell: (row) => t(`rollcalls.way.${row.channel}`),
          },
          number('told'),
          number('arrived'),
          number('waiting'),
          number('used'),
        ]}
      />
    </Section>
  )
}
