/** The public home page: what hSOC is, what is new, what is coming, how the plan goes. */
import { html, Page, type PageProps, Section } from '../../../ui/index.ts'
import type { SectorDay } from '../../events/index.ts'
import { placePath } from '../places.ts'
import type { Goal } from '../plan-read.ts'
import { type PublicText, wordsFor } from '../texts-read.ts'
import { PlanSentence, tallyOf } from './plan.tsx'
import { type Held, NewsList, OccasionList } from './posts.tsx'
import { Prose, TranslationNotice } from './text.tsx'

export interface HomeProps {
  frame: PageProps & { zone: string }
  text: PublicText | null
  news: PublicText[]
  coming: Held[]
  goals: Goal[]
  sector: SectorDay | null
}

export function homePage(props: HomeProps): string {
  const { frame, text, goals, sector } = props
  const { t } = frame
  const said = text && wordsFor(text, t.lang)
  const foreign = said && said.lang !== t.lang ? said.lang : undefined
  return html(
    <Page
      {...frame}
      head={<h1 lang={foreign}>{said?.words.title ?? frame.title}</h1>}
      lead={<span lang={foreign}>{said?.words.summary ?? frame.lead}</span>}
    >
      {said && frame.site && <TranslationNotice t={t} state={said.state} other={frame.site.other.href} />}
      {said && <Prose markdown={said.words.body} lang={foreign} />}
      {sector && (
        <p>
          <a href={placePath('figures', t.lang)}>
            {t('site.home.yesterday', { n: sector.events, dropped: t.percent(sector.dropped_share) })}
          </a>
        </p>
      )}
      <Latest {...props} />
      {goals.length > 0 && (
        <Section
          title={t('site.place.plan')}
          actions={<a href={placePath('plan', t.lang)}>{t('site.home.plan')}</a>}
        >
          <PlanSentence t={t} tally={tallyOf(goals)} />
        </Section>
      )}
    </Page>,
  )
}

function Latest({ frame, news, coming }: HomeProps) {
  const { t, zone } = frame
  if (news.length === 0 && coming.length === 0) return null
  return (
    <div class="site-columns">
      {news.length > 0 && (
        <Section
          title={t('site.place.news')}
          actions={<a href={placePath('news', t.lang)}>{t('site.home.news')}</a>}
        >
          <NewsList t={t} texts={news} zone={zone} />
        </Section>
      )}
      {coming.length > 0 && (
        <Section
          title={t('site.place.occasions')}
          actions={<a href={placePath('occasions', t.lang)}>{t('site.home.occasions')}</a>}
        >
          <OccasionList t={t} held={coming} zone={zone} />
        </Section>
      )}
    </div>
  )
}
