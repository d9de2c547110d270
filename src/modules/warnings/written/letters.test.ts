import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { addPerson, tuesday } from '../../../../test/harness.ts'
import { openWriting, type Writing } from '../../../../test/writing.ts'
import { type Actor, asActor } from '../../../platform/access.ts'

describe('mails about warnings that somebody wrote', () => {
  let stage: Writing
  let db: Writing['db']
  let jana: Actor
  let tomas: Actor
  let karel: Actor
  let kveta: Actor
  beforeAll(async () => {
    stage = await openWriting()
    ;({ db, jana, tomas, karel, kveta } = stage)
  })
  afterAll(() => stage.close())
  beforeEach(() => stage.clear())

  it('TLP:GREEN comes whole, with the label in the subject and in the first line, in the reader’s language', async () => {
    const id = await stage.published({ severity: 3, actionBy: '2026-03-06' })
    await stage.send(tuesday)
    const [mail] = stage.to(jana)
    expect(mail?.subject).toBe(
      '[TLP:GREEN] HSOC-2026-0009 v1 Podvodné maily s fakturou'.replace('0009', await numberOf(id)),
    )
    expect(mail?.text?.split('\n')[0]).toMatch(/^TLP:GREEN/)
    expect(mail?.text).toContain('faktura.zip')
    expect(mail?.text).toContain(`https://hsoc.example/warnings/written/${id}`)
    expect(stage.to(tomas)[0]?.text).toContain('There is no English translation yet')
    // Its author hears that it is out, and nothing else.
    expect(stage.to(karel).map((mail) => mail.subject)).toEqual([expect.stringContaining('Vydáno:')])
  })

  it('TLP:AMBER comes with its title and no text, narrower labels without either', async () => {
    for (const [tlp, title] of [
      ['AMBER', true],
      ['AMBER+STRICT', false],
    ] as const) {
      stage.office.clear()
      await stage.published({ tlp, severity: 3 })
      await stage.send(tuesday)
      const [mail] = stage.to(jana)
      expect(mail?.subject).toContain(`[TLP:${tlp}] HSOC-2026-`)
      expect(mail?.subject?.includes('Podvodné')).toBe(title)
      expect(mail?.text?.includes('Podvodné')).toBe(title)
      expect(mail?.text).not.toContain('faktura.zip')
    }
  })

  it('TLP:RED comes as a notice to the named alone, and nobody else learns of it', async () => {
    const honza = await addPerson(db, `Honza ${stage.office.port}`, [['manager', stage.jihlava]])
    const id = await stage.published({
      tlp: 'RED',
      audience: 'organisations',
      orgs: [stage.jihlava.id],
      named: [jana.person, kveta.person],
    })
    await stage.send(tuesday)
    expect(stage.to(jana)[0]?.text).not.toMatch(/Podvodné|faktura/)
    expect(stage.to(honza)).toEqual([])
    expect(await Promise.all([jana, honza, karel, kveta].map((one) => stage.sees(one, id)))).toEqual([
      true,
      false,
      true,
      true,
    ])
    const other = await addPerson(db, `Jiná Koordinátorka ${stage.office.port}`, [['coordinator', null]])
    expect(await stage.sees(other, id)).toBe(false)
    expect(
      (
        await asActor(db, other, tuesday, (tx) =>
          tx.query('select 1 from deliveries where written_id = $1', [id]),
        )
      ).rowCount,
    ).toBe(0)
  })

  it('low waits for the digest, and who is not concerned by the rules gets it there too', async () => {
    const low = await stage.published({ severity: 1 })
    expect(await stage.states(low)).toEqual(['new held digest', 'new held digest'])
    const rules = { all: false, prefixes: ['192.0.2.7'], domains: [], kinds: [], regions: [] }
    const id = await stage.published({ severity: 3, rules })
    expect(await stage.states(id)).toEqual(['new queued', 'new held digest'])
    const morning = Date.UTC(2026, 2, 4, 7)
    await stage.send(morning)
    expect(stage.to(tomas)[0]?.text).toContain('Podvodné maily s fakturou')
    expect(stage.to(tomas)[0]?.text).toContain(`/warnings/written/${id}`)
  })

  const numberOf = async (id: number): Promise<string> =>
    String(
      (
        await db.engine.query<{ n: string }>(
          'select substr(number, 11) as n from written_warnings where id = $1',
          [id],
        )
      ).rows[0]?.n,
    )
})
