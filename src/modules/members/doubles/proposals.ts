/** Which accounts may belong to one human, and why. Nothing is merged by it: a coordinator looks at each pair. */
import type { Tx } from '../../../platform/database.ts'
import { bareName, isSlip, ownDomain } from '../lists/alike.ts'

/**
 * `mailbox`: the same mailbox written in another form; `contact`: one's address is a verified contact of the other; `name`: the
 * same name at one organisation or in one domain; `slip`: nearly the same name at one organisation; `looks`: addresses that only look alike.
 */
export const likenesses = ['mailbox', 'contact', 'name', 'slip', 'looks'] as const
export type Likeness = (typeof likenesses)[number]

export interface Account {
  id: number
  name: string
  email: string
  orgs: { id: number; name: string }[]
  /** Addresses that the person proved to be reached at, in the contact book. */
  contacts: string[]
}

export interface Pair {
  /** The older account first. */
  both: [Account, Account]
  why: Likeness[]
}

const most = 200

/** An address as its mailbox takes it: small letters, and without what stands behind a plus. */
export function mailboxOf(email: string): string {
  const [, local = '', domain = ''] = /^([^@]*)@(.*)$/.exec(email.normalize('NFKC').toLowerCase()) ?? []
  return `${local.replace(/\+.*$/, '')}@${domain}`
}

/** Letters and figures that pass for others at a glance, with what they pass for. */
const passing: Record<string, string> = {
  ...{
    а: 'a',
    в: 'b',
    е: 'e',
    к: 'k',
    м: 'm',
    н: 'h',
    о: 'o',
    р: 'p',
    с: 'c',
    т: 't',
    у: 'y',
    х: 'x',
    і: 'i',
    ј: 'j',
    ѕ: 's',
  },
  ...{ α: 'a', ο: 'o', ρ: 'p', ν: 'v', ι: 'i', κ: 'k' },
  ...{ '0': 'o', '1': 'l', '|': 'l', i: 'l' },
}

/** The same for two addresses that an eye takes for one. */
export const looksOf = (email: string): string =>
  [...mailboxOf(email).normalize('NFKD').replace(/\p{M}/gu, '')]
    .map((letter) => passing[letter] ?? letter)
    .join('')
    .replaceAll('rn', 'm')
    .replaceAll('vv', 'w')

/** Why two accounts may be one human's; nothing where there is no reason. */
export function likenessOf(a: Account, b: Account): Likeness[] {
  const [one, other] = [bareName(a.name), bareName(b.name)]
  const together = a.orgs.some(({ id }) => b.orgs.some((org) => org.id === id))
  const domain = ownDomain(a.email.toLowerCase())
  const sameDomain = domain !== null && domain === ownDomain(b.email.toLowerCase())
  const mailbox = mailboxOf(a.email) === mailboxOf(b.email)
  return [
    ...(mailbox ? (['mailbox'] as const) : []),
    ...(holds(a, b.email) || holds(b, a.email) ? (['contact'] as const) : []),
    ...(one !== '' && one === other && (together || sameDomain) ? (['name'] as const) : []),
    ...(together && isSlip(one, other) ? (['slip'] as const) : []),
    ...(!mailbox && looksOf(a.email) === looksOf(b.email) ? (['looks'] as const) : []),
  ]
}

const holds = ({ contacts }: Account, email: string): boolean =>
  contacts.some((one) => mailboxOf(one) === mailboxOf(email))

/** Under each of these an account is looked up beside others: only those that share one can be alike. */
const keysOf = ({ name, email, orgs, contacts }: Account): string[] => [
  `looks ${looksOf(email)}`,
  ...[email, ...contacts].map((one) => `mailbox ${mailboxOf(one)}`),
  `name ${bareName(name)}`,
  ...orgs.map(({ id }) => `org ${id}`),
]

/** Pairs with a reason, the strongest first, at most 200. */
export function pairsIn(accounts: Account[]): Pair[] {
  const sharing = new Map<string, Account[]>()
  for (const account of accounts)
    for (const key of new Set(keysOf(account))) sharing.set(key, [...(sharing.get(key) ?? []), account])
  const found = new Map<string, Pair>()
  for (const group of sharing.values())
    for (const [i, a] of group.entries())
      for (const b of group.slice(i + 1)) {
        const both: Pair['both'] = a.id < b.id ? [a, b] : [b, a]
        const key = `${both[0].id} ${both[1].id}`
        if (found.has(key)) continue
        const why = likenessOf(a, b)
        if (why.length > 0) found.set(key, { both, why })
      }
  const strength = ({ why }: Pair): number => likenesses.indexOf(why[0] ?? 'looks')
  return [...found.values()]
    .sort((a, b) => strength(a) - strength(b) || a.both[0].id - b.both[0].id || a.both[1].id - b.both[1].id)
    .slice(0, most)
}

/** Accounts that stand for themselves and let somebody in; as the actor of the transaction. */
export async function accounts(tx: Tx): Promise<Account[]> {
  const { rows } = await tx.query<{
    id: number
    name: string
    email: string
    org_id: number | null
    org: string | null
  }>(
    `select distinct p.id, p.name, p.email, e.org_id, o.name as org from people p
     left join engagements e on e.person_id = p.id and e.org_id is not null and e.valid_to > (select actor_now())
     left join organisations o on o.id = e.org_id
     where p.disabled_at is null order by p.id, e.org_id`,
  )
  const contacts = await tx.query<{ id: number; org_id: number; value: string }>(
    `select person_id as id, org_id, value from contact_points
     where person_id is not null and channel = 'mail' and verified_at is not null and ended_at is null`,
  )
  const found = new Map<number, Account>()
  for (const { id, name, email, org_id, org } of rows) {
    const account = found.get(id) ?? { id, name, email, orgs: [], contacts: [] }
    if (org_id !== null) account.orgs.push({ id: org_id, name: org ?? '' })
    found.set(id, account)
  }
  for (const { id, value } of contacts.rows) found.get(id)?.contacts.push(value)
  return [...found.values()]
}
