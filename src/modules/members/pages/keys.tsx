/** The keys of an organisation's programs: what each may read, what it read lately, and its end. */
import type { Frame } from '../../../platform/frame.ts'
import {
  Actions,
  Button,
  Chip,
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
import { keyScopes, type OpeningScope } from '../../../values/key-scopes.ts'
import type { KeyLine } from '../keys.ts'

export interface KeyForm {
  label: string
  org: string
  scopes: string[]
  days: string
}

interface KeysProps {
  frame: Frame
  keys: KeyLine[]
  /** Those that the reader may make keys for. */
  organisations: { id: number; name: string }[]
  /** May the reader make the coordinators' keys? */
  central: boolean
  done?: 'revoked'
  errors?: Record<string, string>
  given?: KeyForm
}

export function keysPage(props: KeysProps): string {
  const { frame, keys, done } = props
  const { t } = frame
  return html(
    <Page
      {...frame}
      lead={t('members.keys.lead')}
      flash={done ? { kind: 'done', text: t(`members.keys.done.${done}`) } : undefined}
    >
      {keys.length === 0 ? (
        <EmptyState title={t('members.keys.none')}>
          <p>{t('members.keys.noneWhy')}</p>
        </EmptyState>
      ) : (
        <Keys {...props} />
      )}
      <Make {...props} />
    </Page>,
  )
}

const isOver = (key: KeyLine, now: number): boolean => key.revokedAt !== null || key.expiresAt <= now

function Keys({ frame, keys }: KeysProps) {
  const { t, now, zone } = frame
  const time = (at: number) => <Time t={t} at={at} now={now} zone={zone} as="short" />
  return (
    <Table<KeyLine>
      caption={t('members.keys.title')}
      captionHidden
      walkable={false}
      rows={keys}
      rowKey={(row) => row.id}
      columns={[
        { key: 'label', label: t('members.keys.label'), main: true, cell: (row) => row.label },
        {
          key: 'state',
          label: t('members.keys.state'),
          cell: (row) => <Chip yours={!isOver(row, now)}>{t(`members.keys.is.${stateOf(row, now)}`)}</Chip>,
        },
        { key: 'org', label: t('members.keys.for'), cell: (row) => row.orgName ?? t('members.keys.central') },
        {
          key: 'scopes',
          label: t('members.keys.scopes'),
          cell: (row) => t.list(row.scopes.map((scope) => t(`members.keys.short.${scope}`))),
        },
        {
          key: 'until',
          label: t('members.keys.until'),
          kind: 'time',
          cell: (row) => time(row.revokedAt ?? row.expiresAt),
        },
        {
          key: 'used',
          label: t('members.keys.used'),
          cell: (row) => row.lastUsedOn ?? t('members.keys.never'),
        },
        { key: 'uses', label: t('members.keys.uses'), cell: (row) => <Uses frame={frame} row={row} /> },
        { key: 'by', label: t('members.keys.by'), cell: (row) => row.madeBy ?? t('members.keys.terminal') },
        { key: 'revoke', label: t('members.keys.revoke'), cell: (row) => <Revoke frame={frame} row={row} /> },
      ]}
    />
  )
}

const stateOf = (key: KeyLine, now: number): 'good' | 'revoked' | 'over' =>
  key.revokedAt !== null ? 'revoked' : key.expiresAt <= now ? 'over' : 'good'

/** What a key read in seven days: the number opens the doors behind it. */
function Uses({ frame: { t }, row }: { frame: Frame; row: KeyLine }) {
  const all = row.uses.reduce((sum, use) => sum + use.n, 0)
  if (all === 0) return <>0</>
  return (
    <details class="explain">
      <summary>{t.number(all)}</summary>
      <ul class="bullets">
        {row.uses.map((use) => (
          <li key={use.route}>
            <code class="address">{use.route}</code> {t.number(use.n)}
          </li>
        ))}
      </ul>
    </details>
  )
}

function Revoke({ frame: { t, now, csrf }, row }: { frame: Frame; row: KeyLine }) {
  if (isOver(row, now)) return null
  return (
    <Form
      action={`/keys/${row.id}/revocation`}
      csrf={csrf}
      label={t('members.keys.revokeWhat', { label: row.label })}
    >
      <Button kind="quiet">{t('members.keys.revoke')}</Button>
    </Form>
  )
}

const lives = ['30', '90', '180', '365']

function Make({ frame, organisations, central, errors, given }: KeysProps) {
  const { t, csrf } = frame
  const owners = [
    ...(central ? [{ value: '', label: t('members.keys.central') }] : []),
    ...organisations.map((org) => ({ value: String(org.id), label: org.name })),
  ]
  const wrong = (field: string) => (errors?.[field] ? t(`members.keys.error.${field}`) : undefined)
  return (
    <Section title={t('members.keys.make')} id="make" lead={t('members.keys.makeLead')}>
      <Form
        action="/keys"
        csrf={csrf}
        label={t('members.keys.make')}
        noTurbo
        {...(owners.length === 1 ? { hidden: { org: owners[0]?.value ?? '' } } : {})}
      >
        {owners.length > 1 && (
          <Field
            label={t('members.keys.for')}
            name="org"
            type="select"
            value={given?.org ?? ''}
            options={owners}
          />
        )}
        <Field
          label={t('members.keys.label')}
          name="label"
          required
          maxlength={100}
          value={given?.label}
          hint={t('members.keys.labelHint')}
          error={wrong('label')}
        />
        <fieldset class="field">
          <legend>{t('members.keys.scopes')}</legend>
          {wrong('scopes') && (
            <p class="field-error" role="alert">
              {wrong('scopes')}
            </p>
          )}
          {keyScopes.map((scope) => (
            <Field
              key={scope}
              label={t(`members.keys.scope.${scope}`)}
              name="scopes"
              type="checkbox"
              value={scope}
              checked={given?.scopes.includes(scope) ?? false}
            />
          ))}
        </fieldset>
        <Field
          label={t('members.keys.days')}
          name="days"
          type="select"
          value={given?.days ?? '180'}
          options={lives.map((days) => ({
            value: days,
            label: t('members.keys.daysN', { n: Number(days) }),
          }))}
          error={wrong('days')}
        />
        <Button kind="primary">{t('members.keys.make')}</Button>
      </Form>
    </Section>
  )
}

interface KeyProps {
  frame: Frame
  made: { id: number; key: string; expiresAt: number; label: string; scopes: string[] }
  baseUrl: string
}

/** A door to try each scope at. */
const doors: Record<OpeningScope, string> = {
  'warnings.read': '/api/v1/warnings',
  'events.read': '/api/v1/episodes',
  'figures.read': '/api/v1/days/DAY',
  'sensors.read': '/api/v1/sensors',
  'assets.read': '/api/v1/assets',
  'duty.read': '/api/v1/duty/now',
  csaf: '/csaf/protected/',
  atom: '/feeds/warnings.atom',
}

/** The page that shows a key, this once. */
export function keyPage({ frame, made, baseUrl }: KeyProps): string {
  const { t, now, zone } = frame
  const day = new Date(now).toISOString().slice(0, 10)
  const door = Object.entries(doors).find(([scope]) => made.scopes.includes(scope))?.[1] ?? '/api'
  return html(
    <Page {...frame} lead={made.label}>
      <Notice kind="careful" title={t('members.keys.once')}>
        <p>
          {t('members.keys.goodUntil')} <Time t={t} at={made.expiresAt} now={now} zone={zone} as="exact" />
        </p>
      </Notice>
      <CodeBlock t={t} label={t('members.keys.key')} text={made.key} />
      <p>{t('members.keys.how')}</p>
      <CodeBlock
        t={t}
        label="curl"
        text={`curl -sS -H 'Authorization: Bearer ${made.key}' '${baseUrl}${door.replace('DAY', day)}'`}
      />
      <Actions>
        <Button href="/keys">{t('members.keys.back')}</Button>
      </Actions>
    </Page>,
  )
}
