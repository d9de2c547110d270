/** What the register adds to the search over everything: people and organisations, as the actor of the transaction. */
import type { Tx } from '../../platform/database.ts'
import type { T } from '../../platform/i18n.ts'
import { parseNet } from '../../values/address.ts'
import { type FoundPerson, findPeople } from './find-people.ts'
import { list, type MemberLine } from './members.ts'

interface Hit {
  href: string
  title: string
  meta?: string
}

const personHref = ({ email, roles }: FoundPerson): string => {
  const org = roles.find((one) => one.org !== null)?.org
  return org ? `/members/${org}#people` : `/people/search?q=${encodeURIComponent(email)}`
}

/** Where somebody serves, each organisation once, with the roles there. */
export function placesOf(
  { roles }: FoundPerson,
  t: T,
): { org: number | null; name: string; roles: string }[] {
  return [...new Set(roles.map((one) => one.org))].map((org) => {
    const held = roles.filter((one) => one.org === org)
    return {
      org,
      name: held[0]?.name ?? '',
      roles: t.list(held.map(({ role }) => t(`ui.role.${role}`))),
    }
  })
}

const metaOf = (person: FoundPerson, t: T): string =>
  [
    person.email,
    ...placesOf(person, t).map(({ name, roles }) => [name, roles].filter(Boolean).join(': ')),
  ].join(' · ')

/** PostgreSQL takes no NUL; without anything else, nothing is looked for. */
async function organisationsLike(tx: Tx, q: string, limit: number): Promise<MemberLine[]> {
  const text = q.replaceAll('\0', '').trim()
  return text === '' ? [] : list(tx, { q: text, limit })
}

const organisationHit = ({ id, name, formerly }: MemberLine, t: T): Hit => ({
  href: `/members/${id}`,
  title: name,
  ...(formerly.length > 0 ? { meta: t('merging.list.formerly', { list: t.list(formerly) }) } : {}),
})

export const registerSearch = [
  {
    title: (t: T) => t('finding.people'),
    find: async (tx: Tx, q: string, t: T, limit: number) =>
      (await findPeople(tx, { q, limit })).map(
        (person): Hit => ({ href: personHref(person), title: person.name, meta: metaOf(person, t) }),
      ),
  },
  {
    title: (t: T) => t('finding.organisations'),
    // Whose an address is, its own page tells.
    find: async (tx: Tx, q: string, t: T, limit: number) =>
      parseNet(q) ? [] : (await organisationsLike(tx, q, limit)).map((one) => organisationHit(one, t)),
  },
]
