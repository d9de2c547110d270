/** Replies by text message that nobody understood: a coordinator reads them, calls back where it is needed, and says that it is done. */
import type { Frame } from '../../../platform/frame.ts'
import type { T } from '../../../platform/i18n.ts'
import { Button, Chip, EmptyState, Form, html, Page, Table, Tabs, Time } from '../../../ui/index.ts'
import type { ShortReply } from '../sms/incoming.ts'

interface Props {
  frame: Frame
  replies: ShortReply[]
  all: boolean
}

export function repliesPage({ frame, replies, all }: Props): string {
  const { t, now, zone, csrf } = frame
  return html(
    <Page {...frame} lead={t('ways.replies.lead')}>
      <Tabs
        t={t}
        label={t('ways.replies')}
        active={all ? 'all' : 'open'}
        tabs={[
          { key: 'open', label: t('ways.replies.open'), href: '/short-replies' },
          { key: 'all', label: t('ways.replies.all'), href: '/short-replies?all=1' },
        ]}
      />
      <Table<ShortReply>
        caption={t('ways.replies')}
        captionHidden
        walkable={false}
        rows={replies}
        rowKey={(row) => row.id}
        empty={<EmptyState title={t(all ? 'ways.replies.none' : 'ways.replies.noneOpen')} />}
        columns={[
          {
            key: 'at',
            label: t('ways.reply.at'),
            kind: 'time',
            cell: (row) => <Time t={t} at={row.at} now={now} zone={zone} as="short" />,
          },
          {
            key: 'from',
            label: t('ways.reply.from'),
            main: true,
            cell: (row) => (
              <>
                {row.person} <span class="muted">{row.sender}</span>
              </>
            ),
          },
          { key: 'text', label: t('ways.reply.text'), cell: (row) => row.text },
          { key: 'as', label: t('ways.reply.as'), cell: (row) => <TakenAs t={t} row={row} /> },
          {
            key: 'do',
            label: t('ways.reply.do'),
            cell: (row) =>
              row.takenAs !== null ? null : row.settledBy !== null ? (
                t('ways.reply.settledBy', { name: row.settledBy })
              ) : (
                <Form action={`/short-replies/${row.id}/settlement`} csrf={csrf} noTurbo>
                  <Button>{t('ways.reply.settle')}</Button>
                </Form>
              ),
          },
        ]}
      />
    </Page>,
  )
}

/** The answer that it was, or why it was none. */
export function TakenAs({ t, row }: { t: T; row: ShortReply }) {
  if (row.takenAs !== null) return t.has(`ways.as.${row.takenAs}`) ? t(`ways.as.${row.takenAs}`) : row.takenAs
  return (
    <>
      <Chip>{t('ways.reply.not')}</Chip>
      {row.whyNot && t.has(`ways.not.${row.whyNot}`) && (
        <div class="muted">{t(`ways.not.${row.whyNot}`)}</div>
      )}
    </>
  )
}
