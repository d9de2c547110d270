/** Claims of every kind between two hospitals of the stage, and the pages that show them. */
import { ask } from '../../src/modules/members/claims/ask.ts'
import { answer, decide } from '../../src/modules/members/claims/decide.ts'
import { delegate } from '../../src/modules/members/claims/delegate.ts'
import { proveByDns } from '../../src/modules/members/claims/prove-dns.ts'
import { heldAt } from '../../src/modules/members/claims/queries.ts'
import { loadRegistry } from '../../src/modules/members/claims/registry/load.ts'
import { readRegistry } from '../../src/modules/members/claims/registry/read.ts'
import { asEngine } from '../../src/platform/database.ts'
import { evening, type Stage } from './stage.ts'

const registry = `prefix,holder,contact,asn
203.0.113.0/24,Páteřní síť zdravotnictví a školství,noc@pater.example,64496
2001:db8:ffff:ffff:ffff:ffff:ffff:0/112,Nemocnice s dlouhým prefixem,,64496
`

/** Paths for the hospital's administrator and for coordinators. */
export async function addressPages(stage: Stage): Promise<{ member: string[]; coordinator: string[] }> {
  const { admin, coordinator } = stage.people
  const [own, other] = stage.hospitals
  if (!own || !other) throw new Error('the stage has too few hospitals')
  const bytes = Buffer.from(registry)
  const claim = async (org: number, values: string): Promise<number> => {
    const wanted = { org, values, until: '', note: 'Nová budova polikliniky' }
    const [id = 0] = await asEngine(stage.db, (tx) => ask(tx, wanted, coordinator, evening))
    return id
  }
  await asEngine(stage.db, (tx) =>
    loadRegistry(tx, { name: 'registr.csv', bytes, rows: readRegistry(bytes).rows }, coordinator, evening),
  )
  const heldBy = async (org: number) =>
    (await asEngine(stage.db, (tx) => heldAt(tx, org, evening))).filter(({ kind }) => kind === 'prefix')
  const ours = (await heldBy(own.id))[0]
  const theirs = (await heldBy(other.id))[0]
  if (!ours || !theirs) throw new Error('the hospitals hold nothing')
  const as = await claim(own.id, 'AS64496')
  // The letters of the first word are Cyrillic.
  const domain = await claim(own.id, 'сосо.nemocnice-s-velmi-dlouhym-jmenem-ktere-se-nevejde.example')
  await proveByDns(stage.context, domain, admin, evening)
  const contact = await claim(own.id, '203.0.113.64/27')
  const overlapping = await claim(own.id, theirs.value)
  const touching = await claim(other.id, ours.value)
  const note = 'Tento rozsah používáme od roku 2019 pro ambulance.'
  await asEngine(stage.db, (tx) =>
    answer(tx, touching, { org: own.id, answer: 'objects', note }, admin, evening),
  )
  const refused = await claim(own.id, '198.51.100.128-198.51.100.200')
  const decision = { accept: false, reason: 'Rozsah patří poskytovateli připojení.' }
  await asEngine(stage.db, (tx) => decide(tx, refused, decision, coordinator, evening))
  const offer = { org: other.id, to: own.name, until: '2026-12-31', shown: true, note: '' }
  const value = theirs.value.replace(/\/\d+$/, '/32')
  const offered = await asEngine(stage.db, (tx) => delegate(tx, { ...offer, value }, coordinator, evening))
  const claims = [as, domain, contact, overlapping, touching, refused, offered].map(
    (id) => `/addresses/claims/${id}`,
  )
  return {
    member: ['/addresses', '/addresses?at=2026-01-31', `/addresses/held/${ours.held}`, ...claims],
    coordinator: ['/addresses', `/addresses?org=${own.id}`, ...claims],
  }
}
