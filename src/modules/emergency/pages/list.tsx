/** All calls that the reader may see, and when the reader's organisations want no drill. */
import { short } from '../../../platform/dates.ts'
import type { Frame } from '../../../platform/frame.ts'
import type { T } from '../../../platform/i18n.ts'
import {
  Actions,
  Button,
  Chip,
  EmptyState,
  Facts,
  Field,
  type Flash,
  Form,
  html,
  List,
  ListRow,
  Live,
  Page,
  Section,
  Table,
  Time,
} from '../../../ui/index.ts'
import type { Drill } from '../drills.ts'
import type { Listed } from '../read.ts'
import { isRunning } from '../types.ts'
import type { Window } from '../windows.ts'
import { errorsIn } from './words.tsx'

export interface WindowForm {
  org: string
  from: string
  to: string
  reason: string
}

interface Props {
  frame: Frame
  calls: Listed[]
  leads: boolean
  windows: Window[]
  drills: { name: string; drill: Drill }[]
  /** Organisations for which the reader may say when no drill may come. */
  protects: { id: number; name: string }[]
  given?: WindowForm
  errors?: Record<string, string>
  flash?: Flash | undefined
}

export function listPage(props: Props): string {
  const { frame, calls, leads } = props
  const { t } = frame
  return html(
    <Page {...frame} lead={t(leads ? 'rollcalls.lead' : 'rollcalls.lead.member')} flash={props.flash}>
      {leads && (
        <Actions>
          <Button href="/rollcalls/new" kind="primary">
            {t('rollcalls.new')}
          </Button>
          <Button href="/rollcalls/policy">{t('rollcalls.policy')}</Button>
          <Button href="/warnings/single-duty">{t('written.duty.title')}</Button>
        </Actions>
      )}
      <Live id="rollcalls" topic="rollcalls">
        {calls.length === 0 ? (
          <EmptyState title={t('rollcalls.none')}>
            <p>{t('rollcalls.none.what')}</p>
          </EmptyState>
        ) : (
          <List label={t('rollcalls.title')}>
            {runningFirst(calls).map((call) => (
              <Row frame={frame} call={call} leads={leads} />
            ))}
          </List>
        )}
      </Live>
      {props.drills.length > 0 && (
        <Facts
          facts={props.drills.map(({ name, drill }) => ({
            label: t('rollcalls.drill.last', { name }),
            value: t(`rollcalls.drill.${drill.outcome}`),
            note: <Time t={t} at={drill.at} now={frame.now} zone={frame.zone} />,
          }))}
        />
      )}
      <Windows {...props} />
    </Page>,
  )
}

/** Within each as they came: newest first. */
const runningFirst = (calls: Listed[]): Listed[] =>
  calls.toSorted((a, b) => Number(isRunning(b)) - Number(isRunning(a)))

/** Of a running call the missing answer stands out. */
function ownWords(call: Listed, t: T) {
  if (call.answered > 0) return ` · ${t('rollcalls.own.answered')}`
  if (!isRunning(call)) return ` · ${t('rollcalls.own.silent')}`
  return (
    <>
      {' · '}
      <strong class="call-waits">{t('rollcalls.own.waits')}</strong>
    </>
  )
}

function Row({ frame, call, leads }: { frame: Frame; call: Listed; leads: boolean }) {
  const { t, now, zone } = frame
  return (
    <ListRow
      href={`/rollcalls/${call.id}`}
      badge={<Chip>{t(`rollcalls.class.${call.class}`)}</Chip>}
      title={call.title}
      meta={
        <>
          {call.number && `${call.number} · `}
          {isRunning(call) ? (
            <strong>{t(`rollcalls.state.${call.state}`)}</strong>
          ) : (
            t(`rollcalls.state.${call.state}`)
          )}
          {' · '}
          <Time t={t} at={call.releasedAt ?? call.changedAt} now={now} zone={zone} as="short" />
          {leads
            ? call.state !== 'draft' &&
              ` · ${t('rollcalls.answeredOf', { n: call.answered, all: call.asked })}`
            : ownWords(call, t)}
        </>
      }
    />
  )
}

function Windows({ frame, windows, protects, given, errors = {} }: Props) {
  const { t, now, zone, csrf } = frame
  if (windows.length === 0 && protects.length === 0) return null
  return (
    <Section title={t('rollcalls.windows')} id="windows" lead={t('rollcalls.windows.lead')}>
      {windows.length > 0 && (
        <Table<Window>
          caption={t('rollcalls.windows')}
          captionHidden
          rows={windows}
          rowKey={(one) => one.id}
          columns={[
            { key: 'org', label: t('rollcalls.windows.org'), main: true, cell: (one) => one.orgName },
            {
              key: 'from',
              label: t('rollcalls.windows.from'),
              kind: 'time',
              cell: (one) => short(one.from, now, t, zone),
            },
            {
              key: 'to',
              label: t('rollcalls.windows.to'),
              kind: 'time',
              cell: (one) => short(one.to, now, t, zone),
            },
            { key: 'reason', label: t('rollcalls.windows.reason'), cell: (one) => one.reason },
            {
              key: 'end',
              label: t('rollcalls.windows.deed'),
              cell: (one) =>
                protects.some(({ id }) => id === one.org) ? (
                  <Form
                    action={`/rollcalls/windows/${one.id}/end`}
                    csrf={csrf}
                    label={t('rollcalls.windows.end')}
                  >
                    <Button kind="quiet">{t('rollcalls.windows.end')}</Button>
                  </Form>
                ) : (
                  '–'
                ),
            },
          ]}
        />
      )}
      {protects.length > 0 && (
        <Form action="/rollcalls/windows" csrf={csrf} label={t('rollcalls.windows.add')}>
          <Field
            label={t('rollcalls.windows.org')}
            name="org"
            type="select"
            value={given?.org}
            options={protects.map(({ id, name }) => ({ value: String(id), label: name }))}
          />
          <Field
            label={t('rollcalls.windows.from')}
            name="from"
            type="datetime-local"
            required
            value={given?.from}
          />
          <Field
            label={t('rollcalls.windows.to')}
            name="to"
            type="datetime-local"
            required
            value={given?.to}
            error={errorsIn(t, errors, 'to')}
          />
          <Field
            label={t('rollcalls.windows.reason')}
            name="reason"
            required
            maxlength={200}
            value={given?.reason}
            placeholder={t('rollcalls.windows.example')}
            error={errorsIn(t, errors, 'reason')}
          />
          <Actions>
            <Button>{t('rollcalls.windows.add')}</Button>
          </Actions>
        </Form>
      )}
    </Section>
  )
}
