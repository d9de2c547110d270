/** What programs may ask for, as a page: made of the same description that programs get. */
import type { FastifyRequest } from 'fastify'
import { memberRoles } from './modules/members/index.ts'
import type { Role } from './platform/access.ts'
import { frameOf } from './platform/frame.ts'
import type { Access, App } from './platform/http.ts'
import type { T } from './platform/i18n.ts'
import { Actions, Button, html, Page, Section, Table } from './ui/index.ts'

/** What the page shows of an operation of the description (OpenAPI 3.1, 4.8.10). */
interface Operation {
  summary?: string
  security?: Record<string, string[]>[]
}

interface Line {
  method: string
  path: string
  summary: string
  access: Access
  proofs: Record<string, string[]>[]
}

/** By the first word of the address, in the order of the page; what machines send stands apart. */
const groups = {
  sending: [],
  warnings: [
    'warnings',
    'written-warnings',
    'rollcalls',
    'advisories',
    'deliveries',
    'blocklists',
    'webhooks',
  ],
  figures: ['days', 'sector'],
  episodes: ['episodes', 'sources', 'search'],
  sensors: ['sensors'],
  assets: ['assets', 'matches'],
  duty: ['duty'],
  members: ['session', 'members'],
  trail: ['trail', 'reads', 'glass'],
  other: [],
} satisfies Record<string, string[]>

type Group = keyof typeof groups

const groupNames = Object.keys(groups) as Group[] // the keys of the constant above

function groupOf({ path, access }: Line): Group {
  if (access.by === 'sensor') return 'sending'
  const word = path.split('/')[3] ?? ''
  return groupNames.find((name) => (groups[name] as string[]).includes(word)) ?? 'other'
}

/** Every described route in the order of the description. */
function linesOf(app: App, t: T): Line[] {
  const described = (app.swagger().paths ?? {}) as Record<string, Record<string, Operation> | undefined>
  return app.routed.flatMap(({ method, url, access }) => {
    const path = url.replace(/:([a-zA-Z]+)/g, '{$1}')
    const operation = described[path]?.[method.toLowerCase()]
    if (!operation) return []
    const words = `api.route.${method}.${path}`
    const summary = t.has(words) ? t(words) : (operation.summary ?? '')
    return [{ method, path, summary, access, proofs: operation.security ?? [] }]
  })
}

const ofMembers: Role[] = [...memberRoles]

function whoOf({ access, proofs }: Line, t: T): string {
  if (access.by === 'sensor') return t(proofs.length > 0 ? 'api.who.sensor' : 'api.who.anyone')
  if (access.who === 'anyone') return t('api.who.anyone')
  if (access.who === 'signed-in') return t('api.who.signedIn')
  const { who } = access
  // Most routes name the roles at a member all together.
  const all = ofMembers.every((role) => who.includes(role))
  const named = all ? who.filter((role) => !ofMembers.includes(role)) : who
  return t.list([...(all ? [t('api.who.members')] : []), ...named.map((role) => t(`ui.role.${role}`))])
}

function proofText(proof: Record<string, string[]>, t: T): string {
  const scope = proof.apiKey?.join(' ') ?? ''
  return t(`api.proof.${Object.keys(proof).join('-')}`, { scope })
}

const proofsOf = ({ proofs }: Line, t: T): string =>
  proofs.length === 0
    ? t('api.proof.none')
    : proofs.map((proof) => proofText(proof, t)).join(` ${t('api.proof.or')} `)

function Routes({ t, caption, lines }: { t: T; caption: string; lines: Line[] }) {
  return (
    <Table<Line>
      caption={caption}
      captionHidden
      walkable={false}
      rows={lines}
      rowKey={(line) => `${line.method} ${line.path}`}
      columns={[
        { key: 'path', label: t('api.col.path'), main: true, kind: 'mono', cell: (line) => line.path },
        { key: 'method', label: t('api.col.method'), cell: (line) => line.method },
        { key: 'summary', label: t('api.col.summary'), cell: (line) => line.summary },
        { key: 'who', label: t('api.col.who'), cell: (line) => whoOf(line, t) },
        { key: 'proofs', label: t('api.col.proofs'), cell: (line) => proofsOf(line, t) },
      ]}
    />
  )
}

export function apiPage(request: FastifyRequest, app: App): string {
  const { t } = request
  const lines = linesOf(app, t)
  return html(
    <Page {...frameOf(request, { title: t('api.title') })} lead={t('api.lead')}>
      <p>{t('api.machines')}</p>
      <Actions>
        <Button href="/api?format=json">{t('api.machines.open')}</Button>
      </Actions>
      {groupNames.map((name) => {
        const own = lines.filter((line) => groupOf(line) === name)
        const title = t(`api.group.${name}`)
        return (
          own.length > 0 && (
            <Section
              key={name}
              id={name}
              title={title}
              lead={(name === 'sending' && t('api.warden')) || (name === 'warnings' && t('api.edl'))}
            >
              <Routes t={t} caption={title} lines={own} />
            </Section>
          )
        )
      })}
    </Page>,
  )
}
