/** Lists of news and of what is on the calendar. */
import { DateTime } from 'luxon'
import { clock, dayOf, dayShort } from '../../../platform/dates.ts'
import type { T } from '../../../platform/i18n.ts'
import { Chip, EmptyState, html, Page, type PageProps, Section } from '../../../ui/index.ts'
import type { Occasion } from '../occasions.ts'
import { pathOf, placePath } from '../places.ts'
import { type PublicText, wordsFor } from '../texts-read.ts'

/** "3. 3. 2026 9:00–11:00", or both days where it spans them. */
export function when(
  t: T,
  { startsAt, endsAt }: Pick<Occasion, 'startsAt' | 'endsAt'>,
  zone: string,
): string {
  const day = (at: number) => dayShort(dayOf(at, zone), t, true)
  const from = `${day(startsAt)} ${clock(startsAt, t, zone)}`
  const to = day(startsAt) === day(endsAt) ? '' : `${day(endsAt)} `
  return `${from}–${to}${clock(endsAt, t, zone)}`
}

export function NewsList({ t, texts, zone }: { t: T; texts: PublicText[]; zone: string }) {
  return (
    <ul class="posts">
      {texts.map((text) => {
        const { lang, words } = wordsFor(text, t.lang)
        const foreign = lang === t.lang ? undefined : lang
        return (
          <li key={text.id}>
            <p class="post-title">
              <a href={pathOf(text, t.lang)} lang={foreign}>
                {words.title}
              </a>
            </p>
            <p class="post-meta">{dayShort(dayOf(text.firstPublishedAt, zone), t, true)}</p>
            {words.summary && <p lang={foreign}>{words.summary}</p>}
          </li>
        )
      })}
    </ul>
  )
}

export interface Held {
  occasion: Occasion
  text: PublicText
}

export function OccasionList({ t, held, zone }: { t: T; held: Held[]; zone: string }) {
  return (
    <ul class="posts">
      {held.map(({ occasion, text }) => {
        const { lang, words } = wordsFor(text, t.lang)
        const foreign = lang === t.lang ? undefined : lang
        return (
          <li key={text.id}>
            <p class="post-title">
              <a href={pathOf(text, t.lang)} lang={foreign}>
                {words.title}
              </a>
            </p>
            <p class="post-meta">
              <time dateTime={DateTime.fromMillis(occasion.startsAt, { zone }).toISO() ?? undefined}>
                {when(t, occasion, zone)}
              </time>
              {occasion.place && ` · ${occasion.place}`} · {t(`site.occasion.kind.${occasion.kind}`)}{' '}
              {occasion.cancelledAt !== null && <Chip>{t('site.occasion.cancelled')}</Chip>}
            </p>
            {words.summary && <p lang={foreign}>{words.summary}</p>}
          </li>
        )
      })}
    </ul>
  )
}

interface NewsProps {
  frame: PageProps & { zone: string }
  texts: PublicText[]
  /** Address of what is older. */
  older: string | null
}

export function newsPage({ frame, texts, older }: NewsProps): string {
  const { t, zone } = frame
  return html(
    <Page {...frame}>
      {texts.length === 0 ? (
        <EmptyState title={t('site.news.none')} />
      ) : (
        <NewsList t={t} texts={texts} zone={zone} />
      )}
      {older && (
        <p>
          <a href={older}>{t('site.news.older')}</a>
        </p>
      )}
      <p class="muted">
        <a href={`${placePath('news', t.lang)}.atom`}>{t('site.news.atom')}</a>{' '}
        <a href="/feeds">{t('feeds.more')}</a>
      </p>
    </Page>,
  )
}

interface OccasionsProps {
  frame: PageProps & { zone: string }
  coming: Held[]
  past: Held[]
}

export function occasionsPage({ frame, coming, past }: OccasionsProps): string {
  const { t, zone } = frame
  return html(
    <Page {...frame}>
      {coming.length === 0 ? (
        <EmptyState title={t('site.occasions.none')} />
      ) : (
        <OccasionList t={t} held={coming} zone={zone} />
      )}
      <p class="muted">
        <a href={`${placePath('occasions', t.lang)}.ics`}>{t('site.occasions.ics')}</a>
      </p>
      {past.length > 0 && (
        <Section title={t('site.occasions.past')}>
          <OccasionList t={t} held={past} zone={zone} />
        </Section>
      )}
    </Page>,
  )
}

/** Under the heading of one occasion. */
export function OccasionFacts({ t, held, zone }: { t: T; held: Held; zone: string }) {
  const { occasion, text } = held
  return (
    <dl class="facts">
      <div class="fact">
        <dt>{t('site.occasion.when')}</dt>
        <dd>
          {when(t, occasion, zone)}{' '}
          {occasion.cancelledAt !== null && <Chip>{t('site.occasion.cancelled')}</Chip>}
        </dd>
      </div>
      {occasion.place && (
        <div class="fact">
          <dt>{t('site.occasion.place')}</dt>
          <dd>{occasion.place}</dd>
        </div>
      )}
      <div class="fact">
        <dt>{t('site.occasion.kind')}</dt>
        <dd>{t(`site.occasion.kind.${occasion.kind}`)}</dd>
      </div>
      <div class="fact">
        <dt>{t('site.occasion.calendar')}</dt>
        <dd>
          <a href={`${pathOf(text, t.lang)}/${t.lang === 'cs' ? 'akce' : 'event'}.ics`}>
            {t('site.occasion.ics')}
          </a>
        </dd>
      </div>
    </dl>
  )
}
