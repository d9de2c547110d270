/** What a coordinator at the telephone works through: whom to call with what was tried, replies to look at, answers passed on. */
import { exact } from '../../../platform/dates.ts'
import type { Frame } from '../../../platform/frame.ts'
import {
  Actions,
  Button,
  Chip,
  EmptyState,
  Field,
  Form,
  html,
  Notice,
  Page,
  Section,
} from '../../../ui/index.ts'
import { readable } from '../../members/index.ts'
import type { Attempt } from '../attempts.ts'
import type { Line } from '../log.ts'
import { type Broadcast, isRunning, type OrgLine, seen } from '../types.ts'
import { labelOf } from '../words.ts'
import { errorsIn, Marks, standingOf } from './words.tsx'

export interface CallsProps {
  frame: Frame
  call: Broadcast
  lines: OrgLine[]
  attempts: Attempt[]
  strays: Line[]
  errors: Record<string, string>
  given: { org: string; answer: string; note: string }
  done: boolean
}

/** Who has to be called: nobody could be reached, or the ladder ended. */
const waits = ({ state, excused, lastStep }: OrgLine): boolean =>
  excused === null &&
  (state === 'handed_to_operator' || state === 'no_contact' || (lastStep >= 3 && state !== 'answered'))

export function callsPage(props: CallsProps): string {
  const { frame, call, lines, done } = props
  const { t } = frame
  const list = lines.filter(waits)
  return html(
    <Page
      {...frame}
      tlp={call.tlp}
      flash={done ? { text: t('rollcalls.done.answered') } : undefined}
      exercise={call.class === 'drill' ? t('rollcalls.mail.drill') : undefined}
      head={
        <header class="warning-head">
          <Marks t={t} call={call} />
          <h1>{t('rollcalls.calls')}</h1>
        </header>
      }
    >
      <p>
        <a href={`/rollcalls/${call.id}`}>{t('rollcalls.board.back')}</a>
      </p>
      {list.length === 0 && (
        <EmptyState title={t('rollcalls.calls.none')}>{t('rollcalls.calls.none.what')}</EmptyState>
      )}
      {list.map((line) => (
        <Organisation {...props} line={line} />
      ))}
      <Strays {...props} />
      {isRunning(call) && <Behalf {...props} />}
    </Page>,
  )
}

function Organisation({ frame, call, line, attempts }: CallsProps & { line: OrgLine }) {
  const { t, zone, csrf } = frame
  const own = attempts.filter(({ org }) => org === line.org)
  const phones = own.filter(({ channel }) => channel === 'phone')
  const numbers = new Map(phones.map((one) => [`${one.person} ${one.address}`, one]))
  // Of each way to a person how it last went.
  const tried = new Map<string, string>()
  for (const one of own)
    if (one.channel !== 'phone')
      tried.set(
        `${one.person ?? t('rollcalls.preview.contact')} – ${t(`rollcalls.way.${one.channel}`)}`,
        t(`mails.state.${one.state ?? 'queued'}`),
      )
  return (
    <Section title={line.name} lead={standingOf(call, line, t)}>
      <ul class="call-list">
        {line.phone && (
          <li>
            <a href={`tel:${line.phone}`}>{line.phone}</a> {t('rollcalls.calls.switchboard')}
          </li>
        )}
        {[...numbers.values()].map((one) => (
          <li>
            <a href={`tel:${one.address}`}>{readable('sms', one.address)}</a> {one.person}{' '}
            {one.calledAt === null ? (
              <Form
                action={`/rollcalls/${call.id}/calls/${one.id}`}
                csrf={csrf}
                label={`${t('rollcalls.calls.called')}: ${one.person ?? ''} ${one.address}, ${line.name}`}
              >
                <Button>{t('rollcalls.calls.called')}</Button>
              </Form>
            ) : (
              <Chip>
                {t('rollcalls.calls.calledAt', {
                  who: one.calledBy ?? '–',
                  when: exact(one.calledAt, t, zone),
                })}
              </Chip>
            )}
          </li>
        ))}
      </ul>
      {numbers.size === 0 && !line.phone && <Notice kind="careful" title={t('rollcalls.calls.noNumber')} />}
      <p class="muted">
        {tried.size === 0
          ? t('rollcalls.calls.nothing')
          : t('rollcalls.calls.tried', {
              what: [...tried].map(([way, state]) => `${way}: ${state}`).join('; '),
            })}
      </p>
    </Section>
  )
}

function Strays({ frame: { t, zone }, strays }: CallsProps) {
  if (strays.length === 0) return null
  return (
    <Section
      title={t('rollcalls.strays', { n: strays.length })}
      id="strays"
      lead={t('rollcalls.strays.lead')}
    >
      <ul>
        {strays.map((one) => (
          <li>
            {exact(one.at, t, zone)} · {String(one.detail.from)} · {one.orgName} · „{String(one.detail.text)}“
          </li>
        ))}
      </ul>
    </Section>
  )
}

function Behalf({ frame: { t, csrf }, call, lines, errors, given }: CallsProps) {
  const options = [
    ...call.answers.map((one) => ({ value: one.code, label: labelOf(one, t.lang) })),
    { value: seen, label: t('rollcalls.seen') },
  ]
  return (
    <Section title={t('rollcalls.behalf')} id="behalf" lead={t('rollcalls.behalf.lead')}>
      <Form action={`/rollcalls/${call.id}/calls`} csrf={csrf} label={t('rollcalls.behalf')}>
        <Field
          label={t('rollcalls.col.org')}
          name="org"
          type="select"
          value={given.org}
          options={lines
            .filter(({ excused }) => excused === null)
            .map(({ org, name }) => ({ value: String(org), label: name }))}
        />
        <Field
          label={t('rollcalls.col.answer')}
          name="answer"
          type="select"
          value={given.answer}
          options={options}
          error={errorsIn(t, errors, 'answer')}
        />
        <Field
          label={t('rollcalls.behalf.note')}
          name="note"
          required
          maxlength={2000}
          value={given.note}
          error={errorsIn(t, errors, 'note')}
        />
        <Actions>
          <Button kind="primary">{t('rollcalls.behalf.do')}</Button>
        </Actions>
      </Form>
    </Section>
  )
}
