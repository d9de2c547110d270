/** Addresses that return mails: what the other server said, whether they are still used, and another trial. */
import type { Frame } from '../../../platform/frame.ts'
import { Actions, Button, EmptyState, Facts, Form, html, Page, Section, Time } from '../../../ui/index.ts'
import type { Trouble } from '../bounces/standings.ts'

export const addressesDone = ['trying'] as const

interface Props {
  frame: Frame
  rows: Trouble[]
  mayTry: (row: Trouble) => boolean
  /** What came to the door in the last week; null for who is not told. */
  week: { kind: string; n: number }[] | null
  done?: (typeof addressesDone)[number] | undefined
}

export function addressesPage({ frame, rows, mayTry, week, done }: Props): string {
  const { t } = frame
  return html(
    <Page {...frame} lead={t('returns.lead')} flash={done ? { text: t(`returns.done.${done}`) } : undefined}>
      {rows.length === 0 && (
        <EmptyState title={t('returns.none')}>
          <p>{t('returns.noneWhat')}</p>
        </EmptyState>
      )}
      {rows.map((row) => (
        <Address key={row.id} frame={frame} row={row} mayTry={mayTry(row)} />
      ))}
      {week && week.length > 0 && (
        <Section title={t('returns.week')} lead={t('returns.week.what')}>
          <Facts
            facts={week.map(({ kind, n }) => ({ label: t(`returns.kind.${kind}`), value: String(n) }))}
          />
        </Section>
      )}
    </Page>,
  )
}

function Address({ frame, row, mayTry }: { frame: Frame; row: Trouble; mayTry: boolean }) {
  const { t, csrf, now, zone } = frame
  const state = row.suspendedAt !== null ? 'lost' : row.trying ? 'trying' : 'used'
  return (
    <Section title={row.address} id={`address-${row.id}`}>
      <Facts
        facts={[
          ...(row.name ? [{ label: t('returns.whose'), value: row.name }] : []),
          { label: t('returns.state'), value: t(`returns.state.${state}`) },
          { label: t('returns.said'), value: row.said || t('returns.saidNothing') },
          {
            label: t('returns.last'),
            value: (
              <>
                {t(`returns.kind.${row.kind}`)}{' '}
                <Time t={t} at={row.bouncedAt} now={now} zone={zone} as="short" />
              </>
            ),
          },
        ]}
      />
      {row.trying ? (
        <p class="muted">{t('returns.underWay')}</p>
      ) : mayTry ? (
        <Form action={`/mail-addresses/${row.id}/trial`} csrf={csrf} label={row.address} noTurbo>
          <Actions>
            <Button>{t('returns.try')}</Button>
          </Actions>
        </Form>
      ) : (
        <p class="muted">{t('returns.askOthers')}</p>
      )}
    </Section>
  )
}
