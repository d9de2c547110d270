import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { day, type GlassStage, minute, openGlassStage, reason, secret } from '../../../test/glass-stage.ts'
import { asEngine } from '../../platform/database.ts'
import { remindOfGlass } from './glass.ts'
import { work } from './jobs.ts'

describe('break-glass access', () => {
  let stage: GlassStage
  let { db, context, other, lipova, habrova, warning, people } = {} as GlassStage

  beforeAll(async () => {
    stage = await openGlassStage()
    ;({ db, context, other, lipova, habrova, warning, people } = stage)
  })
  afterAll(() => stage?.close())
  // Openings can only be added to: each test has days of its own.
  beforeEach(() => {
    stage.now += 10 * day
  })

  const mailed = async (template: string): Promise<string[]> =>
    (
      await db.engine.query<{ address: string }>(
        `select address from deliveries where detail->>'template' = $1 and decided_at >= to_timestamp($2 / 1000.0) order by address`,
        [template, stage.now],
      )
    ).rows.map(({ address }) => address)

  it('shows its holder, and nobody else, what the organisation keeps to itself, in every form', async () => {
    expect([await stage.reads('jana'), await stage.reads('vera'), await stage.reads('olga')]).toEqual([
      true,
      false,
      false,
    ])
    await stage.opened()
    expect([await stage.reads('jana'), await stage.reads('vera'), await stage.reads('olga')]).toEqual([
      true,
      true,
      false,
    ])
    expect((await stage.get('vera', `/api/v1/warnings/${warning}`)).body).toContain(secret)
    expect((await stage.get('otto', `/warnings/${warning}`)).statusCode).toBe(403)
    const line = `warnings.note`
    expect((await stage.get('vera', '/api/v1/trail')).body).toContain(line)
    expect((await stage.get('olga', '/api/v1/trail')).body).not.toContain(line)
    expect((await stage.get('jana', '/api/v1/trail')).body).toContain(line)
  })

  it('ends by itself after an hour, on every node, and not a moment later', async () => {
    await stage.opened()
    stage.now += 60 * minute - 1
    expect([await stage.reads('vera'), await stage.reads('vera', other)]).toEqual([true, true])
    stage.now += 1
    expect([await stage.reads('vera'), await stage.reads('vera', other)]).toEqual([false, false])
  })

  it('ends at a click of any coordinator, at once on every node, and not twice', async () => {
    const path = await stage.opened()
    stage.now += minute
    expect((await stage.post('olga', `${path}/end`, {}, other)).statusCode).toBe(303)
    expect([await stage.reads('vera'), await stage.reads('vera', other)]).toEqual([false, false])
    expect((await stage.post('vera', `${path}/end`)).statusCode).toBe(409)
  })

  it('ends the open streams of its holder when it is opened and when it is ended', async () => {
    const heard: string[] = []
    const off = context.bus.on('people', (person) => heard.push(person))
    const path = await stage.opened()
    await expect.poll(() => heard).toEqual([String(people.vera.person)])
    stage.now += minute
    await stage.post('vera', `${path}/end`)
    await expect.poll(() => heard).toHaveLength(2)
    off()
  })

  it('opens one organisation, not another, and only one at a time', async () => {
    const foreign = await stage.warn('hana', habrova, 'Jen naše věc')
    await stage.opened()
    expect((await stage.get('vera', `/warnings/${foreign}`)).body).not.toContain('Jen naše věc')
    expect((await stage.opens('vera', habrova.id)).statusCode).toBe(409)
    // Another coordinator may look at the same time, at the same or at another.
    expect((await stage.opens('olga', habrova.id)).statusCode).toBe(303)
    expect((await stage.get('olga', `/warnings/${foreign}`)).body).toContain('Jen naše věc')
    expect(await stage.reads('olga')).toBe(false)
  })

  it('tells the representative, the data-protection officer and the other coordinators by mail at once', async () => {
    await stage.opened()
    const told = [people.petr, people.dana, people.olga, people.both].map(({ email }) => email).sort()
    expect(await mailed('glass-opened')).toEqual(told)
    // Where there is neither a representative nor an officer: whoever works there.
    stage.now += day
    await stage.opened('vera', habrova.id)
    expect(await mailed('glass-opened')).toEqual(
      [people.hana, people.olga, people.both].map(({ email }) => email).sort(),
    )
  })

  it('stands above every page of its holder and of the organisation, while it lasts', async () => {
    const path = await stage.opened()
    // Those of the tests before may stand there too, as reviewed by nobody.
    const banner = `<a href="${path}">Podrobnosti</a>`
    for (const url of ['/', '/warnings', '/account', '/trail'])
      expect([url, (await stage.get('vera', url)).body.includes(banner)]).toEqual([url, true])
    expect((await stage.get('jana', '/warnings')).body).toContain('Věra Klidná má do')
    for (const who of ['olga', 'hana', 'otto'] as const)
      expect([who, (await stage.get(who, '/account')).body.includes(banner)]).toEqual([who, false])
    expect((await stage.get('vera', '/warnings')).body).toContain(`action="${path}/end"`)
    stage.now += 60 * minute
    for (const who of ['vera', 'jana'] as const)
      expect((await stage.get(who, '/account')).body).not.toContain(banner)
  })

  it('marks in the ledger what was read meanwhile, and the organisation sees it all', async () => {
    const path = await stage.opened()
    await stage.reads('vera')
    await stage.reads('olga')
    stage.now += 61 * minute
    await stage.reads('vera')
    const seen = JSON.parse((await stage.get('jana', `/api/v1${path.replace('/trail', '')}`)).body)
    expect(seen.reads.map((read: { reader: string; place: string }) => [read.reader, read.place])).toEqual([
      ['Věra Klidná', '/warnings/:id'],
    ])
    const page = (await stage.get('jana', path)).body
    for (const words of [reason, 'Věra Klidná', `varování: ${warning}`]) expect(page).toContain(words)
    expect((await stage.get('jana', '/trail/reads')).body).toContain(`href="${path}"`)
    const lines = JSON.parse((await stage.get('jana', '/api/v1/trail')).body).lines
    expect(lines[0]).toMatchObject({ verb: 'trail.open-glass', org: lipova.id, detail: { reason } })
    expect((await stage.get('jana', '/trail')).body).toContain('otevření nouzového přístupu')
  })

  it('is reviewed by another coordinator, after its end, once; the organisation gets the finding', async () => {
    const path = await stage.opened()
    const finding = { verdict: 'justified', finding: 'Útok trval, nikdo nebral telefon.' }
    expect((await stage.post('olga', `${path}/review`, finding)).statusCode).toBe(409)
    stage.now += 60 * minute
    expect((await stage.post('vera', `${path}/review`, finding)).statusCode).toBe(409)
    for (const wrong of [
      { verdict: 'justified' },
      { ...finding, verdict: 'perhaps' },
      { ...finding, finding: ' krátký ' },
    ]) {
      const refused = await stage.post('olga', `${path}/review`, wrong)
      expect(refused.statusCode).toBe(422)
      expect(refused.body).toContain('field-error')
    }
    expect((await stage.post('olga', `${path}/review`, finding)).statusCode).toBe(303)
    expect(await mailed('glass-reviewed')).toEqual(
      [people.petr, people.dana, people.olga, people.both].map(({ email }) => email).sort(),
    )
    expect((await stage.post('both', `${path}/review`, finding)).statusCode).toBe(409)
    expect((await stage.get('petr', path)).body).toContain(finding.finding)
  })

  it('that nobody reviews is shown loudly and mailed to the coordinators every day until somebody does', async () => {
    const path = await stage.opened()
    stage.now += day - 1
    const remind = () => asEngine(db, (tx) => remindOfGlass(tx, stage.now))
    // Those of the tests before have waited longer.
    await remind()
    expect(await mailed('glass-unreviewed')).not.toContain(path)
    const due = async (): Promise<number> => {
      await work(context, stage.now)
      const { rows } = await db.engine.query<{ n: number }>(
        `select count(*)::int as n from deliveries where detail->>'template' = 'glass-unreviewed' and detail->>'glass' = $1`,
        [path.split('/').at(-1)],
      )
      return rows[0]?.n ?? 0
    }
    expect(await due()).toBe(0)
    stage.now += 1
    expect([await due(), await due()]).toEqual([3, 3])
    expect((await stage.get('olga', '/warnings')).body).toContain('nikdo včas neposoudil')
    expect((await stage.get('jana', path)).body).toContain('měl být posouzen a není')
    stage.now += day
    expect(await due()).toBe(6)
    await stage.post('olga', `${path}/review`, {
      verdict: 'unjustified',
      finding: 'Stačilo zavolat řediteli.',
    })
    stage.now += day
    expect(await due()).toBe(6)
    expect((await stage.get('vera', path)).body).toContain('posouzen jako neoprávněný')
  })

  it('can be commented on by the organisation and by coordinators', async () => {
    const path = await stage.opened()
    expect(
      (
        await stage.post('petr', `${path}/comments`, {
          text: 'Byli jsme na schůzi, <b>volali jste dvakrát</b>.',
        })
      ).statusCode,
    ).toBe(303)
    const page = (await stage.get('olga', path)).body
    expect(page).toContain('&lt;b>volali jste dvakrát')
    for (const text of ['', '   ', 'x'.repeat(4_001)])
      expect((await stage.post('petr', `${path}/comments`, { text })).statusCode).toBe(422)
    expect((await stage.post('hana', `${path}/comments`, { text: 'Nic mi do toho není.' })).statusCode).toBe(
      404,
    )
    expect((await stage.post('otto', `${path}/comments`, { text: 'Nic mi do toho není.' })).statusCode).toBe(
      403,
    )
  })

  it('concerns the organisation and coordinators: others see none of it', async () => {
    const path = await stage.opened()
    expect((await stage.get('hana', path)).statusCode).toBe(404)
    expect(
      JSON.parse((await stage.get('hana', '/api/v1/glass')).body).openings.map(
        (one: { org: number }) => one.org,
      ),
    ).not.toContain(lipova.id)
    for (const url of [path, '/trail/glass', '/api/v1/glass'])
      expect([url, (await stage.get('otto', url)).statusCode]).toEqual([url, 403])
    expect((await stage.get('otto', '/trail')).body).not.toContain('/trail/glass')
  })
})
