/** What coordinators decide of blocklists: hits of the never-list, false positives, jumps; and who is protected. */
import type { Frame } from '../../../../platform/frame.ts'
import {
  Button,
  EmptyState,
  Field,
  FilterBar,
  Form,
  html,
  Notice,
  Page,
  Section,
  Table,
} from '../../../../ui/index.ts'
import type { Protected, Trouble } from '../../blocklists/read-all.ts'
import { Enter } from './review-forms.tsx'
import { Items } from './review-items.tsx'
import { Never } from './review-never.tsx'
import type { ReviewProps } from './review-props.ts'
import { listWord, When } from './words.tsx'

export function reviewPage(props: ReviewProps): string {
  const { frame, waiting, troubles, items, find, done } = props
  const { t } = frame
  return html(
    <Page
      {...frame}
      lead={t('blocklists.review.lead')}
      flash={done ? { kind: 'done', text: t(`blocklists.review.done.${done}`) } : undefined}
    >
      <Section title={t('blocklists.review.waiting')} id="waiting">
        {troubles.map((trouble) => (
          <Held key={`${trouble.list} ${trouble.held}`} frame={frame} trouble={trouble} />
        ))}
        {waiting.length > 0 ? (
          <Items frame={frame} caption={t('blocklists.review.waiting')} rows={waiting} />
        ) : (
          troubles.length === 0 && <EmptyState title={t('blocklists.review.nothing')} />
        )}
      </Section>
      <Enter {...props} />
      <Section title={t('blocklists.review.items')} id="items">
        <Find frame={frame} find={find} />
        {items.length > 0 ? (
          <Items frame={frame} caption={t('blocklists.review.items')} rows={items} />
        ) : (
          <EmptyState title={t('blocklists.entries.none')} />
        )}
      </Section>
      <Protection {...props} />
      <Never {...props} />
    </Page>,
  )
}

const reviewPath = '/blocklists/review'

function Find({ frame: { t }, find }: { frame: Frame; find: string }) {
  return (
    <FilterBar action={reviewPath} t={t} {...(find === '' ? {} : { reset: reviewPath })}>
      <Field label={t('blocklists.find')} name="find" type="search" value={find} mono />
    </FilterBar>
  )
}

function Held({ frame, trouble }: { frame: Frame; trouble: Trouble }) {
  const { t, csrf } = frame
  const { list, names, held, entries, since } = trouble
  const who = { list: listWord(list, t), who: t.list(names), n: names.length }
  if (held === null)
    return (
      <Notice kind="wrong" title={t('blocklists.review.failed', who)}>
        <p>
          {t('blocklists.review.since')} <When frame={frame} at={since} />
        </p>
      </Notice>
    )
  return (
    <Notice
      kind="careful"
      title={t('blocklists.review.held', who)}
      actions={
        <Form action={`${reviewPath}/jumps/${list}/pass`} csrf={csrf} label={t('blocklists.review.pass')}>
          <Button consequence={t('blocklists.review.pass.what')}>{t('blocklists.review.pass')}</Button>
        </Form>
      }
    >
      <p>
        {t('blocklists.review.jump', { from: entries, to: held })} {t('blocklists.review.since')}{' '}
        <When frame={frame} at={since} />
      </p>
    </Notice>
  )
}

function Protection({ frame, protection }: ReviewProps) {
  const { t } = frame
  return (
    <Section
      title={t('blocklists.review.protection')}
      id="protection"
      lead={t('blocklists.review.protection.lead')}
    >
      <Table<Protected>
        caption={t('blocklists.review.protection')}
        captionHidden
        walkable={false}
        rows={protection}
        rowKey={(row) => row.org}
        columns={[
          { key: 'name', label: t('blocklists.review.member'), main: true, cell: (row) => row.name },
          {
            key: 'devices',
            label: t('blocklists.firewalls'),
            kind: 'number',
            cell: (row) => t.number(row.devices),
          },
          {
            key: 'current',
            label: t('blocklists.review.current'),
            kind: 'number',
            cell: (row) => t.number(row.current),
          },
          {
            key: 'entries',
            label: t('blocklists.entries'),
            kind: 'number',
            cell: (row) => t.number(row.entries),
          },
          {
            key: 'last',
            label: t('blocklists.lastFetch'),
            kind: 'time',
            cell: (row) => <When frame={frame} at={row.lastAt} />,
          },
        ]}
        empty={<EmptyState title={t('blocklists.review.nobody')} />}
      />
    </Section>
  )
}
