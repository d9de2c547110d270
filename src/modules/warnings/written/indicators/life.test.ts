import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { tuesday } from '../../../../../test/harness.ts'
import { draftOf, openWriting, type Writing } from '../../../../../test/writing.ts'
import { type Actor, asActor } from '../../../../platform/access.ts'
import { Forbidden, Invalid, NotFound, WrongState } from '../../../../platform/errors.ts'
import { declare } from '../duty.ts'
import { change, save, submit } from '../edit.ts'
import { judge as look, publish } from '../publish.ts'
import { expire, revoke } from '../revoke.ts'
import { choose } from './choose.ts'
import { findIn } from './find.ts'
import { askLists, type Grounds, groundsOf, judge } from './judge.ts'
import { indicatorsOf } from './keep.ts'

const day = 86_400_000
const some = ['hxxp://evil[.]example/a', '203.0.113.7', 'evil.example', 'CVE-2026-1234', 'a'.repeat(64)]

describe('indicators of a written warning', () => {
  let stage: Writing
  let lists: string
  let grounds: Grounds

  beforeAll(async () => {
    stage = await openWriting()
    lists = mkdtempSync(join(tmpdir(), 'hsoc-lists-'))
    const list = (folder: string, name: string, entries: string[]) => {
      mkdirSync(join(lists, folder))
      writeFileSync(
        join(lists, folder, 'list.json'),
        JSON.stringify({
          name,
          type: folder === 'tranco10k' ? 'hostname' : 'cidr',
          version: 20260101,
          list: entries,
        }),
      )
    }
    list('public-dns-v4', 'List of known DNS resolvers', ['203.0.113.53/32'])
    list('tranco10k', 'Top 10K websites', ['vyhledavac.example'])
    list('amazon-aws', 'List of known AWS addresses', ['203.0.113.128/25'])
    grounds = { ...groundsOf(stage.context.settings), listsDir: lists }
    await stage.db.engine.query(
      `insert into domains (org_id, domain) values ($1, 'nemocnice.kraj.example')`,
      [stage.jihlava.id],
    )
  })
  afterEach(() => stage.clear())
  afterAll(async () => {
    await stage?.close()
    rmSync(lists, { recursive: true, force: true })
  })

  const take = (id: number, values: string[], by: Actor = stage.karel) =>
    choose(stage.db, id, by, values, grounds, tuesday)
  const rows = async (id: number): Promise<string[]> =>
    (
      await stage.db.engine.query<{ s: string }>(
        `select version || ' ' || state || ' ' || tlp || ' ' || value as s from written_indicators where warning_id = $1 order by version, value`,
        [id],
      )
    ).rows.map((row) => row.s)
  const seenBy = (actor: Actor | null, id: number, version = 1, now = tuesday) =>
    asActor(stage.db, actor, now, (tx) => indicatorsOf(tx, id, version)).then((all) =>
      all.map((one) => one.value),
    )
  const out = async (id: number, now = tuesday): Promise<void> => {
    await submit(stage.db, id, stage.karel, now)
    await publish(stage.db, id, stage.kveta, now)
  }
  /** One that is out, with `some`. */
  const published = async (more: Parameters<Writing['written']>[0] = {}): Promise<number> => {
    const id = await stage.written(more)
    await take(id, some)
    await out(id)
    return id
  }

  it('are refused where they would cut off a member, ourselves or what everybody needs, and each says why', async () => {
    const text = `192.0.2.5 192.0.2.0/24 2001:db8::1 10.1.2.0/24 127.0.0.1 77.0.0.0/8 203.0.113.9/24 203.0.113.53 203.0.113.200
      nemocnice.kraj.example www.nemocnice.kraj.example kraj.example http://kraj.example/x info@nemocnice.kraj.example
      portal.hsoc.example vyhledavac.example https://www.vyhledavac.example/hledej a@vyhledavac.example tiskarna.local evil.example
      e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855`
    const { found } = findIn([{ where: 'x', text }])
    const asked = await askLists(grounds, found)
    const judged = await asActor(stage.db, stage.karel, tuesday, (tx) =>
      judge(tx, found, grounds, asked, tuesday),
    )
    const why = Object.fromEntries(
      judged.map(({ value, refusal }) => [
        value,
        refusal && ('by' in refusal ? `${refusal.why} ${refusal.by}` : refusal.why),
      ]),
    )
    const ours = 'own Nemocnice Jihlavka'
    expect(why).toEqual({
      '192.0.2.5': ours,
      '192.0.2.0/24': ours,
      '2001:db8::1': null,
      '10.1.2.0/24': 'private',
      '127.0.0.1': 'special',
      '77.0.0.0/8': 'wide',
      '203.0.113.9/24': 'hostbits',
      '203.0.113.53': 'listed List of known DNS resolvers',
      '203.0.113.200': null,
      'nemocnice.kraj.example': ours,
      'www.nemocnice.kraj.example': ours,
      'kraj.example': ours,
      'http://kraj.example/x': null,
      'info@nemocnice.kraj.example': ours,
      'portal.hsoc.example': 'ours',
      'vyhledavac.example': 'listed Top 10K websites',
      'https://www.vyhledavac.example/hledej': 'listed Top 10K websites',
      'a@vyhledavac.example': null,
      'tiskarna.local': 'private',
      'evil.example': null,
      e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855: 'empty',
    })
    expect(judged.filter((one) => one.cloud !== null).map((one) => [one.value, one.cloud])).toEqual([
      ['203.0.113.200', 'List of known AWS addresses'],
      // The provider is everybody's, the sender is not.
      ['a@vyhledavac.example', 'Top 10K websites'],
    ])
    const id = await stage.written()
    for (const value of ['192.0.2.5', '10.1.2.0/24', 'vyhledavac.example'])
      await expect(take(id, ['evil.example', value])).rejects.toMatchObject({
        fields: { indicators: 'refused' },
      })
    await expect(take(id, ['žádný'])).rejects.toMatchObject({ fields: { indicators: 'form' } })
    expect(await rows(id)).toEqual([])
  })

  it('out of documentation are refused where the sector is a real one', async () => {
    const real = groundsOf({ ...stage.context.settings, baseUrl: 'https://portal.hsoc.cz', demo: false })
    const id = await stage.written()
    await expect(choose(stage.db, id, stage.karel, ['evil.example'], real, tuesday)).rejects.toThrow(Invalid)
  })

  it('are chosen by coordinators in a draft, and whoever chose does not publish', async () => {
    const id = await stage.written()
    await expect(take(id, some, stage.jana)).rejects.toThrow(Forbidden)
    await take(id, some, stage.kveta)
    expect(await rows(id)).toHaveLength(5)
    expect(await seenBy(stage.jana, id)).toEqual([])
    await submit(stage.db, id, stage.karel, tuesday)
    await expect(publish(stage.db, id, stage.kveta, tuesday)).rejects.toThrow(Forbidden)
    await expect(take(id, [])).rejects.toThrow(WrongState)
    await expect(take(id + 1_000, [])).rejects.toThrow(NotFound)
  })

  it('are confirmed by publishing, each for its time, and read by whoever reads the warning', async () => {
    const id = await published({ audience: 'organisations', orgs: [stage.jihlava.id] })
    const kept = await asActor(stage.db, stage.jana, tuesday, (tx) => indicatorsOf(tx, id, 1))
    expect(
      kept.map(({ kind, state, validUntil }) => [kind, state, validUntil && (validUntil - tuesday) / day]),
    ).toEqual([
      ['ip', 'confirmed', 7],
      ['domain', 'confirmed', 30],
      ['url', 'confirmed', 14],
      ['sha256', 'confirmed', 180],
      ['cve', 'confirmed', null],
    ])
    expect(await seenBy(stage.tomas, id)).toEqual([])
    expect(await seenBy(null, id)).toEqual([])
  })

  it('are not published once they have become a member’s own', async () => {
    const id = await stage.written()
    await take(id, ['203.0.113.7'])
    await submit(stage.db, id, stage.karel, tuesday)
    await stage.db.engine.query(
      `insert into networks (org_id, net_from, net_to, text, valid_from, recorded_at) values ($1, '203.0.113.0', '203.0.113.15', '203.0.113.0/28', $2, $2)`,
      [stage.trest.id, new Date(tuesday)],
    )
    await expect(publish(stage.db, id, stage.kveta, tuesday)).rejects.toMatchObject({
      fields: { indicators: 'refused' },
    })
    await stage.db.engine.query(`delete from networks where text = '203.0.113.0/28'`)
  })

  it('follow a narrower label at once: nothing stays for those whom it leaves out', async () => {
    const id = await published()
    expect(await seenBy(stage.tomas, id)).toHaveLength(5)
    await change(stage.db, id, stage.karel, tuesday)
    await save(
      stage.db,
      id,
      stage.karel,
      draftOf({
        changeNote: 'Užší okruh.',
        tlp: 'AMBER',
        audience: 'organisations',
        orgs: [stage.jihlava.id],
      }),
      tuesday,
    )
    await take(id, some.slice(1, 3))
    expect(await seenBy(stage.tomas, id)).toHaveLength(5)
    await out(id, tuesday + day)
    expect(await rows(id)).toEqual([
      `1 withdrawn GREEN 203.0.113.7`,
      `1 withdrawn GREEN CVE-2026-1234`,
      `1 withdrawn GREEN ${'a'.repeat(64)}`,
      `1 withdrawn GREEN evil.example`,
      `1 withdrawn GREEN http://evil.example/a`,
      '2 confirmed AMBER 203.0.113.7',
      '2 confirmed AMBER evil.example',
    ])
    expect(await seenBy(stage.tomas, id)).toEqual([])
    expect(await seenBy(stage.tomas, id, 2)).toEqual([])
    expect(await seenBy(stage.jana, id, 2)).toHaveLength(2)
    expect(await seenBy(stage.jana, id, 1)).toEqual([])
    expect(await seenBy(stage.karel, id, 1)).toHaveLength(5)
  })

  it('of TLP:RED are for the named alone', async () => {
    const id = await published({
      tlp: 'RED',
      audience: 'organisations',
      orgs: [stage.jihlava.id],
      named: [stage.jana.person, stage.kveta.person],
    })
    expect(await seenBy(stage.jana, id)).toHaveLength(5)
    expect(await seenBy(stage.tomas, id)).toEqual([])
    await revoke(stage.db, id, stage.karel, 'Omyl.', tuesday)
    await revoke(stage.db, id, stage.kveta, 'Omyl.', tuesday)
    expect(await seenBy(stage.jana, id)).toEqual([])
    expect((await rows(id)).every((row) => row.startsWith('1 withdrawn'))).toBe(true)
  })

  it('are withdrawn with their warning, also those of a change that was being written', async () => {
    const id = await published()
    await change(stage.db, id, stage.karel, tuesday)
    expect(await rows(id)).toHaveLength(10)
    await revoke(stage.db, id, stage.karel, 'Omyl.', tuesday)
    expect(await seenBy(stage.jana, id)).toHaveLength(5)
    await revoke(stage.db, id, stage.kveta, 'Omyl.', tuesday + day)
    const left = await rows(id)
    expect(left).toHaveLength(5)
    expect(left.every((row) => row.startsWith('1 withdrawn'))).toBe(true)
    expect(await seenBy(stage.jana, id)).toEqual([])
  })

  it('run on by their own time when the warning expires, and after a change of words', async () => {
    const id = await published({ validUntil: tuesday + 2 * day })
    await change(stage.db, id, stage.karel, tuesday + day)
    await save(
      stage.db,
      id,
      stage.karel,
      draftOf({ changeNote: 'Překlep.', substantive: false, validUntil: tuesday + 2 * day }),
      tuesday + day,
    )
    await out(id, tuesday + day)
    await expire(stage.db, tuesday + 3 * day)
    const kept = await asActor(stage.db, stage.jana, tuesday + 3 * day, (tx) => indicatorsOf(tx, id, 2))
    expect(kept.map((one) => [one.state, one.validUntil && (one.validUntil - tuesday) / day])).toEqual(
      [7, 30, 14, 180, null].map((days) => ['confirmed', days]),
    )
  })

  it('that one coordinator released alone wait until another has looked', async () => {
    await declare(
      stage.db,
      stage.karel,
      { startsAt: tuesday, endsAt: tuesday + day, reason: 'Noční služba' },
      tuesday,
    )
    const id = await stage.written({ kind: 'emergency', severity: 4 })
    await take(id, ['evil.example'])
    await publish(stage.db, id, stage.karel, tuesday)
    expect(await rows(id)).toEqual(['1 proposed GREEN evil.example'])
    await look(stage.db, id, stage.kveta, tuesday)
    expect(await rows(id)).toEqual(['1 confirmed GREEN evil.example'])
  })

  it('stand in a mail only where the whole text does, and never so that they can be clicked', async () => {
    await published()
    await stage.send(tuesday)
    const text = stage
      .to(stage.jana)
      .map((mail) => mail.text)
      .join()
    expect(text).toContain('hxxp://evil[.]example/a')
    expect(text).toContain('203[.]0[.]113[.]7')
    expect(text).not.toContain('http://evil.example')
    await stage.clear()
    await published({ tlp: 'AMBER' })
    await stage.send(tuesday)
    expect(stage.to(stage.jana)).toHaveLength(1)
    expect(stage.to(stage.jana)[0]?.text).not.toMatch(/evil|203/)
  })
})
