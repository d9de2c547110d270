/** For whoever acts for several organisations, or for none that has firewalls: whose lists to look at. */
import type { Frame } from '../../../../platform/frame.ts'
import { html, List, ListRow, Page } from '../../../../ui/index.ts'
import { pathOf } from './words.tsx'

interface ChooseProps {
  frame: Frame
  organisations: { id: number; name: string }[]
  /** The reader is a coordinator besides. */
  review: boolean
}

export function choosePage({ frame, organisations, review }: ChooseProps): string {
  return html(
    <Page {...frame} lead={frame.t('blocklists.lead')}>
      <List>
        {review && <ListRow href="/blocklists/review" title={frame.t('blocklists.review.title')} />}
        {organisations.map(({ id, name }) => (
          <ListRow key={id} href={pathOf(id)} title={name} />
        ))}
      </List>
    </Page>,
  )
}
