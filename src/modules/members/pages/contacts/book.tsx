/** The contact book of one organisation: whom to reach for what, in the order of trying; what is missing; how old it is. */
import type { Frame } from '../../../../platform/frame.ts'
import { Actions, Button, EmptyState, Form, html, Notice, Page, Section } from '../../../../ui/index.ts'
import type { Entry } from '../../contacts/book.ts'
import { type Purpose, purposes } from '../../contacts/words.ts'
import { Attested, BookLines, hoursOf, Odd, Proof, Shown, Value } from './parts.tsx'

export const bookDone = ['removed', 'ordered', 'attested'] as const

export interface BookProps {
  frame: Frame
  org: number
  /** Of the organisation. */
  name: string
  entries: Entry[]
  attestedAt: number | null
  gaps: string[]
  mayKeep: boolean
  mayAttest: boolean
  /** Of the book as it is shown here. */
  digest: string
  /** Contacts, by number, for which a code was read out just now. */
  called: number[]
  /** The reader's own contacts whose showing to members waits for their word. */
  asked: Entry[]
  done?: (typeof bookDone)[number] | undefined
  /** The book has changed since it was looked at. */
  changed?: boolean
}

export function bookPage(props: BookProps): string {
  const { frame, org, name, entries, done, mayKeep } = props
  const { t } = frame
  return html(
    <Page
      {...frame}
      organisation={name}
      lead={t('contacts.lead', { name })}
      flash={done ? { text: t(`contacts.done.${done}`) } : undefined}
    >
      {props.changed && <Notice kind="wrong">{t('contacts.changed')}</Notice>}
      <Called {...props} />
      <Asked {...props} />
      <Attested frame={frame} at={props.attestedAt} />
      <Actions>
        {mayKeep && (
          <Button kind="primary" href={`/members/${org}/contacts/new`}>
            {t('contacts.add')}
          </Button>
        )}
        <Button href={`/members/${org}/contacts/print`}>{t('contacts.print')}</Button>
        <Button href={`/members/${org}/contacts/pdf`} download>
          {t('print.get')}
        </Button>
        {mayKeep && <Button href="/mail-keys">{t('pgp.title')}</Button>}
        <Button href="/contacts/download">{t('contacts.download')}</Button>
        <Button href="/contacts/sector">{t('contacts.sector')}</Button>
      </Actions>
      {mayKeep && <Gaps {...props} />}
      {entries.length === 0 ? (
        <EmptyState title={t('contacts.none')}>
          <p>{t(mayKeep ? 'contacts.none.keeper' : 'contacts.none.reader')}</p>
        </EmptyState>
      ) : (
        purposes.map((purpose) => <OnePurpose key={purpose} {...props} purpose={purpose} />)
      )}
      {!mayKeep && <Gaps {...props} />}
      <Attestation {...props} />
    </Page>,
  )
}

function Called({ frame: { t }, org, entries, called }: BookProps) {
  return (
    <>
      {called.map((point) => (
        <Notice
          key={point}
          kind="careful"
          title={t('contacts.called', { name: entries.find((entry) => entry.point === point)?.name ?? '' })}
          actions={
            <Button kind="primary" href={`/members/${org}/contacts/${point}#code`}>
              {t('contacts.called.do')}
            </Button>
          }
        />
      ))}
    </>
  )
}

function Asked({ frame: { t, csrf }, org, asked }: BookProps) {
  return (
    <>
      {asked.map((entry) => (
        <Notice
          key={entry.id}
          title={t('contacts.asked')}
          actions={
            <Form action={`/members/${org}/contacts/${entry.point}/agreement`} csrf={csrf}>
              <Button kind="primary">{t('contacts.agree')}</Button>
            </Form>
          }
        >
          <p>
            {t(`contacts.for.${entry.purpose}`)}: <Value channel={entry.channel} value={entry.value} />
          </p>
        </Notice>
      ))}
    </>
  )
}

