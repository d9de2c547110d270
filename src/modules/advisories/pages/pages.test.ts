import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openAdvisoriesShown, textOf } from '../../../../test/advisory-stage.ts'
import { tuesday } from '../../../../test/harness.ts'

type Shown = Awaited<ReturnType<typeof openAdvisoriesShown>>
let opened: Shown
let stage: Shown['stage']
let pages: Shown['pages']
let source: number
let given: Shown['given']
beforeAll(async () => {
  opened = await openAdvisoriesShown()
  ;({ stage, pages, source, given } = opened)
})
afterAll(() => opened?.close())

describe('the list of advisories', () => {
  it('shows a member what its label allows, and is narrowed by words, severity, exploitation and safety', async () => {
    await given({ id: 'L-1', title: 'Open pump', cve: 'CVE-2026-11111' })
    await given({ id: 'L-2', title: 'Quiet pump', base: 6.5, tlp: 'GREEN', notes: [] })
    await given({ id: 'L-3', title: 'Hidden pump', tlp: 'AMBER' })
    const exploited = [{ category: 'exploit_status', details: 'Exploitation has been observed in the wild.' }]
    await given({ id: 'L-4', title: 'Abused pump', base: 6.5, threats: exploited })
    const shown = async (query: string, who = stage.member) => {
      const { body } = await pages.get(who, `/advisories${query}`)
      return ['Open', 'Quiet', 'Hidden', 'Abused'].filter((word) => body.includes(`${word} pump`))
    }
    expect(await shown('')).toEqual(['Open', 'Quiet', 'Abused'])
    expect(await shown('', stage.coordinator)).toEqual(['Open', 'Quiet', 'Hidden', 'Abused'])
    expect(await shown('?q=cve-2026-11111')).toEqual(['Open'])
    expect(await shown('?q=pumpy+quiet')).toEqual(['Quiet'])
    expect(await shown('?severity=4')).toEqual(['Open'])
    expect(await shown('?exploited=1')).toEqual(['Abused'])
    expect(await shown('?safety=1')).toEqual(['Open', 'Abused'])
    expect(await shown(`?source=${source}`)).toEqual(['Open', 'Quiet', 'Abused'])
    expect(await shown('?q=%25')).toEqual([])
    // What nobody can mean is as if it had not been said.
    expect((await pages.get(stage.member, '/advisories?severity=99&source=x')).statusCode).toBe(200)
    expect((await pages.get(null, '/advisories')).statusCode).toBe(303)
    expect((await pages.get(stage.member, '/advisories')).body).not.toContain('/advisories/sources')
  })

  it('goes on page after page', async () => {
    for (let n = 0; n < 55; n++)
      await given({ id: `P-${n}`, title: `Series ${n}.`, revisedAt: tuesday - 1000 * n })
    const seen = new Set<string>()
    let url: string | undefined = '/advisories?q=series'
    for (let page = 0; page < 3 && url; page++) {
      const { body } = await pages.get(stage.member, url)
      for (const [, n] of body.matchAll(/Series (\d+)\./g)) seen.add(n as string)
      url = /rel="next" href="([^"]+)"/.exec(body)?.[1]?.replaceAll('&amp;', '&')
    }
    expect(seen.size).toBe(55)
    expect(url).toBeUndefined()
  })
})

describe('the page of an advisory', () => {
  it('says what to do, in which products, and what changed against the version before', async () => {
    const id = await given({ id: 'S-1' })
    await given({ id: 'S-1', version: '2', base: 6.5, versions: '<2.4', revisedAt: tuesday })
    const page = textOf((await pages.get(stage.member, `/advisories/${id}`, 'en')).body)
    expect(page).toContain('Install 2.4.')
    expect(page).toMatch(/Infusion 3 Pumpy &lt; 2\.4 affected/)
    expect(page).toContain('Against version 1.')
    expect(page).toMatch(/Severity before critical \(9\.8\) now medium \(6\.5\)/)
    expect(page).toMatch(/affected Added: Pumpy Infusion 3 &lt; 2\.4 Removed: Pumpy Infusion 3 &lt; 2\.3/)
    expect(page).toContain('signature right; hash right')
    expect(page).toContain('CVSS:3.1/AV:N')
    const old = textOf((await pages.get(stage.member, `/advisories/${id}?version=1`)).body)
    expect(old).toContain('Toto je dřívější verze 1')
    expect((await pages.get(stage.member, `/advisories/${id}?version=9`)).statusCode).toBe(404)
    expect((await pages.get(stage.member, '/advisories/999999')).statusCode).toBe(404)
  })

  it('shows markup in texts as text, and leads nowhere but to the web', async () => {
    const script = '<script>alert(1)</script><img src=x onerror=alert(2)>'
    const id = await given({
      id: 'S-2',
      title: `Pump ${script}`,
      notes: [{ category: 'summary', title: script, text: `${script} javascript:alert(3)` }],
    })
    const { body } = await pages.get(stage.member, `/advisories/${id}`)
    expect(body).not.toContain('<script>alert')
    expect(body).not.toContain('<img src=x')
    expect(body).not.toMatch(/href="javascript:/)
    expect(body).toContain('&lt;script>alert(1)')
    expect(textOf(body)).toContain('V textech jsou značky HTML')
  })

  it('of one for coordinators is not there for a stage.member, on the page and in the API', async () => {
    const id = await given({ id: 'S-3', title: 'Secret pump', tlp: 'AMBER' })
    for (const url of [`/advisories/${id}`, `/api/v1/advisories/${id}`]) {
      expect((await pages.get(stage.member, url)).statusCode).toBe(404)
      expect((await pages.get(stage.coordinator, url)).statusCode).toBe(200)
    }
    expect((await pages.get(stage.member, '/api/v1/advisories')).body).not.toContain('Secret pump')
  })
})

describe('the API', () => {
  it('answers the list and one advisory with products, remedies, scores and versions', async () => {
    const id = await given({ id: 'J-1', title: 'Pump for programs' })
    const list = (await pages.get(stage.member, '/api/v1/advisories?q=programs')).json()
    expect(list).toMatchObject({
      total: 1,
      next: null,
      advisories: [{ id, severity: 'critical', tlp: 'CLEAR' }],
    })
    const one = (await pages.get(stage.member, `/api/v1/advisories/${id}`)).json()
    expect(one).toMatchObject({
      patient_safety: true,
      cves: ['CVE-2026-10001'],
      vulnerabilities: [
        { scores: [{ version: '3.1', base: 9.8 }], remedies: [{ category: 'vendor_fix', refs: ['P1'] }] },
      ],
      versions: [{ version: '1', said: 'First version' }],
    })
    expect(one.products.map((p: { status: string }) => p.status)).toEqual(['known_affected', 'fixed'])
    expect((await pages.get(null, '/api/v1/advisories')).statusCode).toBe(401)
    expect((await pages.get(stage.member, '/api/v1/advisories?severity=99')).statusCode).toBe(422)
  })
})
