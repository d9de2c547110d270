/** The board of a warning: who it reached, where each stands and since when; gaps first. */

import { duration } from '../../../../platform/dates.ts'
import type { T } from '../../../../platform/i18n.ts'
import {
  Actions,
  Button,
  Chip,
  Definition,
  Details,
  Field,
  Figures,
  type Flash,
  Form,
  html,
  Live,
  Notice,
  Page,
  type PageProps,
  Section,
  Table,
  Time,
} from '../../../../ui/index.ts'
import { figuresOf, type Given, type Line } from '../../written/board-read.ts'
import type { Made } from '../../written/calls.ts'
import { namesProducts } from '../../written/exposure.ts'
import type { Told } from '../../written/told.ts'
import { answerWords, type Version, type Written } from '../../written/types.ts'
import { saidIn } from '../../written/words.ts'
import { CallList } from './board-calls.tsx'
import { Lines } from './board-lines.tsx'
import { BoardMap } from './board-map.tsx'
import { Marks, ownersWords } from './words.tsx'

export interface BoardProps {
  frame: PageProps & { zone: string }
  warning: Written
  version: Version
  lines: Line[]
  answers: Given[]
  told: Told[]
  /** What the clocks did, and calls. */
  made: Made[]
  /** Code of the region to which the lines are cut down; empty for all. */
  region: string
  errors?: Record<string, string>
  refused?: string | undefined
  flash?: Flash | undefined
}

const lasting = (minutes: number | null): string => (minutes === null ? '–' : duration(minutes * 60_000))

export function boardPage(props: BoardProps): string {
  const { frame, warning, version, lines } = props
  const { t } = frame
  const title = t('written.board.title', { title: saidIn(version, t.lang).title })
  return html(
    <Page
      {...frame}
      title={title}
      tlp={version.tlp}
      flash={props.flash}
      head={
        <header class="warning-head">
          <Marks t={t} warning={warning} version={version} now={frame.now} />
          <h1>{title}</h1>
        </header>
      }
    >
      {props.refused && <Notice kind="wrong" title={t(`written.refused.${props.refused}`)} />}
      <p class="no-print">
        <a href={`/warnings/written/${warning.id}`}>{t('written.board.back')}</a>
        {' · '}
        <a href={`/warnings/written/${warning.id}/board.csv`} data-turbo="false">
          CSV
        </a>
      </p>
      {warning.state === 'published' && <Reminder {...props} />}
      <Live id="board" topic="warnings">
        {namesProducts(version.rules) && <Notice kind="note" title={ownersWords(version.owners, t)} />}
        <Sums t={t} lines={lines} byInventory={namesProducts(version.rules)} />
        <BoardMap t={t} warning={warning} lines={lines} region={props.region} />
        <div id="lines">
          <Lines
            frame={frame}
            warning={warning}
            byInventory={namesProducts(version.rules)}
            lines={lines.filter((line) => props.region === '' || line.region === props.region)}
            told={props.told}
            made={props.made}
          />
        </div>
      </Live>
      <CallList frame={frame} warning={warning} lines={lines} made={props.made} errors={props.errors} />
      {warning.state === 'published' && <Deeds {...props} />}
      <History {...props} />
    </Page>,
  )
}

function Sums({ t, lines, byInventory }: { t: T; lines: Line[]; byInventory: boolean }) {
  const figures = figuresOf(lines)
  return (
    <Figures>
      <Definition
        t={t}
        label={t('written.board.answered')}
        // Who is asked for what it runs is counted once it has answered, so there is nothing to hold it against.
        value={[figures.answered, ...(byInventory ? [] : [figures.asked])]
          .map((n) => t.number(n))
          .join(' / ')}
        definition={t('written.board.answered.what')}
      />
      <Definition
        t={t}
        label={t('written.board.median')}
        value={lasting(figures.medianToAnswer)}
        definition={t('written.board.median.what')}
      />
      <Definition
        t={t}
        label={t('written.board.mean')}
        value={lasting(figures.meanToAnswer)}
        definition={t('written.board.mean.what')}
      />
      <Definition
        t={t}
        label={t('written.board.done')}
        value={lasting(figures.meanToDone)}
        definition={t('written.board.done.what')}
      />
      {figures.inTime !== null && (
        <Definition
          t={t}
          label={t('written.board.inTime')}
          value={`${t.number(figures.inTime)} / ${t.number(figures.asked)}`}
          definition={t('written.board.inTime.what')}
        />
      )}
      <Definition
        t={t}
        label={t('written.board.affected')}
        value={t.number(figures.affected)}
        definition={t('written.board.affected.what')}
      />
    </Figures>
  )
}

