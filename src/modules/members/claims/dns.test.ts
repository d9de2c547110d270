import fc from 'fast-check'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { contextOf } from '../../../../test/belongings.ts'
import {
  addHospital,
  addPerson,
  createDatabase,
  type Hospital,
  type TestDatabase,
  tuesday,
} from '../../../../test/harness.ts'
import { type NameServer, openNameServer } from '../../../../test/name-server.ts'
import { type Actor, asActor } from '../../../platform/access.ts'
import type { Context } from '../../../platform/context.ts'
import { asEngine } from '../../../platform/database.ts'
import { loadRegister } from '../register.ts'
import { ask, withdraw } from './ask.ts'
import { judge, lookFor, recordName, recordText } from './dns.ts'
import { proveByDns } from './prove-dns.ts'
import { claimShown } from './queries.ts'

describe('a domain is proved by its TXT record', () => {
  let names: NameServer
  let db: TestDatabase
  let context: Context
  let stop: () => Promise<void>
  let horni: Hospital
  let adam: Actor
  let cyril: Actor
  let petra: Actor
  const now = { ms: tuesday }
  beforeAll(async () => {
    names = await openNameServer()
    db = await createDatabase()
    const made = contextOf(db, () => now.ms)
    context = made.context
    context.settings.dnsServers = [names.address]
    stop = made.stop
    horni = await addHospital(db, 'Nemocnice Horní Výmysl', [])
    const dolni = await addHospital(db, 'Nemocnice Dolní Smyšlenka', [], { domains: ['smyslenka.example'] })
    adam = await addPerson(db, 'Adam Správce', [['admin', horni]])
    petra = await addPerson(db, 'Petra Pověřenkyně', [['dpo', horni]])
    cyril = await addPerson(db, 'Cyril Cizí', [['admin', dolni]])
  })
  afterAll(async () => {
    await names.close()
    await stop()
    await db.drop()
  })
  afterEach(() => {
    names.zone.clear()
    now.ms += 60_000
  })

  const claim = async (domain: string): Promise<{ id: number; token: string; value: string }> => {
    const [id = 0] = await asEngine(db, (tx) =>
      ask(tx, { org: horni.id, values: domain, until: '', note: '' }, adam, now.ms),
    )
    const { token, value } = await shown(id)
    return { id, token: token ?? '', value }
  }
  const shown = (id: number, by: Actor = adam) => asActor(db, by, now.ms, (tx) => claimShown(tx, id))
  const prove = (id: number, by: Actor = adam, limitMs = 2_000) =>
    proveByDns(context, id, by, now.ms, { servers: [names.address], limitMs })
  const owners = async (host: string) => (await loadRegister(db.engine)).ownersOfHost(host, now.ms)

  it('and belongs to the claimant at once where nobody else holds it', async () => {
    const { id, token } = await claim('horni-vymysl.example')
    names.zone.set('_hsoc.horni-vymysl.example', [recordText(token)])
    expect(await proveByDns(context, id, adam, now.ms)).toMatchObject({ outcome: 'found', state: 'proved' })
    expect(await owners('www.horni-vymysl.example')).toEqual([horni.id])
    expect(await shown(id)).toMatchObject({ state: 'proved', proof: 'dns' })
    now.ms += 60_000
    await expect(prove(id)).rejects.toThrow(/decided/)
  })

  it('among other records, in quotes, or in pieces', async () => {
    const { id, token } = await claim('nekolik.example')
    names.zone.set('_hsoc.nekolik.example', ['v=spf1 -all', 'x'.repeat(700), ` "${recordText(token)}" `])
    expect(await prove(id)).toMatchObject({ state: 'proved' })
  })

  it('not by another token, a missing record, too much, silence or a refusal; each says what was found', async () => {
    const { id, token } = await claim('nedolozena.example')
    const place = recordName('nedolozena.example')
    const cases: [Parameters<NameServer['zone']['set']>[1] | null, object][] = [
      [null, { outcome: 'missing', found: [] }],
      [[], { outcome: 'missing', found: [] }],
      [['hsoc-claim=jiny', 'v=spf1'], { outcome: 'other', found: ['hsoc-claim=jiny', 'v=spf1'] }],
      [[`${recordText(token)}x`], { outcome: 'other' }],
      [[token], { outcome: 'other', found: [token] }],
      [[...Array.from({ length: 60 }, (_, n) => `r${n}`), recordText(token)], { outcome: 'huge' }],
      [[recordText(token), 'y'.repeat(20_000)], { outcome: 'huge' }],
      ['refused', { outcome: 'failed', found: [] }],
      ['silent', { outcome: 'timeout', found: [] }],
    ]
    for (const [records, expected] of cases) {
      now.ms += 10_000
      if (records === null) names.zone.delete(place)
      else names.zone.set(place, records)
      expect([records, await prove(id, adam, records === 'silent' ? 300 : 2_000)]).toMatchObject([
        records,
        { state: 'asked', ...expected },
      ])
      expect((await shown(id)).checked).toMatchObject(expected)
    }
    expect(await owners('nedolozena.example')).toEqual([])
    expect(
      await lookFor('nedolozena.example', token, { servers: ['127.0.0.1:9'], limitMs: 1_000 }),
    ).toMatchObject({
      outcome: 'failed',
    })
  })

  it('asked for at the name that a look-alike really has, and kept apart from the one it imitates', async () => {
    // The first letter is Cyrillic.
    const { id, token, value } = await claim('ѕmyslenka.example')
    expect(value).toBe('xn--myslenka-jhh.example')
    names.zone.set('_hsoc.smyslenka.example', [recordText(token)])
    expect(await prove(id)).toMatchObject({ outcome: 'missing' })
    expect(names.asked.at(-1)).toBe('_hsoc.xn--myslenka-jhh.example')
    now.ms += 10_000
    names.zone.set(`_hsoc.${value}`, [recordText(token)])
    // Proved, yet it looks like another's: a coordinator decides, and that one sees it.
    expect(await prove(id)).toMatchObject({ outcome: 'found', state: 'contested' })
    expect(await shown(id, cyril)).toMatchObject({
      state: 'asked',
      proof: 'dns',
      holders: [{ relation: 'alike' }],
    })
    expect(await owners(value)).toEqual([])
  })

  it('by whoever may claim alone, every few seconds, and not when it was taken back or is no domain', async () => {
    const { id } = await claim('cekajici.example')
    await expect(prove(id, petra)).rejects.toThrow(/by the representative/)
    await expect(prove(id, cyril)).rejects.toThrow(/no such claim/)
    await prove(id)
    const asked = names.asked.length
    await expect(prove(id)).rejects.toThrow(/a moment ago/)
    expect(names.asked.length).toBe(asked)
    const range = await claim('192.0.2.0/28')
    await expect(prove(range.id)).rejects.toThrow(/Only a domain/)
    now.ms += 10_000
    await asEngine(db, (tx) => withdraw(tx, id, adam, now.ms))
    await expect(prove(id)).rejects.toThrow(/decided/)
  })

  it('for one of two who prove it at the same moment; the other waits for a coordinator', async () => {
    const mine = await claim('soubezna.example')
    const [theirs = 0] = await asEngine(db, (tx) =>
      ask(
        tx,
        { org: cyril.engagements[0]?.org ?? 0, values: 'soubezna.example', until: '', note: '' },
        cyril,
        now.ms,
      ),
    )
    const token = (await shown(theirs, cyril)).token ?? ''
    names.zone.set('_hsoc.soubezna.example', [recordText(mine.token), recordText(token)])
    const proofs = await Promise.all([prove(mine.id), prove(theirs, cyril)])
    expect(proofs.map(({ state }) => state).sort()).toEqual(['contested', 'proved'])
    expect((await owners('soubezna.example')).length).toBe(1)
  })

  it('whatever the records are, without throwing, and only by our own text', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ maxLength: 150, unit: 'binary' }), { maxLength: 55 }), (texts) => {
        const { outcome, found } = judge(texts, 'token')
        expect(outcome === 'found').toBe(
          texts.length <= 50 &&
            texts.some((text) => text.replace(/^[\s"]+|[\s"]+$/g, '') === 'hsoc-claim=token'),
        )
        expect(found.length).toBeLessThanOrEqual(5)
        for (const text of found) expect(/[\p{Cc}\p{Cs}]/u.test(text) || text.length > 101).toBe(false)
      }),
      { numRuns: 40 },
    )
  })
})
