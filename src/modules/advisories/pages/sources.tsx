/** Where advisories come from, how each source fares, and documents that were set aside. */
import type { Frame } from '../../../platform/frame.ts'
import type { T } from '../../../platform/i18n.ts'
import {
  Actions,
  Button,
  Chip,
  Code,
  EmptyState,
  Field,
  Form,
  html,
  List,
  Notice,
  Page,
  Section,
  Table,
  Time,
  TlpChip,
} from '../../../ui/index.ts'
import { advisoryTlps } from '../labels.ts'
import { mayBeTaken, type Waiting } from '../quarantine.ts'
import type { Source } from '../sources.ts'

export const sourcesDone = [
  'added',
  'saved',
  'enabled',
  'disabled',
  'asking',
  'taken',
  'discarded',
  'sourceConfirmed',
] as const

export interface SourcesProps {
  frame: Frame
  sources: Source[]
  waiting: Waiting[]
  /** The reader. */
  person: number
  done: (typeof sourcesDone)[number] | undefined
  /** A decision that was refused. */
  refused?: { id: number; errors: Record<string, string> } | undefined
}

export function sourcesPage(props: SourcesProps): string {
  const { frame, sources, done } = props
  const { t } = frame
  return html(
    <Page
      {...frame}
      lead={t('advisories.sources.lead')}
      flash={done ? { text: t(`advisories.done.${done}`) } : undefined}
    >
      <Actions>
        <Button href="/advisories/sources/new">{t('advisories.source.new')}</Button>
        <a href="/advisories">{t('advisories.back')}</a>
      </Actions>
      <Unconfirmed {...props} />
      <Table<Source>
        caption={frame.title}
        captionHidden
        rows={sources}
        rowKey={(row) => row.id}
        empty={
          <EmptyState title={t('advisories.sources.none')}>{t('advisories.sources.none.what')}</EmptyState>
        }
        columns={columns(props)}
      />
      <Aside {...props} />
    </Page>,
  )
}

const columns = (props: SourcesProps) => {
  const { t } = props.frame
  return [
    {
      key: 'label',
      label: t('advisories.source'),
      main: true,
      cell: (row: Source) => (
        <>
          <a href={`/advisories/sources/${row.id}`}>{row.label}</a>
          <div class="muted">{t(`advisories.sourceKind.${row.kind}`)}</div>
          {row.url && (
            <div class="muted">
              <Code t={t} text={row.url} />
            </div>
          )}
        </>
      ),
    },
    { key: 'tlp', label: 'TLP', cell: (row: Source) => <TlpChip t={t} tlp={row.tlp} /> },
    {
      key: 'count',
      label: t('advisories.count'),
      kind: 'number' as const,
      cell: (row: Source) => t.number(row.advisories),
    },
    {
      key: 'state',
      label: t('advisories.source.state'),
      cell: (row: Source) => <Health {...props} row={row} />,
    },
    { key: 'do', label: t('advisories.source.do'), cell: (row: Source) => <Deeds {...props} row={row} /> },
  ]
}

/** Whether it works, since when not and why. */
function Health({ frame: { t, now, zone }, row }: SourcesProps & { row: Source }) {
  const time = (at: number) => <Time t={t} at={at} now={now} zone={zone} as="short" />
  if (row.waiting) return <Chip>{t('advisories.source.waits')}</Chip>
  if (!row.enabled) return <Chip>{t('advisories.source.off')}</Chip>
  if (row.url === null) return <>{t('advisories.source.given')}</>
  return (
    <>
      {row.succeededAt === null ? (
        <div>{t(row.triedAt === null ? 'advisories.source.never' : 'advisories.source.notYet')}</div>
      ) : (
        <div>
          {t('advisories.source.succeeded')} {time(row.succeededAt)}
        </div>
      )}
      {row.failure && (
        <div>
          <strong>{t(`advisories.failure.${row.failure}`)}</strong>{' '}
          {row.failedAt !== null && time(row.failedAt)}
          {row.failureSaid && <div class="muted">{row.failureSaid}</div>}
        </div>
      )}
      <div class="muted">
        {t('advisories.source.next')} {time(Math.max(row.dueAt, now))}
        {row.fingerprints.length > 0 && (
          <>
            {' · '}
            {t('advisories.source.fingerprint')} <Code t={t} text={row.fingerprints.join(' ')} />
          </>
        )}
      </div>
    </>
  )
}

