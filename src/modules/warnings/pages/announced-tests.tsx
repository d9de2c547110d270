/** A member's own tests: announced ahead, so that nobody is warned of them, and withdrawn when they end early. */
import { type Actor, organisationsOf } from '../../../platform/access.ts'
import type { T } from '../../../platform/i18n.ts'
import {
  Button,
  Chip,
  EmptyState,
  Field,
  type Flash,
  Form,
  html,
  Page,
  type PageProps,
  Section,
  Table,
  Time,
} from '../../../ui/index.ts'
import type { AnnouncedTest } from '../announced.ts'
import { maySpeakFor } from '../may.ts'
import { PeriodFields } from './period-fields.tsx'

export interface TestForm {
  org: string
  addresses: string
  starts: string
  ends: string
  note: string
}

export interface TestsProps {
  frame: PageProps
  actor: Actor
  tests: AnnouncedTest[]
  flash?: Flash
  errors?: Record<string, string>
  given?: TestForm
}

const dayMs = 86_400_000

export function testsPage(props: TestsProps): string {
  const { frame, tests, actor } = props
  const { t } = frame
  const own = organisationsOf(actor).filter((org) => maySpeakFor(actor, org.id))
  return html(
    <Page {...frame} lead={t('warnings.tests.lead')} flash={props.flash}>
      <Table<AnnouncedTest>
        caption={t('warnings.tests.caption')}
        captionHidden
        rows={tests}
        rowKey={(row) => row.id}
        columns={[
          {
            key: 'text',
            label: t('warnings.tests.addresses'),
            kind: 'mono',
            main: true,
            cell: (row) => row.text,
          },
          {
            key: 'state',
            label: t('warnings.tests.state'),
            cell: (row) => <Chip yours={row.running}>{stateOf(row, frame.now, t)}</Chip>,
          },
          { key: 'org', label: t('warnings.org'), cell: (row) => row.orgName },
          {
            key: 'starts',
            label: t('warnings.tests.starts'),
            kind: 'time',
            cell: (row) => <Time t={t} at={row.startsAt} now={frame.now} zone={frame.zone} as="short" />,
          },
          {
            key: 'ends',
            label: t('warnings.tests.ends'),
            kind: 'time',
            cell: (row) => (
              <Time t={t} at={row.withdrawnAt ?? row.endsAt} now={frame.now} zone={frame.zone} as="short" />
            ),
          },
          { key: 'note', label: t('warnings.tests.note'), cell: (row) => row.note },
          { key: 'by', label: t('warnings.tests.by'), cell: (row) => row.by },
          {
            key: 'withdraw',
            label: t('warnings.tests.withdraw'),
            cell: (row) => <Withdraw t={t} row={row} now={frame.now} actor={actor} csrf={frame.csrf} />,
          },
        ]}
        empty={
          <EmptyState title={t('warnings.tests.none')}>
            <p>{t('warnings.tests.none.why')}</p>
          </EmptyState>
        }
      />
      {own.length > 0 ? <Announce {...props} own={own} /> : <p class="muted">{t('warnings.tests.mayNot')}</p>}
    </Page>,
  )
}

function stateOf(row: AnnouncedTest, now: number, t: T): string {
  if (row.withdrawnAt !== null) return t('warnings.tests.state.withdrawn')
  if (row.running) return t('warnings.tests.state.running')
  return t(row.startsAt > now ? 'warnings.tests.state.waiting' : 'warnings.tests.state.over')
}

function Withdraw({
  t,
  row,
  now,
  actor,
  csrf,
}: {
  t: T
  row: AnnouncedTest
  now: number
  actor: Actor
  csrf?: string
}) {
  if (row.withdrawnAt !== null || row.endsAt <= now || !maySpeakFor(actor, row.org)) return null
  return (
    <Form
      action={`/announced-tests/${row.id}/withdrawal`}
      csrf={csrf}
      label={t('warnings.tests.withdraw.what', { text: row.text })}
    >
      <Button kind="quiet">{t('warnings.tests.withdraw')}</Button>
    </Form>
  )
}

function Announce({ frame, own, errors, given }: TestsProps & { own: { id: number; name: string }[] }) {
  const { t, now } = frame
  const zone = frame.zone ?? 'Europe/Prague'
  return (
    <Section title={t('warnings.tests.announce')} id="announce" lead={t('warnings.tests.announce.lead')}>
      <Form action="/announced-tests" csrf={frame.csrf} label={t('warnings.tests.announce')}>
        {own.length > 1 && (
          <Field
            label={t('warnings.org')}
            name="org"
            type="select"
            value={given?.org}
            options={own.map((org) => ({ value: String(org.id), label: org.name }))}
            error={errors?.org}
          />
        )}
        <Field
          label={t('warnings.tests.addresses')}
          name="addresses"
          type="textarea"
          rows={3}
          mono
          required
          value={given?.addresses}
          error={errors?.addresses}
          hint={t('warnings.tests.addresses.hint')}
        />
        <PeriodFields
          t={t}
          zone={zone}
          given={given}
          errors={errors}
          from={now}
          to={now + dayMs}
          hint={t('warnings.tests.ends.hint')}
        />
        <Field
          label={t('warnings.tests.note')}
          name="note"
          value={given?.note}
          maxlength={400}
          hint={t('warnings.tests.note.hint')}
        />
        <Button kind="primary">{t('warnings.tests.announce.do')}</Button>
      </Form>
    </Section>
  )
}
