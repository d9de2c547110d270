import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openAdvisoriesShown, textOf } from '../../../../test/advisory-stage.ts'
import { addPerson, tuesday } from '../../../../test/harness.ts'
import { type Actor, asActor } from '../../../platform/access.ts'

type Shown = Awaited<ReturnType<typeof openAdvisoriesShown>>
let opened: Shown
let stage: Shown['stage']
let pages: Shown['pages']
let given: Shown['given']
let second: Actor
beforeAll(async () => {
  opened = await openAdvisoriesShown()
  ;({ stage, pages, given } = opened)
  second = await addPerson(stage.db, 'Hynek Druhý', [['coordinator', null]])
})
afterAll(() => opened?.close())

describe('an advisory written by a coordinator', () => {
  const form = {
    title: 'Dodavatel vypnul podporu',
    text: 'Vzdálená správa zůstala otevřená.',
    action: 'Zavřete port 4433.',
    cves: 'cve-2026-77777',
    products: 'Pumpy; Infusion 3; <2.3\nPumpy; Console',
    link: 'https://pumpy.example/x',
    severity: '2',
    exploited: '1',
    tlp: 'GREEN',
  }

  it('is kept with its products, changed as a next version, and never over somebody else', async () => {
    const made = await pages.post(stage.coordinator, '/advisories', form)
    const url = String(made.headers.location).split('?')[0] as string
    expect(made.statusCode).toBe(303)
    expect((await pages.post(second, `${url}/confirmation`, { version: '1' })).statusCode).toBe(303)
    const page = textOf((await pages.get(stage.member, url)).body)
    expect(page).toContain('Zavřete port 4433.')
    expect(page).toContain('vysoká')
    const filled = (await pages.get(stage.coordinator, `${url}/edit`)).body
    expect(filled).toContain('Pumpy; Infusion 3; &lt;2.3\nPumpy; Console')
    expect(
      (await pages.post(stage.coordinator, url, { ...form, title: 'Dodavatel vrátil podporu', base: '1' }))
        .statusCode,
    ).toBe(303)
    const late = await pages.post(stage.coordinator, url, { ...form, title: 'Pozdě', base: '1' })
    expect([late.statusCode, late.body.includes('Pozdě')]).toEqual([409, true])
    expect((await pages.post(second, `${url}/confirmation`, { version: '2' })).statusCode).toBe(303)
    expect(textOf((await pages.get(stage.member, url)).body)).toContain('Dodavatel vrátil podporu')
  })

  it('is no member’s before another coordinator confirms it: not in lists, by its address or the API, nor its next version', async () => {
    const made = await pages.post(stage.coordinator, '/advisories', { ...form, title: 'Tajné zatím' })
    const url = String(made.headers.location).split('?')[0] as string
    const seen = async (who: Actor | null, path: string) => {
      const { statusCode, body } = await pages.get(who, path)
      return [statusCode, /Tajné zatím|Ještě horší/.test(body)]
    }
    for (const path of [url, `${url}?version=1`, `/api/v1${url}`])
      expect([path, ...(await seen(stage.member, path))]).toEqual([path, 404, false])
    for (const path of ['/advisories', '/advisories?waiting=1', '/api/v1/advisories?q=tajné'])
      expect([path, ...(await seen(stage.member, path))]).toEqual([path, 200, false])
    expect(await seen(second, '/advisories?waiting=1')).toEqual([200, true])
    const own = await pages.get(stage.coordinator, url)
    expect([own.body.includes(`${url}/confirmation`), own.body.includes('Napsali jste ho vy')]).toEqual([
      false,
      true,
    ])
    expect((await pages.get(second, url)).body).toContain(`${url}/confirmation`)

    const confirm = (who: Actor, version: string) => pages.post(who, `${url}/confirmation`, { version })
    expect((await confirm(stage.coordinator, '1')).statusCode).toBe(403)
    expect((await confirm(stage.member, '1')).statusCode).toBe(403)
    expect((await confirm(second, '7')).statusCode).toBe(409)
    expect((await confirm(second, '1')).statusCode).toBe(303)
    expect((await confirm(second, '1')).statusCode).toBe(409)
    expect(await seen(stage.member, url)).toEqual([200, true])

    const worse = { ...form, title: 'Ještě horší', severity: '4', base: '1' }
    expect((await pages.post(stage.coordinator, url, worse)).statusCode).toBe(303)
    const present = (await pages.get(stage.member, url)).body
    expect([present.includes('Tajné zatím'), present.includes('Ještě horší')]).toEqual([true, false])
    expect((await pages.get(stage.member, `${url}?version=2`)).statusCode).toBe(404)
    expect((await pages.get(second, url)).body).toContain(`${url}?version=2`)
    const waits = (await pages.get(second, `${url}?version=2`)).body
    expect([waits.includes('Ještě horší'), waits.includes('Infusion 3')]).toEqual([true, true])
    // Who changes what waits is its author; the first author may then confirm it.
    expect((await pages.get(second, `${url}/edit`)).body).toContain('Ještě horší')
    expect((await pages.post(second, url, { ...worse, base: '2' })).statusCode).toBe(303)
    expect((await confirm(second, '3')).statusCode).toBe(403)
    expect((await confirm(stage.coordinator, '2')).statusCode).toBe(409)
    expect((await confirm(stage.coordinator, '3')).statusCode).toBe(303)
    expect((await pages.get(stage.member, url)).body).toContain('Ještě horší')
    const { rows } = await stage.db.engine.query<{ verb: string; by: number }>(
      `select verb, person_id as by from audit where object = $1 order by id`,
      [`advisory ${url.split('/').at(-1)}`],
    )
    expect(rows.map(({ verb, by }) => `${verb} ${by === second.person ? 'second' : 'first'}`)).toEqual([
      ...['advisories.take first', 'advisories.confirm second', 'advisories.take first'],
      ...['advisories.take second', 'advisories.confirm first'],
    ])
  })

  it('waits for nobody when it only takes away, nor may the database be talked round', async () => {
    const made = await pages.post(stage.coordinator, '/advisories', form)
    const url = String(made.headers.location).split('?')[0] as string
    const id = Number(url.split('/').at(-1))
    const alone = asActor(stage.db, stage.coordinator, tuesday, (tx) =>
      tx.query(
        'update advisory_confirmations set confirmed_by = $2, confirmed_at = now() where advisory_id = $1',
        [id, stage.coordinator.person],
      ),
    )
    await expect(alone).rejects.toThrow(/check constraint/)
    await pages.post(second, `${url}/confirmation`, { version: '1' })
    await pages.post(stage.coordinator, url, { ...form, products: 'Pumpy; Console', tlp: 'AMBER', base: '1' })
    expect((await stage.rowOf(id))?.version).toBe('2')
    expect((await pages.get(stage.member, url)).statusCode).toBe(404)
    await pages.post(stage.coordinator, url, { ...form, products: 'Pumpy; Console', tlp: 'GREEN', base: '2' })
    expect((await stage.rowOf(id))?.version).toBe('2')
    expect((await pages.get(stage.member, url)).statusCode).toBe(404)
  })

  it('with wrong fields is shown again with what was typed and what is wrong', async () => {
    const wrong = {
      ...form,
      title: 'x',
      cves: 'CVE-1',
      products: 'jen výrobek',
      link: 'javascript:alert(1)',
      severity: '9',
    }
    const answer = await pages.post(stage.coordinator, '/advisories', wrong)
    expect(answer.statusCode).toBe(422)
    for (const said of [
      'Nadpis má 3',
      'Čísla mají tvar',
      'Každý řádek má',
      'Odkaz musí',
      'Vyberte závažnost',
    ])
      expect(answer.body).toContain(said)
    expect(answer.body).toContain('jen výrobek')
    expect((await pages.post(stage.member, '/advisories', form)).statusCode).toBe(403)
  })
})

