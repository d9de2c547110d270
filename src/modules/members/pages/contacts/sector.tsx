/** The sector's book: what every organisation has chosen to show this reader, searched and printed. */
import type { Frame } from '../../../../platform/frame.ts'
import {
  Actions,
  Button,
  EmptyState,
  Field,
  FilterBar,
  html,
  Notice,
  Page,
  Section,
} from '../../../../ui/index.ts'
import type { Book, Search } from '../../contacts/book.ts'
import { purposes } from '../../contacts/words.ts'
import { Attested, BookLines } from './parts.tsx'

interface SectorProps {
  frame: Frame
  books: Book[]
  /** As many organisations at most are shown. */
  most: number
  search: Search
  /** Organisations whose book the reader may open: the own ones, or all for coordinators. */
  opens: (org: number) => boolean
  /** Whether the reader has a book of their own. */
  hasOwn: boolean
  isCentral: boolean
}

export function sectorPage({ frame, books, most, search, opens, hasOwn, isCentral }: SectorProps): string {
  const { t } = frame
  const isSearched = Boolean(search.q || search.purpose)
  return html(
    <Page {...frame} lead={t('contacts.sector.lead')}>
      <FilterBar t={t} action="/contacts/sector" {...(isSearched ? { reset: '/contacts/sector' } : {})}>
        <Field label={t('contacts.search')} name="q" type="search" value={search.q ?? ''} maxlength={200} />
        <Field
          label={t('contacts.purpose')}
          name="purpose"
          type="select"
          value={search.purpose ?? ''}
          options={[
            { value: '', label: t('contacts.purpose.any') },
            ...purposes.map((value) => ({ value, label: t(`contacts.for.${value}`) })),
          ]}
        />
      </FilterBar>
      <Actions>
        <Button href="/contacts/download">{t('contacts.download')}</Button>
        {isCentral && <Button href="/contacts/standing">{t('contacts.standings')}</Button>}
        {hasOwn && <Button href="/contacts">{t('contacts.own')}</Button>}
      </Actions>
      {books.length === 0 && (
        <EmptyState title={t(isSearched ? 'contacts.sector.notFound' : 'contacts.sector.none')}>
          <p>{t(isSearched ? 'contacts.sector.notFoundWhat' : 'contacts.sector.noneWhat')}</p>
        </EmptyState>
      )}
      {books.length >= most && <Notice>{t('contacts.sector.many', { n: most })}</Notice>}
      {books.map((book) => (
        <Section
          key={book.org}
          title={book.name}
          id={`org-${book.org}`}
          actions={opens(book.org) && <a href={`/members/${book.org}/contacts`}>{t('contacts.open')}</a>}
        >
          <Attested frame={frame} at={book.attestedAt} />
          <BookLines frame={frame} entries={book.entries} label={book.name} />
        </Section>
      ))}
    </Page>,
  )
}

/** For whoever acts for several organisations. */
export const chooseBookPage = ({
  frame,
  own,
}: {
  frame: Frame
  own: { id: number; name: string }[]
}): string =>
  html(
    <Page {...frame} lead={frame.t('contacts.choose')}>
      <ul>
        {own.map(({ id, name }) => (
          <li key={id}>
            <a href={`/members/${id}/contacts`}>{name}</a>
          </li>
        ))}
      </ul>
    </Page>,
  )
