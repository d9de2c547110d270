import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createDatabase, type TestDatabase, tuesday } from '../../../test/harness.ts'
import { asEngine } from '../../platform/database.ts'
import { parseNet } from '../../values/address.ts'
import { applyImport } from './apply-import.ts'
import { parseMembers } from './import/parse.ts'
import { planImport } from './import/plan.ts'
import { currentOrgs } from './members.ts'
import { loadRegister } from './register.ts'

const day = 86_400_000
let db: TestDatabase

beforeAll(async () => {
  db = await createDatabase()
})
afterAll(() => db.drop())

async function rowsOf(csv: string) {
  const file = await parseMembers(Buffer.from(csv), 'members.csv')
  expect(file.errors).toEqual([])
  return file.rows
}

const importing = async (csv: string, now: number) => {
  const rows = await rowsOf(csv)
  return asEngine(db, (tx) => applyImport(tx, rows, null, now))
}

/** Whom an address belongs to at a moment, by name. */
async function holders(address: string, at: number): Promise<string[]> {
  const register = await loadRegister(db.engine)
  const net = parseNet(address)
  const ids = net ? register.ownersOf(net, at).map((one) => one.org) : []
  const { rows } = await db.engine.query<{ name: string }>(
    'select name from organisations where id = any ($1) order by 1',
    [ids],
  )
  return rows.map((row) => row.name)
}

async function isSettled(csv: string): Promise<void> {
  const plan = planImport(await rowsOf(csv), await currentOrgs(db.engine))
  expect([plan.created, plan.changed, plan.unclear]).toEqual([[], [], []])
}

const heading = 'name,kind,region,prefixes,domains,contact_email,language'
const lipova =
  'Nemocnice Lipová,hospital,Lipový kraj,192.0.2.0/25 2001:db8:1::/48,lipova.example,it@lipova.example,cs'

