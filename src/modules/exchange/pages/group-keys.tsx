/** Keys of a group, and one of them, shown once. */
import type { Frame } from '../../../platform/frame.ts'
import {
  Actions,
  Button,
  CodeBlock,
  EmptyState,
  Field,
  Form,
  html,
  Notice,
  Page,
  Section,
  Table,
  Time,
} from '../../../ui/index.ts'
import { type Group, type GroupKey, lives, longestLabel } from '../atom/group-keys.ts'

export interface GivenGroupKey {
  label: string
  days: string
}

interface Props {
  frame: Frame
  group: Group
  keys: GroupKey[]
  given: GivenGroupKey
  errors: Record<string, string>
  done: boolean
}

export function groupKeysPage({ frame, group, keys, given, errors, done }: Props): string {
  const { t, csrf } = frame
  const action = `/feeds/groups/${encodeURIComponent(group.slug)}/keys`
  return html(
    <Page
      {...frame}
      lead={t('feeds.groupKeys.lead')}
      flash={done ? { kind: 'done', text: t('feeds.groupKeys.revoked') } : undefined}
    >
      {keys.length === 0 ? (
        <EmptyState title={t('feeds.groupKeys.none')}>{t('feeds.groupKeys.none.what')}</EmptyState>
      ) : (
        <Keys frame={frame} keys={keys} action={action} />
      )}
      <Section title={t('feeds.groupKeys.make')}>
        <Form action={action} csrf={csrf} noTurbo>
          <Field
            label={t('feeds.groupKeys.label')}
            name="label"
            required
            maxlength={longestLabel}
            value={given.label}
            hint={t('feeds.groupKeys.label.hint')}
            error={errors.label && t('feeds.groupKeys.wrong.label')}
          />
          <Field
            label={t('feeds.groupKeys.days')}
            name="days"
            type="select"
            value={given.days}
            options={lives.map((n) => ({ value: String(n), label: t('feeds.groupKeys.daysN', { n }) }))}
            error={errors.days && t('feeds.groupKeys.wrong.days')}
          />
          <Actions>
            <Button kind="primary">{t('feeds.groupKeys.do')}</Button>
          </Actions>
        </Form>
      </Section>
      <p>
        <a href="/feeds#groups">{t('feeds.groupKeys.back')}</a>
      </p>
    </Page>,
  )
}

function Keys({ frame, keys, action }: Pick<Props, 'frame' | 'keys'> & { action: string }) {
  const { t, now, zone, csrf } = frame
  return (
    <Table<GroupKey>
      caption={t('feeds.groupKeys.caption')}
      captionHidden
      rows={keys}
      rowKey={({ id }) => id}
      columns={[
        { key: 'label', label: t('feeds.groupKeys.label'), main: true, cell: ({ label }) => label },
        { key: 'maker', label: t('feeds.groupKeys.maker'), cell: ({ maker }) => maker ?? '–' },
        {
          key: 'until',
          label: t('feeds.groupKeys.until'),
          kind: 'time',
          cell: ({ expiresAt }) => <Time t={t} at={expiresAt} now={now} zone={zone} as="short" />,
        },
        { key: 'used', label: t('feeds.groupKeys.used'), cell: ({ usedOn }) => usedOn ?? '–' },
        {
          key: 'revoke',
          label: t('feeds.groupKeys.end'),
          cell: ({ id }) => (
            <Form action={`${action}/${id}/revocation`} csrf={csrf}>
              <Button kind="quiet">{t('feeds.groupKeys.revoke')}</Button>
            </Form>
          ),
        },
      ]}
    />
  )
}

interface MadeProps {
  frame: Frame
  group: Group
  key: string
  baseUrl: string
}

/** The key, the one time that it is shown. */
export function groupKeyPage({ frame, group, key, baseUrl }: MadeProps): string {
  const { t } = frame
  return html(
    <Page {...frame}>
      <Notice kind="careful" title={t('feeds.groupKeys.once')}>
        <CodeBlock t={t} label={t('feeds.groupKeys.key')} text={key} />
      </Notice>
      <p>{t('feeds.key.enter')}</p>
      <CodeBlock t={t} label={t('feeds.key.basic')} text={`${baseUrl}/feeds/group.atom`} />
      <CodeBlock t={t} label={t('feeds.key.path')} text={`${baseUrl}/feeds/g/${key}/group.atom`} />
      <p class="muted">{t('feeds.key.careful')}</p>
      <p>
        <a href={`/feeds/groups/${encodeURIComponent(group.slug)}/keys`}>{t('feeds.groupKeys.caption')}</a>
      </p>
    </Page>,
  )
}
