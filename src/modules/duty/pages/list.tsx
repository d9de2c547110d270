/** All duties that the reader may see: who is on duty now, until when, and where nobody will be. */
import type { Frame } from '../../../platform/frame.ts'
import { Actions, Button, EmptyState, html, List, ListRow, Page, Section } from '../../../ui/index.ts'
import type { Duty } from '../read.ts'
import { gapWords, nowWords } from './words.tsx'

interface ListProps {
  frame: Frame
  duties: Duty[]
  /** Organisations of the reader, and null for a coordinator's own. */
  own: (number | null)[]
  mayBegin: boolean
  /** Organisations whose simple form the reader keeps. */
  simple: { org: number; name: string }[]
  ended: boolean
}

export function listPage({ frame, duties, own, mayBegin, simple, ended }: ListProps): string {
  const { t } = frame
  const mine = duties.filter(({ org }) => own.includes(org))
  const others = duties.filter((duty) => !mine.includes(duty))
  return html(
    <Page {...frame} lead={t('duty.lead')} flash={ended ? { text: t('duty.done.ended') } : undefined}>
      <Actions>
        {mayBegin && duties.length > 0 && <Button href="/duty/new">{t('duty.new')}</Button>}
        <Button kind="quiet" href="/duty/policies">
          {t('duty.policies')}
        </Button>
        <Button kind="quiet" href="/duty/reach">
          {t('reach.title')}
        </Button>
        <Button kind="quiet" href="/duty/feeds">
          {t('duty.feeds')}
        </Button>
      </Actions>
      {duties.length === 0 && (
        <EmptyState
          title={t('duty.none')}
          actions={
            mayBegin && (
              <Button href="/duty/new" kind="primary">
                {t('duty.new')}
              </Button>
            )
          }
        >
          {t('duty.none.what')}
        </EmptyState>
      )}
      {simple.map(({ org, name }) => (
        <p key={org}>
          <a href={`/duty/simple/${org}`}>{t('duty.simple.for', { name })}</a>
        </p>
      ))}
      <Part frame={frame} title={t('duty.mine')} duties={mine} />
      <Part frame={frame} title={t('duty.others')} duties={others} />
    </Page>,
  )
}

function Part({ frame, title, duties }: { frame: Frame; title: string; duties: Duty[] }) {
  if (duties.length === 0) return null
  return (
    <Section title={title}>
      <List label={title}>
        {duties.map((duty) => (
          <ListRow
            key={duty.id}
            href={`/duty/${duty.id}`}
            title={duty.name}
            meta={duty.orgName ?? frame.t('duty.coordinators')}
          >
            <p>{nowWords(frame, duty)}</p>
            <p class="row-meta">{gapWords(frame, duty)}</p>
          </ListRow>
        ))}
      </List>
    </Section>
  )
}
