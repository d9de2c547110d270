/** When one coordinator alone may release an emergency: declared beforehand, seen by all coordinators. */

import { fieldOf } from '../../../../platform/local-time.ts'
import {
  Actions,
  Button,
  Chip,
  EmptyState,
  Field,
  type Flash,
  Form,
  html,
  Notice,
  Page,
  type PageProps,
  Section,
  Table,
  Time,
} from '../../../../ui/index.ts'
import type { Period } from '../../written/duty.ts'

export interface DutyForm {
  starts: string
  ends: string
  reason: string
}

export interface DutyProps {
  frame: PageProps & { zone: string }
  periods: Period[]
  inForce: Period | null
  errors?: Record<string, string>
  given?: DutyForm
  flash?: Flash
}

const hourMs = 3_600_000

export function dutyPage(props: DutyProps): string {
  const { frame, periods, inForce } = props
  const { t, now, zone } = frame
  return html(
    <Page {...frame} lead={t('written.duty.lead')} flash={props.flash}>
      {inForce && (
        <Notice kind="careful" title={t('written.duty.inForce')}>
          <p>{inForce.reason}</p>
        </Notice>
      )}
      <Table<Period>
        caption={t('written.duty.title')}
        captionHidden
        rows={periods}
        rowKey={(row) => row.id}
        columns={[
          { key: 'reason', label: t('written.field.reason'), main: true, cell: (row) => row.reason },
          {
            key: 'state',
            label: t('warnings.filter.state'),
            cell: (row) => (
              <Chip>
                {t(`written.duty.${row.endsAt <= now ? 'over' : row.startsAt > now ? 'ahead' : 'now'}`)}
              </Chip>
            ),
          },
          {
            key: 'starts',
            label: t('written.duty.starts'),
            kind: 'time',
            cell: (row) => <Time t={t} at={row.startsAt} now={now} zone={zone} as="short" />,
          },
          {
            key: 'ends',
            label: t('written.duty.ends'),
            kind: 'time',
            cell: (row) => <Time t={t} at={row.endsAt} now={now} zone={zone} as="short" />,
          },
          {
            key: 'by',
            label: t('written.duty.by'),
            cell: (row) => (
              <>
                {row.declaredBy ?? '–'} <Time t={t} at={row.declaredAt} now={now} zone={zone} as="short" />
              </>
            ),
          },
          {
            key: 'end',
            label: t('written.duty.end'),
            cell: (row) =>
              row.endsAt > now ? (
                <Form
                  action={`/warnings/single-duty/${row.id}/end`}
                  csrf={frame.csrf}
                  label={t('written.duty.end')}
                >
                  <Button kind="quiet">{t('written.duty.end')}</Button>
                </Form>
              ) : (
                '–'
              ),
          },
        ]}
        empty={<EmptyState title={t('written.duty.none')} />}
      />
      <Declare {...props} />
    </Page>,
  )
}

function Declare({ frame, errors, given }: DutyProps) {
  const { t, now, zone } = frame
  const error = (field: string): string | undefined =>
    errors?.[field] && t(`written.duty.error.${errors[field]}`)
  return (
    <Section title={t('written.duty.declare')}>
      <Form action="/warnings/single-duty" csrf={frame.csrf} label={t('written.duty.declare')}>
        <Field
          label={t('written.duty.starts')}
          name="starts"
          type="datetime-local"
          required
          value={given?.starts ?? fieldOf(now + hourMs, zone)}
          error={error('startsAt')}
        />
        <Field
          label={t('written.duty.ends')}
          name="ends"
          type="datetime-local"
          required
          value={given?.ends ?? fieldOf(now + 13 * hourMs, zone)}
          error={error('endsAt')}
          hint={t('written.duty.longest')}
        />
        <Field
          label={t('written.field.reason')}
          name="reason"
          required
          maxlength={500}
          value={given?.reason}
          error={error('reason')}
          hint={t('written.duty.reason.hint')}
        />
        <Actions>
          <Button kind="primary">{t('written.duty.declare.do')}</Button>
        </Actions>
      </Form>
    </Section>
  )
}
