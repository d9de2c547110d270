/** The book as a page of its own, for a file that is opened without a network: no script, no outside part. */
import { dayOf, dayShort, exact } from '../../../../platform/dates.ts'
import type { T } from '../../../../platform/i18n.ts'
import { html } from '../../../../ui/index.ts'
import type { Book, Entry } from '../../contacts/book.ts'
import { ageOf, dueOn, proofOf } from '../../contacts/gaps.ts'
import { linkOf, oddityOf, readable } from '../../contacts/values.ts'
import { hoursOf } from './parts.tsx'

interface FileProps {
  t: T
  books: Book[]
  /** For whom it was made. */
  by: string
  now: number
  zone: string
}

const style = `:root{color-scheme:light dark}body{font:17px/1.45 system-ui,sans-serif;max-width:60rem;margin:1.5rem auto;padding:0 1rem}
h1{font-size:1.6rem}h2{font-size:1.25rem;border-top:1px solid #888;padding-top:.75rem;margin-top:1.75rem}
h3{font-size:1rem;margin:.9rem 0 .2rem}ol{margin:0;padding-left:1.4rem}li{margin:.35rem 0}
a{color:inherit;font-weight:700;font-size:1.15em}.muted{opacity:.75;font-size:.9em}
@media print{body{font-size:11px;max-width:none;margin:0}h2{break-after:avoid}li{break-inside:avoid}}`

export function contactFile(props: FileProps): string {
  const { t, books, by, now, zone } = props
  return html(
    <html lang={t.lang}>
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>{t('contacts.file.title')}</title>
        <style>{style}</style>
      </head>
      <body>
        <h1>{t('contacts.file.title')}</h1>
        <p>{t('contacts.file.made', { when: exact(now, t, zone), by })}</p>
        {books.map((book) => (
          <OneBook key={book.org} {...props} book={book} />
        ))}
      </body>
    </html>,
  )
}

function OneBook({ book, ...props }: FileProps & { book: Book }) {
  const { t, now, zone } = props
  const age = ageOf(book.attestedAt, dayOf(now, zone))
  const purposes = [...new Set(book.entries.map((entry) => entry.purpose))]
  return (
    <section>
      <h2>{book.name}</h2>
      <p class="muted">
        {book.attestedAt === null
          ? t('contacts.age.never')
          : `${t('contacts.age.at')} ${exact(book.attestedAt, t, zone)}. ${t(`contacts.age.${age}`, { due: dayShort(dueOn(book.attestedAt), t, true) })}`}
      </p>
      {purposes.map((purpose) => (
        <div key={purpose}>
          <h3>{t(`contacts.for.${purpose}`)}</h3>
          <ol>
            {book.entries
              .filter((entry) => entry.purpose === purpose)
              .map((entry) => (
                <OneLine key={entry.id} {...props} entry={entry} />
              ))}
          </ol>
        </div>
      ))}
    </section>
  )
}

function OneLine({ entry, t, now, zone }: FileProps & { entry: Entry }) {
  const href = linkOf(entry.channel, entry.value)
  const shown = readable(entry.channel, entry.value)
  const hours = hoursOf(entry, t)
  const state = proofOf(entry.verifiedAt, now)
  const proof = t(`contacts.proof.${state}`)
  const again = state === 'old' ? ` – ${t('contacts.proof.again')}` : ''
  return (
    <li>
      {entry.name}
      {hours && `, ${hours}`}: {t(`contacts.channel.${entry.channel}`)}{' '}
      {href ? <a href={href}>{shown}</a> : <b>{shown}</b>}{' '}
      {oddityOf(entry.channel, entry.value, []) && <b>({t('contacts.oddity.short')}) </b>}
      <span class="muted">
        {entry.verifiedAt === null ? proof : `${proof} ${exact(entry.verifiedAt, t, zone)}${again}`}
      </span>
    </li>
  )
}