function Deeds({ frame: { t, csrf }, row }: SourcesProps & { row: Source }) {
  const path = `/advisories/sources/${row.id}`
  return (
    <>
      {row.enabled && row.url !== null && row.waiting === null && (
        <Form action={`${path}/asking`} csrf={csrf} label={`${row.label}: ${t('advisories.source.ask')}`}>
          <Button kind="quiet">{t('advisories.source.ask')}</Button>
        </Form>
      )}
      {row.kind !== 'hand' && (
        <Form
          action={`${path}/switch`}
          csrf={csrf}
          hidden={{ enabled: row.enabled ? 'no' : 'yes' }}
          label={`${row.label}: ${t(row.enabled ? 'advisories.source.disable' : 'advisories.source.enable')}`}
        >
          <Button kind="quiet">
            {t(row.enabled ? 'advisories.source.disable' : 'advisories.source.enable')}
          </Button>
        </Form>
      )}
    </>
  )
}

/** Sources that one coordinator alone stands behind: nothing is asked of them before another has looked. */
function Unconfirmed(props: SourcesProps) {
  const { t } = props.frame
  const waiting = props.sources.filter((one) => one.waiting !== null)
  if (waiting.length === 0) return null
  return (
    <Section title={t('advisories.unconfirmed')} id="waiting" lead={t('advisories.unconfirmed.lead')}>
      <List label={t('advisories.unconfirmed')}>
        {waiting.map((row) => (
          <OneUnconfirmed key={row.id} {...props} row={row} />
        ))}
      </List>
    </Section>
  )
}

function OneUnconfirmed({ frame, person, row }: SourcesProps & { row: Source }) {
  const { t, now, zone, csrf } = frame
  if (row.waiting === null) return null
  return (
    <li class="row">
      <div class="row-body">
        <p class="row-title">
          <a href={`/advisories/sources/${row.id}`}>{row.label}</a> <TlpChip t={t} tlp={row.tlp} />
        </p>
        <p class="row-meta">
          {t(`advisories.sourceKind.${row.kind}`)} · {row.waiting.name} ·{' '}
          <Time t={t} at={row.waiting.at} now={now} zone={zone} as="short" />
        </p>
        {row.url && (
          <p>
            <Code t={t} text={row.url} />
          </p>
        )}
        {row.hasKey && <p class="muted">{t('advisories.unconfirmed.key')}</p>}
        {row.waiting.by === person ? (
          <p class="muted">{t('advisories.unconfirmed.own')}</p>
        ) : (
          <Form
            action={`/advisories/sources/${row.id}/confirmation`}
            csrf={csrf}
            hidden={{ asked: row.waiting.at }}
            label={`${row.label}: ${t('advisories.unconfirmed.confirm')}`}
          >
            <Actions>
              <Button kind="primary">{t('advisories.unconfirmed.confirm')}</Button>
            </Actions>
          </Form>
        )}
      </div>
    </li>
  )
}

function Aside(props: SourcesProps) {
  const { frame, waiting } = props
  const { t } = frame
  return (
    <Section title={t('advisories.aside')} id="aside" lead={t('advisories.aside.lead')}>
      {waiting.length === 0 ? (
        <p class="muted">{t('advisories.aside.none')}</p>
      ) : (
        <List label={t('advisories.aside')}>
          {waiting.map((one) => (
            <OneAside key={one.id} {...props} one={one} />
          ))}
        </List>
      )}
    </Section>
  )
}

/** How much of what the rules found fits a list; the document's publisher has to mend it anyway. */
const mostSaid = 400

function OneAside({ frame, one, refused }: SourcesProps & { one: Waiting }) {
  const { t, now, zone } = frame
  const errors = refused?.id === one.id ? refused.errors : {}
  return (
    <li class="row">
      <div class="row-body">
        <p class="row-title">{t(`advisories.refused.${one.reason}`)}</p>
        <p class="row-meta">
          {one.source} · <Time t={t} at={one.at} now={now} zone={zone} as="short" />
        </p>
        <p>
          <Code t={t} text={one.url} />
        </p>
        {one.said && <p class="said muted">{one.said.slice(0, mostSaid)}</p>}
        {errors.tlp && <Notice kind="wrong">{errors.tlp}</Notice>}
        <Decision t={t} csrf={frame.csrf} one={one} />
      </div>
    </li>
  )
}

function Decision({ t, csrf, one }: { t: T; csrf: string | undefined; one: Waiting }) {
  const may = mayBeTaken(one.reason) && one.bytes !== null
  return (
    <Form action={`/advisories/aside/${one.id}`} csrf={csrf} label={`${one.url} ${one.id}`}>
      {may && one.reason === 'tlp-missing' && (
        <Field
          label="TLP"
          name="tlp"
          type="select"
          value="AMBER"
          options={advisoryTlps.map((value) => ({ value, label: `TLP:${value}` }))}
        />
      )}
      <Actions>
        {may && (
          <Button name="decision" value="taken" consequence={t('advisories.aside.take.what')}>
            {t('advisories.aside.take')}
          </Button>
        )}
        <Button name="decision" value="discarded" kind="quiet">
          {t('advisories.aside.discard')}
        </Button>
      </Actions>
    </Form>
  )
}
