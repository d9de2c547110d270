/** Written warnings that organisations leave unanswered, or undone past their day: coordinators call them. */
import type { T } from '../../../platform/i18n.ts'
import { Button, List, ListRow, Section, SeverityBadge, Time } from '../../../ui/index.ts'
import type { ToCall } from '../../warnings/index.ts'
import { nameOf } from '../../warnings/pages.ts'

interface ToCallProps {
  t: T
  calls: ToCall[]
  now: number
  zone?: string
}

export function ToCallSection({ t, calls, now, zone }: ToCallProps) {
  if (calls.length === 0) return null
  return (
    <Section title={t('home.c.calls')} id="calls">
      <List label={t('home.c.calls')}>
        {calls.map((one) => {
          const href = `/warnings/written/${one.warning}/board#calls`
          return (
            <ListRow
              key={one.warning}
              href={href}
              badge={<SeverityBadge t={t} severity={nameOf(one.severity)} />}
              title={`${one.number} ${one.title}`}
              meta={
                <>
                  {t('home.from')} <Time t={t} at={one.since} now={now} zone={zone} as="short" />
                </>
              }
              actions={<Button href={href}>{t('home.c.calls.do')}</Button>}
            >
              <p class="row-say">{t('home.c.calls.n', { n: one.orgs })}</p>
            </ListRow>
          )
        })}
      </List>
    </Section>
  )
}
