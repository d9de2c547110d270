import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { contextOf } from '../../../../../test/belongings.ts'
import {
  addHospital,
  addPerson,
  createDatabase,
  type Hospital,
  type TestDatabase,
  tuesday,
} from '../../../../../test/harness.ts'
import { type Actor, asActor } from '../../../../platform/access.ts'
import type { Context } from '../../../../platform/context.ts'
import { asEngine } from '../../../../platform/database.ts'
import { unseal } from '../../../../platform/seal.ts'
import { parseNet } from '../../../../values/address.ts'
import { accountLetter } from '../../../channels/account-mail.ts'
import { loadRegister } from '../../register.ts'
import { ask } from '../ask.ts'
import { decide } from '../decide.ts'
import { mailCode, proveByCode } from '../prove-contact.ts'
import { asPrefixes, claimShown, registryInUse } from '../queries.ts'
import { loadRegistry } from './load.ts'
import { mostBytes, readRegistry } from './read.ts'

const bytesOf = (text: string): Buffer => Buffer.from(text)
const csv = `prefix,holder,contact,asn
192.0.2.0/24,Páteřní síť,noc@pater.example,64496
192.0.2.64/26,Nemocnice Horní Výmysl,sit@horni-vymysl.example,
198.51.100.0 - 198.51.100.95,Kraj Smyšlený,,AS64497
2001:db8:7::/48,Kraj Smyšlený,it@kraj.example,64497
203.0.113.0/24 198.18.0.0/24,Kraj Smyšlený,it@kraj.example,64497
`

describe('a registry file', () => {
  it('is read from CSV as files have it, and from objects as RIPE prints them', () => {
    const { rows, wrong } = readRegistry(bytesOf(csv))
    expect(wrong).toEqual([])
    expect(rows.map(({ net, contact, asn }) => [net.text, contact, asn])).toEqual([
      ['192.0.2.0/24', 'noc@pater.example', 64_496],
      ['192.0.2.64/26', 'sit@horni-vymysl.example', null],
      ['198.51.100.0-198.51.100.95', null, 64_497],
      ['2001:db8:7::/48', 'it@kraj.example', 64_497],
      ['203.0.113.0/24', 'it@kraj.example', 64_497],
      ['198.18.0.0/24', 'it@kraj.example', 64_497],
    ])
    const split = readRegistry(
      bytesOf(
        'family;start;end;cidrs;asn;as_name\r\nipv4;192.0.2.0;192.0.2.191;192.0.2.0/25 192.0.2.128/26;64496;Síť\r\nipv4;192.0.2.192;192.0.2.255;;64496;Síť\r\n',
      ),
    )
    expect(split.rows.map(({ net, holder }) => [net.text, holder])).toEqual([
      ['192.0.2.0/25', 'Síť'],
      ['192.0.2.128/26', 'Síť'],
      ['192.0.2.192/26', 'Síť'],
    ])
    const objects = readRegistry(
      bytesOf(`% Poznámka registru

inetnum:        192.0.2.0 - 192.0.2.255
netname:        VYMYSL-NET
descr:          Nemocnice Horní Výmysl # sídlo
abuse-mailbox:  abuse@horni-vymysl.example

person:         Někdo Jiný
e-mail:         nekdo@jinde.example

route6:         2001:db8:5::/48
descr:          Kraj Smyšlený
origin:         AS64497
`),
    )
    expect(objects).toMatchObject({
      wrong: [],
      rows: [
        { line: 3, holder: 'Nemocnice Horní Výmysl', contact: 'abuse@horni-vymysl.example', asn: null },
        { line: 11, holder: 'Kraj Smyšlený', contact: null, asn: 64_497 },
      ],
    })
    const old = readRegistry(
      Buffer.from([...bytesOf('prefix;holder\n192.0.2.0/24;Nemocnice '), 0xe8, 0xed, 0x0a]),
    )
    expect(old.rows[0]?.holder).toBe('Nemocnice čí')
  })

  it('names each row that cannot be read, and is then not taken', () => {
    expect(
      readRegistry(
        bytesOf('prefix,contact,asn\nnic,,\n192.0.2.0/24,kdokoli,\n192.0.2.0/24,,AS0\n127.0.0.0/8,,\n'),
      ).wrong,
    ).toEqual([
      { line: 2, fault: 'range', value: 'nic' },
      { line: 3, fault: 'contact', value: 'kdokoli' },
      { line: 4, fault: 'asn', value: 'AS0' },
      { line: 5, fault: 'range', value: '127.0.0.0/8' },
    ])
    for (const [bytes, fault] of [
      [bytesOf(''), 'columns'],
      [bytesOf('prefix,holder\n'), 'empty'],
      [bytesOf('jedna,dva\n1,2\n'), 'columns'],
      [bytesOf('prefix,holder\n"192.0.2.0/24,x\n'), 'csv'],
      [Buffer.from([0xff, 0xfe, 0x41, 0x00]), 'encoding'],
      [Buffer.from('prefix\0'), 'encoding'],
      [Buffer.alloc(mostBytes + 1, 0x41), 'tooLarge'],
    ] as const)
      expect(readRegistry(bytes)).toMatchObject({ rows: [], wrong: [{ fault }] })
  })

  it('of any bytes is read or refused, never thrown at', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        const { rows, wrong } = readRegistry(bytes)
        expect(rows.length + wrong.length).toBeGreaterThan(0)
      }),
    )
    const cell = fc.oneof(
      fc.string({ maxLength: 30 }),
      fc.constantFrom('192.0.2.0/24', '"', ';', '\n', 'a@b.example', '64496'),
    )
    fc.assert(
      fc.property(fc.array(fc.array(cell, { maxLength: 5 }), { maxLength: 10 }), (table) => {
        const text = ['prefix,holder,contact,asn', ...table.map((row) => row.join(','))].join('\n')
        for (const { net, contact } of readRegistry(bytesOf(text)).rows) {
          expect(parseNet(net.text)).toEqual(net)
          expect(contact === null || contact.includes('@')).toBe(true)
        }
      }),
    )
  })
})