describe('the sources', () => {
  const form = {
    ...{ kind: 'csaf-provider', label: 'Nový výrobce', url: 'https://novy.example/provider-metadata.json' },
    ...{ tlp: 'GREEN', everyMinutes: '30', key: '' },
  }

  it('are added, changed, switched and asked by coordinators alone', async () => {
    expect((await pages.post(stage.member, '/advisories/sources', form)).statusCode).toBe(403)
    expect((await pages.get(stage.member, '/advisories/sources')).statusCode).toBe(403)
    expect((await pages.post(stage.coordinator, '/advisories/sources', form)).statusCode).toBe(303)
    const { rows } = await stage.db.engine.query<{ id: number }>(
      `select id from advisory_sources where label = 'Nový výrobce'`,
    )
    const path = `/advisories/sources/${rows[0]?.id}`
    const list = textOf((await pages.get(stage.coordinator, '/advisories/sources')).body)
    expect(list).toContain('https://novy.example/provider-metadata.json')
    expect(list).toContain('čeká na druhého koordinátora')
    const [, asked = ''] =
      /name="asked" value="([^"]*)"/.exec((await pages.get(second, '/advisories/sources')).body) ?? []
    const confirmation = `${path}/confirmation`
    for (const [who, said, status] of [
      [stage.coordinator, asked, 403],
      [stage.member, asked, 403],
      [second, '1', 409],
      [second, asked, 303],
      [second, asked, 409],
    ] as const)
      expect([said, (await pages.post(who, confirmation, { asked: said })).statusCode]).toEqual([
        said,
        status,
      ])
    expect(textOf((await pages.get(stage.coordinator, '/advisories/sources')).body)).toContain(
      'ještě nebyl dotázán',
    )
    expect((await pages.post(stage.coordinator, path, { ...form, label: 'Přejmenovaný' })).statusCode).toBe(
      303,
    )
    expect((await pages.post(stage.coordinator, `${path}/switch`, { enabled: 'no' })).statusCode).toBe(303)
    expect(textOf((await pages.get(stage.coordinator, '/advisories/sources')).body)).toContain('vypnuto')
    expect((await pages.post(stage.coordinator, `${path}/switch`, { enabled: 'yes' })).statusCode).toBe(303)
    expect((await pages.post(stage.coordinator, `${path}/asking`, {})).statusCode).toBe(303)
    const { rows: trail } = await stage.db.engine.query<{ verb: string }>(
      `select verb from audit where object = $1 order by id`,
      [`advisory_source ${rows[0]?.id}`],
    )
    expect(trail.map(({ verb }) => verb.replace('advisories.', ''))).toEqual([
      ...['add-source', 'confirm-source', 'change-source'],
      ...['switch-source', 'switch-source', 'ask-source'],
    ])
  })

  it('with wrong fields come back with what is wrong', async () => {
    const wrong = {
      kind: 'ftp',
      label: 'x',
      url: 'http://plain.example/',
      tlp: 'RED',
      everyMinutes: '1',
      key: 'klíč',
    }
    const answer = await pages.post(stage.coordinator, '/advisories/sources', wrong)
    expect(answer.statusCode).toBe(422)
    for (const said of [
      'Vyberte druh',
      'Název má 2',
      'Adresa musí',
      'Vyberte označení',
      'Mezi dotazy',
      'Toto není veřejný',
    ])
      expect(answer.body).toContain(said)
    const same = await pages.post(stage.coordinator, '/advisories/sources', {
      ...form,
      label: 'výrobce pump',
    })
    expect([same.statusCode, same.body.includes('Zdroj tohoto názvu už je')]).toEqual([422, true])
  })

  it('show what was set aside, and a coordinator decides once', async () => {
    await given({ id: 'Q-1', tlp: null })
    const page = (await pages.get(stage.coordinator, '/advisories/sources')).body
    expect(textOf(page)).toContain('Dokument nenese známé označení TLP')
    const { rows } = await stage.db.engine.query<{ id: number }>(
      `select id from advisory_quarantine where reason = 'tlp-missing'`,
    )
    const path = `/advisories/aside/${rows[0]?.id}`
    const unlabelled = await pages.post(stage.coordinator, path, { decision: 'taken', tlp: 'RED' })
    expect([unlabelled.statusCode, unlabelled.body.includes('Vyberte označení')]).toEqual([422, true])
    expect((await pages.post(stage.member, path, { decision: 'discarded' })).statusCode).toBe(403)
    expect((await pages.post(stage.coordinator, path, { decision: 'taken', tlp: 'GREEN' })).statusCode).toBe(
      303,
    )
    expect((await pages.post(stage.coordinator, path, { decision: 'discarded' })).statusCode).toBe(409)
  })
})
