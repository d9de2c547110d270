/** Why did I get this, why did I not: the reader's own messages about a warning, and those of the people it looks after. */
import type { Frame } from '../../../platform/frame.ts'
import type { T } from '../../../platform/i18n.ts'
import { Actions, Button, html, Page, Section, Table, Time } from '../../../ui/index.ts'
import type { Message, Told } from '../why.ts'

interface Props {
  frame: Frame
  told: Told
  /** The warning's page. */
  back: string
}

export function whyPage({ frame, told, back }: Props): string {
  const { t } = frame
  const { number, own, not, theirs } = told
  return html(
    <Page {...frame} head={<h1>{t('why.head', { number })}</h1>} lead={t('why.lead')}>
      <Section title={t('why.own')} id="own">
        {own.length === 0 ? (
          <p>{t('why.own.none')}</p>
        ) : (
          <Messages frame={frame} rows={own} caption={t('why.own')} named={false} />
        )}
      </Section>
      {not.length > 0 && (
        <Section title={t('why.not')} id="not">
          <ul class="bullets">
            {not.map(({ channel, why }) => (
              <li key={channel}>
                {t('why.not.line', { way: t(`ways.name.${channel}`), why: t(`why.not.${why}`) })}
              </li>
            ))}
          </ul>
        </Section>
      )}
      {theirs && (
        <Section title={t('why.theirs')} id="theirs" lead={t('why.theirs.lead')}>
          {theirs.length === 0 ? (
            <p>{t('why.theirs.none')}</p>
          ) : (
            <Messages frame={frame} rows={theirs} caption={t('why.theirs')} named />
          )}
        </Section>
      )}
      <Actions>
        <Button href={back}>{t('why.back')}</Button>
        <Button href="/account/ways">{t('ways.account.open')}</Button>
      </Actions>
    </Page>,
  )
}

/** What decided it: a role for mails, one's own wish for other ways. */
const becauseOf = ({ channel, kind, about }: Message, t: T): string =>
  kind === 'revoked'
    ? t('why.because.revoked')
    : kind === 'ladder'
      ? t(`why.because.${about === 'deadline' || about === 'calls' ? about : 'ladder'}`)
      : t(`why.because.${channel === 'sms' || channel === 'push' ? 'choice' : channel}`)

function Messages({
  frame: { t, now, zone },
  rows,
  caption,
  named,
}: {
  frame: Frame
  rows: Message[]
  caption: string
  named: boolean
}) {
  const time = (at: number) => <Time t={t} at={at} now={now} zone={zone} as="short" />
  return (
    <Table<Message>
      caption={caption}
      captionHidden
      walkable={false}
      rows={rows}
      rowKey={(row) => row.id}
      columns={[
        { key: 'at', label: t('why.at'), kind: 'time', cell: (row) => time(row.decidedAt) },
        ...(named
          ? [
              {
                key: 'who',
                label: t('why.who'),
                cell: (row: Message) => row.person ?? row.org ?? t('mails.log.contact'),
              },
            ]
          : []),
        {
          key: 'what',
          label: t('why.what'),
          main: true,
          cell: (row) => `${t(`ways.name.${row.channel}`)}: ${t(`mails.kindName.${row.kind}`)}`,
        },
        { key: 'why', label: t('why.because'), cell: (row) => becauseOf(row, t) },
        {
          key: 'state',
          label: t('why.state'),
          cell: (row) => (
            <>
              {t(`mails.state.${row.state}`)} {row.sentAt !== null && time(row.sentAt)}
              {row.reason && t.has(`mails.reason.${row.reason}`) && (
                <div class="muted">{t(`mails.reason.${row.reason}`)}</div>
              )}
            </>
          ),
        },
      ]}
    />
  )
}
