/** A member's page: what happened, and large buttons to answer with; on a phone two taps from the message. */
import { exact, short } from '../../../platform/dates.ts'
import type { Frame } from '../../../platform/frame.ts'
import type { T } from '../../../platform/i18n.ts'
import {
  Details,
  Field,
  type Flash,
  Form,
  html,
  Notice,
  Page,
  Section,
  Statement,
  Table,
} from '../../../ui/index.ts'
import type { GivenAnswer } from '../answer.ts'
import { type Broadcast, isRunning, type OrgLine, seen } from '../types.ts'
import { answerWords, labelOf } from '../words.ts'
import { errorsIn, Marks } from './words.tsx'

export interface Given {
  org: number
  note: string
  errors: Record<string, string>
}

export interface AnsweringProps {
  frame: Frame
  call: Broadcast
  /** Of the reader's own organisations. */
  lines: OrgLine[]
  answers: GivenAnswer[]
  /** Organisations for which the reader may answer. */
  may: number[]
  given?: Given | undefined
  flash?: Flash | undefined
}

export function answeringPage(props: AnsweringProps): string {
  const { frame, call, lines, answers } = props
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
      {lines.map((line) => (
        <Section title={line.name}>
          <Standing frame={frame} call={call} line={line} />
          {isRunning(call) && line.excused === null && props.may.includes(line.org) && (
            <Answers
              t={t}
              csrf={frame.csrf}
              action={`/rollcalls/${call.id}/answer`}
              call={call}
              line={line}
              given={props.given?.org === line.org ? props.given : undefined}
            />
          )}
        </Section>
      ))}
      <Text frame={frame} call={call} />
      {answers.length > 0 && <Said frame={frame} call={call} answers={answers} />}
    </Page>,
  )
}

/** What its own organisation reads while no answer stands. */
function missing({ state, excused }: OrgLine): string {
  if (excused !== null) return 'excused'
  if (state === 'acknowledged') return 'seen'
  return state === 'handed_to_operator' ? 'called' : 'missing'
}

export function Standing({
  frame: { t, now, zone },
  call,
  line,
}: {
  frame: Pick<Frame, 't' | 'now' | 'zone'>
  call: Broadcast
  line: OrgLine
}) {
  return (
    <>
      <Statement tone={line.answer === null && isRunning(call) && line.excused === null ? 'urgent' : 'calm'}>
        {line.answer === null
          ? t(`rollcalls.own.${missing(line)}`)
          : t('rollcalls.own.said', { answer: answerWords(call, line.answer, t) })}
      </Statement>
      {line.conflict && <Notice kind="careful" title={t('rollcalls.own.conflict')} />}
      {!isRunning(call) && (
        <Notice title={t(`rollcalls.over.${call.state === 'cancelled' ? 'cancelled' : 'closed'}`)} />
      )}
      {isRunning(call) && call.deadlineAt !== null && call.answers.length > 0 && (
        <p>{t('rollcalls.deadline', { when: short(call.deadlineAt, now, t, zone) })}</p>
      )}
    </>
  )
}

interface AnswersProps {
  t: T
  csrf?: string | undefined
  action: string
  call: Broadcast
  line: OrgLine
  given?: Given | undefined
  /** What the link in the mail offered. */
  chosen?: string | undefined
}

export function Answers({ t, csrf, action, call, line, given, chosen }: AnswersProps) {
  const words = [
    ...call.answers.map((one) => ({ code: one.code, label: labelOf(one, t.lang), needsNote: one.needsNote })),
    { code: seen, label: t('rollcalls.seen.only'), needsNote: false },
  ]
  const errors = given?.errors ?? {}
  return (
    <Form
      action={action}
      {...(csrf ? { csrf } : { noTurbo: true })}
      hidden={{ org: line.org }}
      label={t('rollcalls.answer')}
    >
      {errors.answer && <Notice kind="wrong" title={errorsIn(t, errors, 'answer') ?? ''} />}
      <div class="call-answers">
        {words.map(({ code, label, needsNote }) => (
          <button
            class={`button call-answer${code === chosen ? ' button-primary' : ''}${line.answer === code ? ' button-pressed' : ''}`}
            type="submit"
            name="answer"
            value={code}
            aria-pressed={line.answer === code ? 'true' : undefined}
          >
            {label}
            {needsNote && <span class="call-answer-more">{t('rollcalls.needsNote')}</span>}
          </button>
        ))}
      </div>
      <Details
        summary={t('rollcalls.note.add')}
        open={errors.note !== undefined || words.some(({ needsNote }) => needsNote)}
      >
        <Field
          label={t('rollcalls.field.note')}
          name="note"
          type="textarea"
          rows={2}
          maxlength={2000}
          value={given?.note ?? ''}
          error={errorsIn(t, errors, 'note')}
        />
      </Details>
    </Form>
  )
}

const Text = ({ frame: { t }, call }: { frame: Frame; call: Broadcast }) => (
  <Section title={t('rollcalls.what')}>
    <p class="written-text">{call.body || '–'}</p>
    {call.room && <p>{t('rollcalls.mail.room', { room: call.room })}</p>}
  </Section>
)

function Said({
  frame: { t, zone },
  call,
  answers,
}: {
  frame: Frame
  call: Broadcast
  answers: GivenAnswer[]
}) {
  return (
    <Section title={t('rollcalls.answers')}>
      <Table<GivenAnswer>
        caption={t('rollcalls.answers')}
        captionHidden
        rows={answers}
        rowKey={(row) => `${row.at} ${row.code}`}
        columns={[
          {
            key: 'answer',
            label: t('rollcalls.col.answer'),
            main: true,
            cell: (row) => answerWords(call, row.code, t),
          },
          {
            key: 'who',
            label: t('rollcalls.col.who'),
            cell: (row) => `${row.person ?? '–'} (${t(`rollcalls.via.${row.via}`)})`,
          },
          { key: 'note', label: t('rollcalls.field.note'), cell: (row) => row.note || '–' },
          { key: 'at', label: t('rollcalls.col.at'), kind: 'time', cell: (row) => exact(row.at, t, zone) },
        ]}
      />
    </Section>
  )
}