function Gaps({ frame: { t }, gaps }: BookProps) {
  if (gaps.length === 0) return <p class="works">{t('contacts.noGaps')}</p>
  return (
    <Section title={t('contacts.gaps')} id="gaps">
      <ul class="bullets">
        {gaps.map((gap) => (
          <li key={gap}>{t(`contacts.gap.${gap}`)}</li>
        ))}
      </ul>
    </Section>
  )
}

function OnePurpose({ purpose, ...props }: BookProps & { purpose: Purpose }) {
  const { t } = props.frame
  const entries = props.entries.filter((entry) => entry.purpose === purpose)
  return (
    <Section title={t(`contacts.for.${purpose}`)} id={purpose} lead={t(`contacts.for.${purpose}.what`)}>
      {entries.length === 0 ? (
        <p class="muted">{t('contacts.nobody')}</p>
      ) : (
        <ol class="contacts">
          {entries.map((entry, at) => (
            <li key={entry.id} class="contact">
              <OneEntry {...props} entry={entry} isFirst={at === 0} isLast={at === entries.length - 1} />
            </li>
          ))}
        </ol>
      )}
    </Section>
  )
}

interface EntryProps extends BookProps {
  entry: Entry
  isFirst: boolean
  isLast: boolean
}

function OneEntry(props: EntryProps) {
  const { frame, org, entry, mayKeep } = props
  const { t } = frame
  const hours = hoursOf(entry, t)
  return (
    <>
      <p class="contact-who">
        <a href={`/members/${org}/contacts/${entry.point}`}>{entry.name}</a>
        {hours && <span class="muted">{hours}</span>}
      </p>
      <p>
        <span class="muted">{t(`contacts.channel.${entry.channel}`)}</span>{' '}
        <Value channel={entry.channel} value={entry.value} /> <Odd frame={frame} entry={entry} />
      </p>
      <p class="contact-state">
        <Proof frame={frame} verifiedAt={entry.verifiedAt} /> <Shown frame={frame} entry={entry} />
      </p>
      {mayKeep && !(props.isFirst && props.isLast) && <Order {...props} />}
    </>
  )
}

/** Buttons with words, as they have to work without script, by keyboard and by thumb. */
function Order({ frame: { t, csrf }, org, entry, isFirst, isLast }: EntryProps) {
  const who = { name: entry.name, purpose: t(`contacts.for.${entry.purpose}`) }
  return (
    <Form
      action={`/members/${org}/contacts/${entry.point}/order`}
      csrf={csrf}
      hidden={{ purpose: entry.purpose }}
      class="contact-order"
      label={t('contacts.order.what', who)}
    >
      {!isFirst && (
        <Button kind="quiet" name="way" value="up">
          {t('contacts.order.up')}
        </Button>
      )}
      {!isLast && (
        <Button kind="quiet" name="way" value="down">
          {t('contacts.order.down')}
        </Button>
      )}
    </Form>
  )
}

function Attestation({ frame: { t, csrf }, org, entries, mayAttest, digest }: BookProps) {
  if (!mayAttest || entries.length === 0) return null
  return (
    <Section title={t('contacts.attest.title')} id="attestation" lead={t('contacts.attest.lead')}>
      <Form action={`/members/${org}/contacts/attestation`} csrf={csrf} hidden={{ seen: digest }}>
        <Button kind="primary">{t('contacts.attest.do')}</Button>
      </Form>
    </Section>
  )
}

/** The same for paper: the day of printing stands in the head, the age at each line. */
export function printPage({
  frame,
  name,
  entries,
  attestedAt,
}: Pick<BookProps, 'frame' | 'name' | 'entries' | 'attestedAt'>): string {
  const { t } = frame
  return html(
    <Page {...frame} organisation={name} lead={name}>
      <Attested frame={frame} at={attestedAt} />
      <p class="no-print">{t('contacts.print.how')}</p>
      <BookLines frame={frame} entries={entries} label={t('contacts.title')} />
    </Page>,
  )
}