/** Writing to the silent again. */
function Reminder({ frame: { t, csrf }, warning, lines }: BoardProps) {
  const silent = lines.filter((line) => line.asked && line.outAt === null && line.answer === 'pending').length
  return (
    <Form action={`/warnings/written/${warning.id}/reminder`} csrf={csrf} label={t('written.do.reminder')}>
      <Actions>
        <Button disabledReason={silent === 0 ? t('written.board.nobodySilent') : undefined}>
          {t('written.board.remind', { n: silent })}
        </Button>
      </Actions>
    </Form>
  )
}

/** Answering for somebody on the telephone. */
function Deeds({ frame, warning, lines, errors }: BoardProps) {
  const { t, csrf } = frame
  return (
    <Section title={t('written.next')}>
      <Details
        summary={t('written.board.behalf')}
        open={errors !== undefined && errors.callNote === undefined}
      >
        <Form action={`/warnings/written/${warning.id}/board`} csrf={csrf} label={t('written.board.behalf')}>
          <Field
            label={t('warnings.org')}
            name="org"
            type="select"
            options={lines
              .filter((line) => line.outAt === null)
              .map((line) => ({ value: String(line.org), label: line.name }))}
          />
          <Field
            label={t('written.answerWord')}
            name="answer"
            type="select"
            options={answerWords.map((value) => ({ value, label: t(`written.answer.${value}`) }))}
            error={errors?.answer && t(`written.answerError.${errors.answer}`)}
          />
          <Field label={t('written.field.affected')} name="affected" type="number" min={0} max={1_000_000} />
          <Field
            label={t('written.field.plannedOn')}
            name="plannedOn"
            type="date"
            error={errors?.plannedOn && t(`written.answerError.${errors.plannedOn}`)}
          />
          <Field
            label={t('written.field.behalf')}
            name="note"
            type="textarea"
            rows={2}
            maxlength={4000}
            required
            error={errors?.note && t(`written.answerError.${errors.note}`)}
          />
          <Actions>
            <Button>{t('written.board.behalf.do')}</Button>
          </Actions>
        </Form>
      </Details>
    </Section>
  )
}

function History({ frame, lines, answers }: BoardProps) {
  const { t, now, zone } = frame
  const nameOf = new Map(lines.map((line) => [line.org, line.name]))
  if (answers.length === 0) return null
  return (
    <Section title={t('written.board.answers')}>
      <Table<Given>
        caption={t('written.board.answers')}
        captionHidden
        rows={answers}
        rowKey={(row) => `${row.org}-${row.at}-${row.answer}`}
        columns={[
          { key: 'org', label: t('warnings.org'), main: true, cell: (row) => nameOf.get(row.org) ?? '–' },
          {
            key: 'answer',
            label: t('written.answerWord'),
            cell: (row) => (
              <>
                {t(`written.answer.${row.answer}`)}{' '}
                {!row.counted && <Chip>{t('written.board.notCounted')}</Chip>}
              </>
            ),
          },
          {
            key: 'who',
            label: t('written.board.who'),
            cell: (row) =>
              `${row.person ?? '–'} (${t(`ui.role.${row.role}`)}, ${t(`written.via.${row.via}`)})`,
          },
          { key: 'note', label: t('written.field.answerNote'), cell: (row) => row.note || '–' },
          {
            key: 'at',
            label: t('written.board.at'),
            kind: 'time',
            cell: (row) => <Time t={t} at={row.at} now={now} zone={zone} as="short" />,
          },
        ]}
      />
    </Section>
  )
}