describe('the contact of a registry', () => {
  let db: TestDatabase
  let context: Context
  let stop: () => Promise<void>
  let horni: Hospital
  let adam: Actor
  let cyril: Actor
  let petra: Actor
  let coordinator: Actor
  const now = { ms: tuesday }
  const minute = 60_000
  beforeAll(async () => {
    db = await createDatabase()
    const made = contextOf(db, () => now.ms)
    context = made.context
    stop = made.stop
    horni = await addHospital(db, 'Nemocnice Horní Výmysl', [])
    const dolni = await addHospital(db, 'Nemocnice Dolní Smyšlenka', ['2001:db8:7:8::/64'])
    adam = await addPerson(db, 'Adam Správce', [['admin', horni]])
    petra = await addPerson(db, 'Petra Pověřenkyně', [['dpo', horni]])
    cyril = await addPerson(db, 'Cyril Cizí', [['admin', dolni]])
    coordinator = await addPerson(db, 'Klára Koordinátorka', [['coordinator', null]])
    await load(csv)
  })
  afterAll(async () => {
    await stop()
    await db.drop()
  })

  const load = (text: string, name = 'registr.csv') =>
    asEngine(db, (tx) =>
      loadRegistry(
        tx,
        { name, bytes: bytesOf(text), rows: readRegistry(bytesOf(text)).rows },
        coordinator,
        now.ms,
      ),
    )
  const claim = async (values: string, by = adam): Promise<number> => {
    const ids = await asEngine(db, (tx) =>
      ask(tx, { org: by.engagements[0]?.org ?? horni.id, values, until: '', note: '' }, by, now.ms),
    )
    return ids[0] as number
  }
  const shown = (id: number, by = adam) => asActor(db, by, now.ms, (tx) => claimShown(tx, id))
  const mails = async (id: number) =>
    (
      await db.engine.query<{ address: string; detail: Record<string, unknown>; org: number }>(
        `select address, detail, org_id as org from deliveries where topic like $1 order by id`,
        [`claim-code:${id}:%`],
      )
    ).rows
  const codeIn = async (id: number): Promise<string> =>
    unseal(context.settings.secret, String((await mails(id)).at(-1)?.detail.sealed)) ?? ''
  const enter = (id: number, code: string, by = adam) => proveByCode(context, id, code, by, now.ms)

  it('is mailed a code, for the smallest range around, that proves the range once typed in', async () => {
    const id = await claim('192.0.2.64/27')
    expect((await shown(id)).contact).toBe('s***@horni-vymysl.example')
    await mailCode(context, id, adam, now.ms)
    const [mail] = await mails(id)
    expect(mail).toMatchObject({ address: 'sit@horni-vymysl.example', org: horni.id })
    const code = await codeIn(id)
    expect(code).toMatch(/^[2-9a-hjkmnp-z]{10}$/)
    expect(JSON.stringify(mail)).not.toContain(code)
    for (const language of ['cs', 'en'] as const) {
      const reader = { actor: { ...adam, language }, as: 'contact' as const, roles: [] }
      const letter = accountLetter(context, { detail: mail?.detail } as never, reader, now.ms)
      expect(JSON.stringify(letter)).toContain(code)
      expect(letter?.answer).toContain('192.0.2.64/27')
      expect(
        accountLetter(context, { detail: mail?.detail } as never, reader, now.ms + 4 * 86_400_000),
      ).toBeNull()
    }
    expect(await enter(id, 'x')).toEqual({ state: 'wrong', left: 4 })
    expect(await enter(id, ` ${code.slice(0, 5).toUpperCase()} - ${code.slice(5)}`)).toEqual({
      state: 'proved',
    })
    const net = parseNet('192.0.2.70')
    const register = await loadRegister(db.engine)
    expect(net && register.ownersOf(net, now.ms).map(({ org }) => org)).toEqual([horni.id])
    await expect(enter(id, code)).rejects.toThrow(/decided/)
  })

  it('counts tries and mails, and a code runs out', async () => {
    const id = await claim('192.0.2.192/27')
    await expect(enter(id, 'kod')).rejects.toThrow(/no code in force/)
    await mailCode(context, id, adam, now.ms)
    await expect(mailCode(context, id, adam, now.ms + 9 * minute)).rejects.toThrow(/a moment ago/)
    const first = await codeIn(id)
    for (const left of [4, 3, 2, 1, 0]) expect(await enter(id, 'spatny')).toEqual({ state: 'wrong', left })
    await expect(enter(id, first)).rejects.toThrow(/no code in force/)
    for (const _ of [2, 3, 4, 5]) {
      now.ms += 11 * minute
      await mailCode(context, id, adam, now.ms)
    }
    now.ms += 11 * minute
    await expect(mailCode(context, id, adam, now.ms)).rejects.toThrow(/too often/)
    expect((await mails(id)).length).toBe(5)
    expect(await enter(id, first)).toEqual({ state: 'wrong', left: 4 })
    now.ms += 3 * 86_400_000
    await expect(enter(id, await codeIn(id))).rejects.toThrow(/no code in force/)
  })

  it('helps nobody else, and nothing that the registry gives to nobody', async () => {
    const id = await claim('192.0.2.128/28')
    await expect(mailCode(context, id, petra, now.ms)).rejects.toThrow(/by the representative/)
    await expect(mailCode(context, id, cyril, now.ms)).rejects.toThrow(/no such claim/)
    await mailCode(context, id, adam, now.ms)
    const other = await claim('192.0.2.144/28')
    await mailCode(context, other, adam, now.ms)
    expect(await enter(other, await codeIn(id))).toMatchObject({ state: 'wrong' })
    for (const value of ['198.51.100.0/27', '192.0.2.0-192.0.3.5', 'AS64496', 'bez-kontaktu.example']) {
      const without = await claim(value)
      expect((await shown(without)).contact).toBeNull()
      await expect(mailCode(context, without, adam, now.ms)).rejects.toThrow(/no contact|Only a range/)
    }
  })

  it('proves what another holds too, but a coordinator decides it', async () => {
    const id = await claim('2001:db8:7::/56')
    await mailCode(context, id, adam, now.ms)
    expect(await enter(id, await codeIn(id))).toEqual({ state: 'contested' })
    expect(await shown(id, cyril)).toMatchObject({ proof: 'registry', state: 'asked', contact: null })
  })

  it('of a file is replaced by the next, is seen by coordinators alone, and an empty one is refused', async () => {
    await expect(load('prefix,holder\n')).rejects.toThrow(/no range/)
    await load('prefix,holder,contact\n203.0.113.0/24,Někdo,x@y.example\n', 'novy.csv')
    const read = (by: Actor) => asActor(db, by, now.ms, registryInUse)
    expect(await read(coordinator)).toMatchObject({ file: 'novy.csv', rows: 1 })
    expect(await read(adam)).toBeNull()
    expect((await db.engine.query('select text from registry_entries')).rows).toEqual([
      { text: '203.0.113.0/24' },
    ])
    await load(csv)
  })

  it('of an AS number is a proposal: a coordinator ticks the prefixes that come with it', async () => {
    const id = await claim('as 64497')
    const proposed = await asActor(db, coordinator, now.ms, (tx) => asPrefixes(tx, 'AS64497'))
    expect(proposed.map(({ text, holders }) => [text, holders.map(({ name }) => name)])).toEqual([
      ['198.18.0.0/24', []],
      ['198.51.100.0-198.51.100.95', []],
      ['203.0.113.0/24', []],
      ['2001:db8:7::/48', ['Nemocnice Dolní Smyšlenka']],
    ])
    expect(await asActor(db, adam, now.ms, (tx) => asPrefixes(tx, 'AS64497'))).toEqual([])
    const judge = (prefixes: string[]) =>
      asEngine(db, (tx) =>
        decide(tx, id, { accept: true, reason: 'Podle registru.', prefixes }, coordinator, now.ms),
      )
    await expect(judge(['192.0.2.0/24'])).rejects.toThrow(/does not name/)
    expect((await shown(id)).state).toBe('asked')
    await judge(['198.51.100.0-198.51.100.95', '203.0.113.0/24'])
    const register = await loadRegister(db.engine)
    const owner = (address: string) => {
      const net = parseNet(address)
      return net ? register.ownersOf(net, now.ms).map(({ org }) => org) : null
    }
    expect([
      owner('198.51.100.90'),
      owner('203.0.113.9'),
      owner('198.18.0.1'),
      owner('2001:db8:7::1'),
    ]).toEqual([[horni.id], [horni.id], [], []])
    expect(await shown(id)).toMatchObject({ state: 'proved', proof: 'coordinator' })
  })
})
