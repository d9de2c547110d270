/** The blocklists of an organisation: what its firewalls have, what stands on the lists, and what it lets through. */
import {
  Actions,
  Button,
  Chip,
  EmptyState,
  html,
  Notice,
  Page,
  Section,
  Statement,
  Table,
} from '../../../../ui/index.ts'
import type { Device, ListStand } from '../../blocklists/read-own.ts'
import { DeviceForm } from './device-form.tsx'
import { Entries } from './entries.tsx'
import { Exceptions } from './exceptions.tsx'
import type { OwnProps } from './own-props.ts'
import { isCurrent, isOver, kindWord, listWord, pathOf, stateOf, versionsOf, When } from './words.tsx'

export function ownPage(props: OwnProps): string {
  const { frame, name, lists, devices, done } = props
  const { t, now } = frame
  const living = devices.filter((device) => !isOver(device, now))
  const current = living.filter(({ had }) => isCurrent(had)).length
  return html(
    <Page
      {...frame}
      organisation={name}
      lead={t('blocklists.lead')}
      flash={done ? { kind: 'done', text: t(`blocklists.done.${done}`) } : undefined}
    >
      {living.length > 0 && (
        <Statement tone={current < living.length ? 'urgent' : 'calm'}>
          {t('blocklists.protected', { n: current, all: living.length })}
        </Statement>
      )}
      {lists.some(({ failedAt }) => failedAt !== null) && (
        <Notice kind="careful">{t('blocklists.failed')}</Notice>
      )}
      {lists.some(({ held }) => held !== null) && <Notice kind="note">{t('blocklists.held')}</Notice>}
      <Firewalls {...props} />
      {lists.length > 0 && <Lists {...props} />}
      <Chosen {...props} />
      <Entries {...props} />
      <Exceptions {...props} />
    </Page>,
  )
}

function Firewalls(props: OwnProps) {
  const { frame, org, devices, mayKeep } = props
  const { t, now } = frame
  return (
    <Section title={t('blocklists.firewalls')} id="firewalls">
      <Table<Device>
        caption={t('blocklists.firewalls')}
        captionHidden
        rows={devices}
        rowKey={(row) => row.id}
        rowHref={(row) => `${pathOf(org)}/firewalls/${row.id}`}
        columns={[
          {
            key: 'label',
            label: t('blocklists.firewall'),
            main: true,
            cell: (row) => <a href={`${pathOf(org)}/firewalls/${row.id}`}>{row.label}</a>,
          },
          {
            key: 'state',
            label: t('blocklists.key'),
            cell: (row) => <Chip yours={!isOver(row, now)}>{t(`blocklists.is.${stateOf(row, now)}`)}</Chip>,
          },
          {
            key: 'used',
            label: t('blocklists.used'),
            kind: 'time',
            cell: (row) => <When frame={frame} at={row.usedAt} />,
          },
          { key: 'had', label: t('blocklists.versions'), cell: (row) => versionsOf(row.had, t) },
        ]}
        empty={
          <EmptyState title={t('blocklists.firewalls.none')}>
            <p>{t(mayKeep ? 'blocklists.firewalls.noneWhy' : 'blocklists.firewalls.noneRead')}</p>
          </EmptyState>
        }
      />
      {mayKeep && <DeviceForm {...props} />}
    </Section>
  )
}

function Lists({ frame, lists }: OwnProps) {
  const { t } = frame
  return (
    <Section title={t('blocklists.lists')}>
      <Table<ListStand>
        caption={t('blocklists.lists')}
        captionHidden
        walkable={false}
        rows={lists}
        rowKey={(row) => row.list}
        columns={[
          { key: 'list', label: t('blocklists.listName'), main: true, cell: (row) => listWord(row.list, t) },
          {
            key: 'entries',
            label: t('blocklists.entries'),
            kind: 'number',
            cell: (row) => t.number(row.entries),
          },
          {
            key: 'version',
            label: t('blocklists.version'),
            kind: 'number',
            cell: (row) => t.number(row.version),
          },
          {
            key: 'changed',
            label: t('blocklists.changed'),
            kind: 'time',
            cell: (row) => <When frame={frame} at={row.changedAt} />,
          },
        ]}
      />
    </Section>
  )
}

function Chosen({ frame: { t }, org, choices, mayKeep }: OwnProps) {
  const { kinds, sources, confidence, maxDays } = choices
  return (
    <Section title={t('blocklists.choices')} id="choices">
      <p>
        {t('blocklists.chosen', {
          kinds: t.list(kinds.map((kind) => kindWord(kind, t))),
          sources: t.list(sources.map((source) => t(`blocklists.source.${source}`))),
          days: maxDays,
        })}{' '}
        {t(`blocklists.confidence.${confidence}`)}
      </p>
      <Actions>
        <Button href={`${pathOf(org)}/trial`}>
          {t(mayKeep ? 'blocklists.trial' : 'blocklists.trial.do')}
        </Button>
      </Actions>
    </Section>
  )
}
