/** One firewall: its key's standing, what it fetched when, and its key, shown once. */
import type { Frame } from '../../../../platform/frame.ts'
import {
  Actions,
  Button,
  CodeBlock,
  EmptyState,
  Facts,
  Form,
  html,
  Notice,
  Page,
  Section,
  Table,
  Time,
} from '../../../../ui/index.ts'
import type { Device, Fetch } from '../../blocklists/read-own.ts'
import { lists } from '../../blocklists/types.ts'
import { isOver, listWord, pathOf, stateOf, When } from './words.tsx'

interface DeviceProps {
  frame: Frame
  org: number
  name: string
  device: Device
  fetches: Fetch[]
  mayKeep: boolean
}

export function devicePage(props: DeviceProps): string {
  const { frame, org, name, device, fetches, mayKeep } = props
  const { t, now, csrf } = frame
  const path = `${pathOf(org)}/firewalls/${device.id}`
  return html(
    <Page {...frame} organisation={name}>
      <Facts
        facts={[
          { label: t('blocklists.key'), value: t(`blocklists.is.${stateOf(device, now)}`) },
          {
            label: t('blocklists.until'),
            value: <When frame={frame} at={device.revokedAt ?? device.expiresAt} />,
          },
          device.previousUntil !== null &&
            device.previousUntil > now && {
              label: t('blocklists.previous'),
              value: <When frame={frame} at={device.previousUntil} />,
            },
          { label: t('blocklists.used'), value: <When frame={frame} at={device.usedAt} /> },
          { label: t('blocklists.by'), value: device.madeBy ?? '' },
          { label: t('blocklists.from'), value: <When frame={frame} at={device.madeAt} /> },
        ]}
      />
      {mayKeep && !isOver(device, now) && (
        <Actions>
          <Form action={`${path}/rotation`} csrf={csrf} label={t('blocklists.rotate')} noTurbo>
            <Button consequence={t('blocklists.rotate.what')}>{t('blocklists.rotate')}</Button>
          </Form>
          <Form action={`${path}/revocation`} csrf={csrf} label={t('blocklists.revoke')}>
            <Button kind="danger" consequence={t('blocklists.revoke.what')}>
              {t('blocklists.revoke')}
            </Button>
          </Form>
        </Actions>
      )}
      <Section title={t('blocklists.fetches')}>
        <Table<Fetch>
          caption={t('blocklists.fetches')}
          captionHidden
          rows={fetches}
          rowKey={(row) => `${row.list} ${row.version} ${row.complete}`}
          columns={[
            {
              key: 'list',
              label: t('blocklists.listName'),
              main: true,
              cell: (row) => listWord(row.list, t),
            },
            {
              key: 'version',
              label: t('blocklists.version'),
              kind: 'number',
              cell: (row) => t.number(row.version),
            },
            {
              key: 'entries',
              label: t('blocklists.entries'),
              kind: 'number',
              cell: (row) => (row.complete ? t.number(row.entries) : t('blocklists.cut', { n: row.entries })),
            },
            {
              key: 'first',
              label: t('blocklists.firstFetch'),
              kind: 'time',
              cell: (row) => <When frame={frame} at={row.firstAt} />,
            },
            {
              key: 'last',
              label: t('blocklists.lastFetch'),
              kind: 'time',
              cell: (row) => <When frame={frame} at={row.lastAt} />,
            },
            {
              key: 'times',
              label: t('blocklists.times'),
              kind: 'number',
              cell: (row) => t.number(row.times),
            },
          ]}
          empty={
            <EmptyState title={t('blocklists.fetches.none')}>{t('blocklists.fetches.noneWhy')}</EmptyState>
          }
        />
      </Section>
      <p>
        <a href={pathOf(org)}>{t('blocklists.back')}</a>
      </p>
    </Page>,
  )
}

interface KeyProps {
  frame: Frame
  org: number
  made: { id: number; key: string; expiresAt: number }
  label: string
  baseUrl: string
  /** The key before goes on for a week. */
  rotated: boolean
}

/** The page that shows a key, this once. */
export function keyPage({ frame, org, made, label, baseUrl, rotated }: KeyProps): string {
  const { t, now, zone } = frame
  return html(
    <Page {...frame} lead={label}>
      <Notice kind="careful" title={t('blocklists.once')}>
        <p>
          {t('blocklists.until')}: <Time t={t} at={made.expiresAt} now={now} zone={zone} as="exact" />
        </p>
        {rotated && <p>{t('blocklists.rotated')}</p>}
      </Notice>
      <CodeBlock t={t} label={t('blocklists.key')} text={made.key} />
      <p>{t('blocklists.how')}</p>
      <CodeBlock
        t={t}
        label={t('blocklists.addresses')}
        text={lists.map((list) => `${baseUrl}/edl/${list}.txt`).join('\n')}
      />
      <p>{t('blocklists.howPath')}</p>
      <CodeBlock
        t={t}
        label={t('blocklists.addressesKey')}
        text={lists.map((list) => `${baseUrl}/edl/${made.key}/${list}.txt`).join('\n')}
      />
      <CodeBlock
        t={t}
        label={t('blocklists.report')}
        text={`curl -sS -u firewall:${made.key} -d value=192.0.2.1 ${baseUrl}/edl/false-positive`}
      />
      <Actions>
        <Button href={pathOf(org)}>{t('blocklists.back')}</Button>
      </Actions>
    </Page>,
  )
}