describe('an import of members', () => {
  it('creates an organisation that holds its ranges since ever, and does nothing the second time', async () => {
    const file = `${heading}\n${lipova}`
    expect((await importing(file, tuesday)).created).toHaveLength(1)
    expect(await holders('192.0.2.7', tuesday - 900 * day)).toEqual(['Nemocnice Lipová'])
    expect(await holders('2001:db8:1::7', tuesday)).toEqual(['Nemocnice Lipová'])
    const again = await importing(file, tuesday + day)
    expect([again.created.length, again.changed.length, again.unchanged.length]).toEqual([0, 0, 1])
    const { rows } = await db.engine.query('select readers, language, contact_email from organisations')
    expect(rows).toEqual([
      { readers: [2, expect.any(Number)], language: 'cs', contact_email: 'it@lipova.example' },
    ])
    const { rows: lines } = await db.engine.query<{ verb: string; actor: string }>(
      'select verb, actor from audit order by id',
    )
    expect(lines).toEqual([
      { verb: 'members.create', actor: 'hsoc' },
      { verb: 'members.import', actor: 'hsoc' },
    ])
  })

  it('ends a range that is no longer named and begins a new one, both from now', async () => {
    const now = tuesday + 2 * day
    const file = `${heading}\n${lipova.replace('192.0.2.0/25', '198.51.100.0/26')}`
    await importing(file, now)
    expect(await holders('192.0.2.7', now - 1)).toEqual(['Nemocnice Lipová'])
    expect(await holders('192.0.2.7', now)).toEqual([])
    expect(await holders('198.51.100.7', now - 1)).toEqual([])
    expect(await holders('198.51.100.7', now)).toEqual(['Nemocnice Lipová'])
    await isSettled(file)
  })

  it('corrects role, label, visibility and fields, keeping what they were', async () => {
    const now = tuesday + 3 * day
    const file =
      'name;kind;prefixes;role;label;visible_to_parent;phone;founder\nNemocnice Lipova;clinic;198.51.100.0/26;delegated;PACS;yes;+420 123 456 789;Lipový kraj'
    await importing(file, now)
    const { rows } = await db.engine.query(
      `select text, role, label, visible_to_parent as shown, valid_to = 'infinity' as stands from networks where text = '198.51.100.0/26' order by id`,
    )
    expect(rows).toEqual([
      { text: '198.51.100.0/26', role: 'owner', label: 'office', shown: false, stands: false },
      { text: '198.51.100.0/26', role: 'delegated', label: 'PACS', shown: true, stands: true },
    ])
    expect(await holders('2001:db8:1::7', now)).toEqual([])
    const [org] = await currentOrgs(db.engine)
    expect(org).toMatchObject({ name: 'Nemocnice Lipova', kind: 'clinic', founder: 'Lipový kraj' })
    await isSettled(file)
  })

  it('takes the days of the file literally, and stays settled when they are over', async () => {
    const file =
      'name,prefixes,domains,valid_from,valid_to\nZZS Javorového kraje,203.0.113.0/28,zzs.example,2025-01-01,2025-12-31'
    await importing(file, tuesday)
    expect(await holders('203.0.113.3', Date.parse('2024-12-31T22:59:59Z'))).toEqual([])
    expect(await holders('203.0.113.3', Date.parse('2024-12-31T23:00:00Z'))).toEqual(['ZZS Javorového kraje'])
    expect(await holders('203.0.113.3', Date.parse('2025-12-31T22:59:59Z'))).toEqual(['ZZS Javorového kraje'])
    expect(await holders('203.0.113.3', Date.parse('2025-12-31T23:00:00Z'))).toEqual([])
    await isSettled(file)
    const longer = file.replace('2025-12-31', '2026-06-30')
    await importing(longer, tuesday + day)
    expect(await holders('203.0.113.3', tuesday)).toEqual(['ZZS Javorového kraje'])
    expect(await holders('203.0.113.3', Date.parse('2025-02-01T00:00:00Z'))).toEqual(['ZZS Javorového kraje'])
    await isSettled(longer)
  })

  it('clears what a dash clears', async () => {
    const file = 'name,prefixes,domains,phone,label\nNemocnice Lipová,198.51.100.0/26,-,-,-'
    await importing(file, tuesday + 5 * day)
    const register = await loadRegister(db.engine)
    expect(register.ownersOfHost('www.lipova.example', tuesday + 6 * day)).toEqual([])
    expect(register.ownersOfHost('www.lipova.example', tuesday + 4 * day)).toHaveLength(1)
    await isSettled(file)
  })

  it('keeps number, regime, region and other names, and finds the organisation by them', async () => {
    const file =
      'název;IČO;kraj;režim;další názvy\nNemocnice Habrová;6947;Praha;vyšší;NsP Habrová | Habrovka\n'
    await importing(file, tuesday)
    const { rows } = await db.engine.query(
      `select ico, nuts3, region, regime, array(select name from organisation_names n where n.org_id = o.id order by 1) as names
       from organisations o where name = 'Nemocnice Habrová'`,
    )
    expect(rows).toEqual([
      {
        ico: '00006947',
        nuts3: 'CZ010',
        region: 'Praha',
        regime: 'higher',
        names: ['Habrovka', 'NsP Habrová'],
      },
    ])
    await isSettled(file)
    const byOther = await importing('název;kraj;režim\nhabrovka;Kraj Vysočina;nižší\n', tuesday)
    expect([byOther.created.length, byOther.changed.length]).toEqual([0, 1])
    const after = await db.engine.query(
      `select name, nuts3, regime from organisations where ico = '00006947'`,
    )
    expect(after.rows).toEqual([{ name: 'Nemocnice Habrová', nuts3: 'CZ063', regime: 'lower' }])
  })

  it('is heard by every node', async () => {
    const heard = new Promise<string>((done) => {
      void db.engine.connect().then(async (client) => {
        client.once('notification', (message) => {
          client.release(true)
          done(message.channel)
        })
        await client.query('listen hsoc_register')
        await importing(`${heading}\nNemocnice Dubová,hospital,,192.0.2.192/26,,,cs`, tuesday)
      })
    })
    expect(await heard).toBe('hsoc_register')
  })

  it('of two files at the same time makes each organisation once', async () => {
    const file = `${heading}\nNemocnice Jasanová,hospital,,203.0.113.64/28,,,cs`
    const plans = await Promise.all([importing(file, tuesday), importing(file, tuesday)])
    expect(plans.map((plan) => plan.created.length).sort()).toEqual([0, 1])
  })
})
