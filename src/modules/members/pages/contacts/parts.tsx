/** What the pages of the contact book share: a value to touch, its proof and age, and a table for paper. */

import { dayOf, dayShort } from '../../../../platform/dates.ts'
import type { Frame } from '../../../../platform/frame.ts'
import { Chip, Time } from '../../../../ui/index.ts'
import type { Entry } from '../../contacts/book.ts'
import { ageOf, dueOn, proofOf } from '../../contacts/gaps.ts'
import { linkOf, oddityOf, readable } from '../../contacts/values.ts'
import type { Channel } from '../../contacts/words.ts'

/** The value, loud enough for a tired thumb: a touch calls or writes. */
export function Value({ channel, value }: { channel: Channel; value: string }) {
  const href = linkOf(channel, value)
  const shown = readable(channel, value)
  return href ? (
    <a class="contact-value" href={href}>
      {shown}
    </a>
  ) : (
    <span class="contact-value">{shown}</span>
  )
}

/** Says of an address that it may only look like another one; wherever it is shown. */
export function Odd({ frame: { t }, entry }: { frame: Frame; entry: Entry }) {
  if (oddityOf(entry.channel, entry.value, []) === null) return null
  return <strong title={t('contacts.oddity.letters')}>{t('contacts.oddity.short')}</strong>
}

/** Whether somebody was proved to be reached there, and when. */
export function Proof({ frame, verifiedAt }: { frame: Frame; verifiedAt: number | null }) {
  const { t, now, zone } = frame
  const proof = proofOf(verifiedAt, now)
  return (
    <span class={`contact-proof contact-${proof}`}>
      {t(`contacts.proof.${proof}`)}
      {verifiedAt !== null && (
        <>
          {' '}
          <Time t={t} at={verifiedAt} now={now} zone={zone} />
        </>
      )}
      {proof === 'old' && ` – ${t('contacts.proof.again')}`}
    </span>
  )
}

/** When the organisation last said that its book is right, and until when that holds. */
export function Attested({ frame, at }: { frame: Frame; at: number | null }) {
  const { t, now, zone } = frame
  const age = ageOf(at, dayOf(now, zone))
  if (at === null) return <p class="contact-age contact-age-never">{t('contacts.age.never')}</p>
  return (
    <p class={`contact-age contact-age-${age}`}>
      {t('contacts.age.at')} <Time t={t} at={at} now={now} zone={zone} />.{' '}
      {t(`contacts.age.${age}`, { due: dayShort(dueOn(at), t, true) })}
    </p>
  )
}

export function Shown({ frame: { t }, entry }: { frame: Frame; entry: Entry }) {
  const waits = entry.visibility === 'members' && !entry.agreed
  return <Chip>{t(waits ? 'contacts.shown.waits' : `contacts.shown.${entry.visibility}`)}</Chip>
}

export const hoursOf = (entry: Entry, t: Frame['t']): string =>
  [entry.roundTheClock ? t('contacts.always') : '', entry.hours].filter(Boolean).join(', ')

/** For paper and for the sector: one line an entry, in the order of trying; lines fold on a phone and stay lines on paper. */
export function BookLines({ frame, entries, label }: { frame: Frame; entries: Entry[]; label: string }) {
  const { t } = frame
  return (
    <ol class="book-lines" aria-label={label}>
      {entries.map((entry) => (
        <li key={entry.id} class="book-line">
          <span class="muted">{t(`contacts.for.${entry.purpose}`)}</span>
          <strong>{entry.name}</strong>
          <span>
            <span class="muted">{t(`contacts.channel.${entry.channel}`)}</span>{' '}
            <Value channel={entry.channel} value={entry.value} /> <Odd frame={frame} entry={entry} />
          </span>
          <span class="muted">{hoursOf(entry, t)}</span>
          <Proof frame={frame} verifiedAt={entry.verifiedAt} />
        </li>
      ))}
    </ol>
  )
}
