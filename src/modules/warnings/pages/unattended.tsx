/** What organisations that have left leave open, and the two ways out: hand it over, or close it with a reason. */
import {
  Actions,
  Button,
  EmptyState,
  Field,
  Form,
  html,
  Page,
  type PageProps,
  Section,
  SeverityBadge,
  Time,
} from '../../../ui/index.ts'
import type { Unattended } from '../unattended.ts'
import { nameOf } from './both-cells.tsx'

export interface UnattendedProps {
  frame: PageProps
  rows: Unattended[]
  closed?: number
  refused?: { org: number; reason: string; error: string }
}

export function unattendedPage({ frame, rows, closed, refused }: UnattendedProps): string {
  const { t } = frame
  return html(
    <Page
      {...frame}
      lead={t('unattended.lead')}
      flash={closed === undefined ? undefined : { text: t('unattended.closed', { n: closed }) }}
    >
      {rows.length === 0 && (
        <EmptyState title={t('unattended.none')}>
          <p>{t('unattended.none.why')}</p>
        </EmptyState>
      )}
      {rows.map((row) => (
        <LeftBehind
          key={row.org}
          frame={frame}
          row={row}
          {...(refused?.org === row.org ? { refused } : {})}
        />
      ))}
    </Page>,
  )
}

interface Props {
  frame: PageProps
  row: Unattended
  refused?: { reason: string; error: string }
}

function LeftBehind({ frame, row, refused }: Props) {
  const { t, now, zone, csrf } = frame
  return (
    <Section title={row.orgName} id={`org-${row.org}`}>
      <p>
        <SeverityBadge t={t} severity={nameOf(row.severity)} />{' '}
        <a href={`/warnings?state=unattended&org=${row.org}`}>{t('unattended.n', { n: row.n })}</a>
      </p>
      {row.leftAt !== null && (
        <p class="muted">
          {t('unattended.left')} <Time t={t} at={row.leftAt} now={now} zone={zone} as="short" />: {row.reason}
        </p>
      )}
      <p>
        <a href={`/members/${row.org}/merger`}>{t('unattended.handOver')}</a> {t('unattended.handOver.what')}
      </p>
      <details class="details" open={refused !== undefined}>
        <summary>{t('unattended.close', { n: row.n })}</summary>
        <div class="details-body narrow">
          <Form
            action={`/unattended/${row.org}/closure`}
            csrf={csrf}
            label={t('unattended.close', { n: row.n })}
          >
            <Field
              label={t('unattended.reason')}
              name="reason"
              type="textarea"
              rows={2}
              required
              maxlength={1000}
              value={refused?.reason}
              error={refused?.error}
              hint={t('unattended.reason.hint')}
            />
            <Actions>
              <Button kind="primary">{t('unattended.close', { n: row.n })}</Button>
            </Actions>
          </Form>
        </div>
      </details>
    </Section>
  )
}
