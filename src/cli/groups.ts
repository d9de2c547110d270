/** `hsoc group`: working groups, made, closed and looked at from the terminal, as coordinators do on their pages. */
import { closeGroup, createGroup, type Group, groupAt, groups } from '../modules/groups/groups.ts'
import { roster, type Seated } from '../modules/groups/roster.ts'
import { asActor } from '../platform/access.ts'
import type { Tx } from '../platform/database.ts'
import { Invalid, NotFound } from '../platform/errors.ts'
import { type Call, type Command, listed } from './command.ts'
import { nearestWord } from './nearest.ts'
import { table } from './table.ts'
import type { Installation } from './terminal.ts'

const as = <R>(open: Installation, call: Call, work: (tx: Tx) => Promise<R>): Promise<R> =>
  asActor(open.db, open.operator, call.terminal.now(), work)

/** Throws NotFound, with the nearest address there is. */
async function found(tx: Tx, call: Call, slug: string): Promise<Group> {
  const all = await groups(tx)
  if (all.some((one) => one.slug === slug)) return groupAt(tx, slug)
  const near = nearestWord(
    slug,
    all.map((one) => one.slug),
  )
  throw new NotFound(
    call.t('cli.no_group', { slug }) + (near ? ` ${call.t('cli.did_you_mean', { near })}` : ''),
  )
}

const shown = (group: Group) => ({
  slug: group.slug,
  name: group.name,
  joining: group.joining,
  roles: group.roles,
  kinds: group.kinds,
  tlp: group.tlpMax,
  public: group.public,
  people: group.people,
  organisations: group.organisations,
  closed_at: group.closedAt === null ? null : new Date(group.closedAt).toISOString(),
})

async function list(call: Call): Promise<number> {
  const { terminal, t } = call
  const rows = await terminal.installation((open) => as(open, call, groups))
  if (call.on('json')) terminal.json(rows.map(shown))
  else if (rows.length === 0) terminal.out(t('cli.no_groups'))
  else
    terminal.out(
      table(
        [
          t('cli.col.address'),
          t('cli.col.name'),
          t('cli.col.joining'),
          t('cli.col.people'),
          t('cli.col.state'),
        ],
        rows.map((row) => [
          row.slug,
          row.name,
          row.joining,
          row.people,
          row.closedAt === null ? '' : t('cli.group_is_closed'),
        ]),
      ),
    )
  return 0
}

async function add(call: Call): Promise<number> {
  const { terminal, t } = call
  const [slug = ''] = call.operands
  const wanted = {
    slug,
    name: call.text('name') ?? slug,
    purposeCs: call.text('purpose-cs') ?? '',
    purposeEn: call.text('purpose-en') ?? '',
    joining: call.text('joining') ?? '',
    roles: listed(call.text('roles')),
    kinds: listed(call.text('kinds')),
    tlpMax: call.text('tlp') ?? 'AMBER',
    public: call.on('public'),
  }
  return terminal.installation(async (open) => {
    await as(open, call, (tx) => createGroup(tx, wanted, open.operator, terminal.now())).catch(inWords(call))
    terminal.out(t('cli.group_added', { slug }))
    return 0
  })
}

/** What is wrong, in the words of the form that coordinators fill in. */
const inWords =
  ({ t }: Call) =>
  (error: unknown): never => {
    if (!(error instanceof Invalid)) throw error
    const codes = [...new Set(Object.values(error.fields))]
    throw new Invalid(codes.map((code) => t(`groups.wrong.${code}`)).join(' '))
  }

async function close(call: Call): Promise<number> {
  const { terminal, t } = call
  const [slug = ''] = call.operands
  return terminal.installation(async (open) => {
    await as(open, call, async (tx) => {
      await found(tx, call, slug)
      await closeGroup(tx, slug, open.operator, terminal.now())
    })
    terminal.out(t('cli.group_closed', { slug }))
    return 0
  })
}

/** Page after page, all of one group. */
async function seated(tx: Tx, group: number): Promise<Seated[]> {
  const all: Seated[] = []
  for (let after: string | null | undefined; after !== null; ) {
    const page = await roster(tx, group, after === undefined ? {} : { after })
    all.push(...page.rows)
    after = page.next
  }
  return all
}

async function members(call: Call): Promise<number> {
  const { terminal, t } = call
  const [slug = ''] = call.operands
  const rows = await terminal.installation((open) =>
    as(open, call, async (tx) => seated(tx, (await found(tx, call, slug)).id)),
  )
  if (call.on('json'))
    terminal.json(
      rows.map(({ name, orgName, way, moderator, since, endsAt }) => ({
        name,
        member: orgName,
        way,
        moderator,
        since: new Date(since).toISOString(),
        until: endsAt === null ? null : new Date(endsAt).toISOString(),
      })),
    )
  else if (rows.length === 0) terminal.out(t('cli.no_seats'))
  else
    terminal.out(
      table(
        [t('cli.col.name'), t('cli.col.member'), t('cli.col.way'), t('cli.col.until')],
        rows.map(({ name, orgName, way, moderator, endsAt }) => [
          moderator ? `${name} (${t('cli.moderator')})` : name,
          orgName,
          way,
          endsAt === null ? '' : new Date(endsAt).toISOString().slice(0, 10),
        ]),
      ),
    )
  return 0
}

export const groupCommands: Command[] = [
  { words: 'group list', operands: [], flags: { json: {} }, run: list },
  {
    words: 'group add',
    operands: ['ADDRESS'],
    flags: {
      name: { value: 'NAME', needed: true },
      joining: { value: 'open|request|rule|closed', needed: true },
      'purpose-cs': { value: 'TEXT' },
      'purpose-en': { value: 'TEXT' },
      roles: { value: 'ROLE,…' },
      kinds: { value: 'KIND,…' },
      tlp: { value: 'TLP' },
      public: {},
    },
    run: add,
  },
  { words: 'group close', operands: ['ADDRESS'], flags: {}, run: close },
  { words: 'group members', operands: ['ADDRESS'], flags: { json: {} }, run: members },
]
