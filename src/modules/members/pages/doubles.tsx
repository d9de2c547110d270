/** Accounts that may belong to one human: proposals, what waits for a second coordinator, what was merged. */
import type { Frame } from '../../../platform/frame.ts'
import {
  Actions,
  Button,
  Chip,
  EmptyState,
  Field,
  Form,
  html,
  Page,
  Section,
  Table,
  Time,
} from '../../../ui/index.ts'
import type { Merging } from '../doubles/preview.ts'
import type { Account, Pair } from '../doubles/proposals.ts'

export const doublesDone = ['merged', 'waiting', 'undone', 'dropped'] as const

export interface DoublesProps {
  frame: Frame
  /** Number of the reader, who does not confirm what they asked for. */
  reader: number
  pairs: Pair[]
  mergings: Merging[]
  done?: (typeof doublesDone)[number]
  typed?: { person: string; into: string }
  /** Of the two addresses typed. */
  errors?: Record<string, string>
  /** The merging whose deed was refused, with what was typed. */
  refused?: { merging: number; reason: string; error: string }
}

export function doublesPage(props: DoublesProps): string {
  const { frame, done, mergings } = props
  const { t } = frame
  const waiting = mergings.filter(({ state }) => state === 'waiting')
  const open = mergings.filter(({ state, until }) => state === 'merged' && until !== null)
  const past = mergings.filter((one) => !waiting.includes(one) && !open.includes(one))
  return html(
    <Page
      {...frame}
      lead={t('doubles.lead')}
      flash={done ? { kind: 'done', text: t(`doubles.done.${done}`) } : undefined}
    >
      {waiting.length > 0 && (
        <Section title={t('doubles.waiting')} id="waiting">
          {waiting.map((one) => (
            <Open key={one.id} {...props} one={one} />
          ))}
        </Section>
      )}
      {open.length > 0 && (
        <Section title={t('doubles.open')} id="open">
          {open.map((one) => (
            <Open key={one.id} {...props} one={one} />
          ))}
        </Section>
      )}
      <Proposals {...props} />
      <Choice {...props} />
      {past.length > 0 && <Past frame={frame} past={past} />}
    </Page>,
  )
}

const whoIs = ({ name, email }: { name: string; email: string }) => (
  <>
    {name} <span class="muted">{email}</span>
  </>
)

function Open({ frame, one, reader, refused }: DoublesProps & { one: Merging }) {
  const { t, csrf, now, zone } = frame
  const path = `/people/doubles/${one.id}`
  const mine = refused?.merging === one.id ? refused : undefined
  return (
    <Section
      level={3}
      title={`${one.person.name} → ${one.into.name}`}
      lead={`${one.person.email} → ${one.into.email}`}
    >
      <p>{one.reason}</p>
      <p class="muted">
        {t(`doubles.by.${one.state}`, { by: one.asker })} <Time t={t} at={one.at} now={now} zone={zone} />
        {one.decider && ` · ${t('doubles.decided', { by: one.decider })}`}
        {one.until !== null && (
          <>
            {' · '}
            {t(`doubles.until.${one.state}`)} <Time t={t} at={one.until} now={now} zone={zone} as="short" />
          </>
        )}
      </p>
      {one.state === 'waiting' && (
        <Form action={`${path}/confirmation`} csrf={csrf}>
          <Actions>
            <Button
              kind="danger"
              disabledReason={one.askedBy === reader ? t('doubles.confirm.own') : undefined}
              consequence={t('doubles.confirm.effect')}
            >
              {t('doubles.confirm')}
            </Button>
            <a href={`/people/doubles/merger?person=${one.person.id}&into=${one.into.id}`}>
              {t('doubles.look')}
            </a>
          </Actions>
        </Form>
      )}
      <div class="narrow">
        <Form action={`${path}/withdrawal`} csrf={csrf}>
          <Field
            label={t('doubles.back.reason')}
            name="reason"
            required
            maxlength={1000}
            value={mine?.reason}
            error={mine?.error}
          />
          <Actions>
            <Button>{t(`doubles.back.${one.state}`)}</Button>
          </Actions>
        </Form>
      </div>
    </Section>
  )
}

const placesOf = ({ orgs }: Account): string => orgs.map(({ name }) => name).join(', ')

function Proposals({ frame: { t }, pairs }: DoublesProps) {
  const side =
    (which: 0 | 1) =>
    ({ both }: Pair) => {
      const account = both[which]
      return (
        <>
          {whoIs(account)}
          <div class="muted">{placesOf(account)}</div>
        </>
      )
    }
  return (
    <Section title={t('doubles.proposals')} lead={t('doubles.proposals.lead')} id="proposals">
      <Table
        caption={t('doubles.proposals')}
        captionHidden
        rows={pairs}
        rowKey={({ both }) => `${both[0].id} ${both[1].id}`}
        empty={<EmptyState title={t('doubles.none')}>{t('doubles.none.what')}</EmptyState>}
        columns={[
          { key: 'one', label: t('doubles.one'), main: true, cell: side(0) },
          { key: 'other', label: t('doubles.other'), cell: side(1) },
          {
            key: 'why',
            label: t('doubles.why'),
            cell: ({ why }) => why.map((one) => <Chip key={one}>{t(`doubles.why.${one}`)}</Chip>),
          },
          {
            key: 'look',
            label: t('doubles.look'),
            cell: ({ both }) => (
              <a href={`/people/doubles/merger?person=${both[1].id}&into=${both[0].id}`}>
                {t('doubles.look')}
              </a>
            ),
          },
        ]}
      />
    </Section>
  )
}

function Choice({ frame: { t, csrf }, typed, errors = {} }: DoublesProps) {
  const field = (name: 'person' | 'into') => (
    <Field
      label={t(`doubles.choice.${name}`)}
      name={name}
      type="email"
      autocomplete="off"
      required
      maxlength={254}
      value={typed?.[name]}
      error={errors[name]}
    />
  )
  return (
    <Section title={t('doubles.choice')} id="choice">
      <div class="narrow">
        <Form action="/people/doubles/choice" csrf={csrf}>
          {field('person')}
          {field('into')}
          <Actions>
            <Button>{t('doubles.choice.show')}</Button>
          </Actions>
        </Form>
      </div>
    </Section>
  )
}

function Past({ frame: { t, now, zone }, past }: { frame: Frame; past: Merging[] }) {
  return (
    <Section title={t('doubles.past')} id="past">
      <Table
        caption={t('doubles.past')}
        captionHidden
        walkable={false}
        rows={past}
        rowKey={({ id }) => String(id)}
        columns={[
          {
            key: 'who',
            label: t('doubles.past.who'),
            main: true,
            cell: (row) => (
              <>
                {whoIs(row.person)} → {whoIs(row.into)}
              </>
            ),
          },
          { key: 'state', label: t('doubles.past.state'), cell: (row) => t(`doubles.state.${row.state}`) },
          { key: 'reason', label: t('doubles.past.reason'), cell: (row) => row.ended?.reason ?? row.reason },
          { key: 'by', label: t('doubles.past.by'), cell: (row) => row.ended?.by ?? row.asker },
          {
            key: 'at',
            label: t('doubles.past.at'),
            kind: 'time',
            cell: (row) => <Time t={t} at={row.at} now={now} zone={zone} as="short" />,
          },
        ]}
      />
    </Section>
  )
}
