/** Advisories from the terminal: sources, and documents from files. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { advisory, bytesOf, makeKey, signed } from '../advisory-provider.ts'
import { createDatabase, type TestDatabase } from '../harness.ts'
import { openPlace, type Place } from './program.ts'

let db: TestDatabase
let place: Place
beforeAll(async () => {
  db = await createDatabase()
  place = openPlace(db.url)
})
afterAll(async () => {
  place.remove()
  await db.drop()
})

const hsoc = (...line: string[]) => place.hsoc(['advisories', ...line])

describe('sources of advisories', () => {
  it('are added, listed, switched off and on; a private host is for the terminal alone', async () => {
    const url = 'https://psirt.pumpy.example/provider-metadata.json'
    const add = ['source', 'add', url, '--kind', 'csaf-provider']
    expect(await hsoc(...add, '--label', 'Pumpy', '--every', '30')).toMatchObject({
      code: 0,
      out: expect.stringMatching(/Source \d+ was added: Pumpy/),
    })
    expect(await hsoc(...add, '--label', 'pumpy')).toMatchObject({
      code: 1,
      err: expect.stringMatching(/of this name/),
    })
    const inside = [
      'source',
      'add',
      'http://10.0.0.1/kev.json',
      '--kind',
      'kev',
      '--private-host',
      '10.0.0.1',
    ]
    expect(await hsoc(...inside)).toMatchObject({ code: 0 })
    expect((await hsoc('source', 'disable', 'Pumpy')).out).toMatch(/switched off: Pumpy/)
    expect((await hsoc('source', 'disable', 'Pumpi')).err).toMatch(/Did you mean Pumpy/)
    const all = JSON.parse((await hsoc('source', 'list', '--json')).out)
    expect(all).toMatchObject([
      { label: '10.0.0.1', kind: 'kev', enabled: true },
      { label: 'Pumpy', every_minutes: 30, enabled: false, advisories: 0 },
    ])
    expect((await hsoc('source', 'enable', 'pumpy')).code).toBe(0)
    const { rows } = await db.engine.query(`select private_hosts from advisory_sources where kind = 'kev'`)
    expect(rows).toEqual([{ private_hosts: ['10.0.0.1'] }])
  })
})

describe('documents from files', () => {
  it('are taken from a folder, once, with what lies beside them; what is refused is said and set aside', async () => {
    const folder = join(place.folder, 'csaf', '2026')
    mkdirSync(folder, { recursive: true })
    const good = bytesOf(advisory({ id: 'F-1' }))
    writeFileSync(join(folder, 'f-1.json'), good)
    writeFileSync(join(folder, 'f-1.json.asc'), await signed(good, await makeKey()))
    writeFileSync(join(folder, 'f-2.json'), bytesOf(advisory({ id: 'F-2' })))
    writeFileSync(join(folder, 'f-2.json.sha256'), `${'0'.repeat(64)}  f-2.json`)
    writeFileSync(join(folder, 'f-3.json'), '{"document":')
    const entry = {
      cveID: 'CVE-2026-10001',
      vendorProject: 'Pumpy',
      product: 'Infusion 3',
      dateAdded: '2026-01-01',
    }
    writeFileSync(
      join(folder, 'kev.json'),
      JSON.stringify({ catalogVersion: '2026.01.01', vulnerabilities: [entry] }),
    )
    const first = await hsoc('import', join(place.folder, 'csaf'))
    expect(first).toMatchObject({ code: 1, out: '2 new, 0 changed, 0 as before, 2 refused.\n' })
    expect(first.err).toMatch(/f-2\.json: The hash is wrong/)
    expect(first.err).toMatch(/1 document has no proof of its publisher/)
    expect(first.err).toMatch(/f-3\.json: The file is not valid JSON/)
    const { rows } = await db.engine.query(
      `select a.tracking_id as id, a.kev, a.flags, s.label from advisories a join advisory_sources s on s.id = a.source_id order by a.id`,
    )
    expect(rows).toEqual([
      { id: 'F-1', kev: true, flags: ['signature-unchecked'], label: 'Files' },
      { id: 'CVE-2026-10001', kev: true, flags: [], label: 'KEV catalogue from a file' },
    ])
    const again = await hsoc('import', join(folder, 'f-1.json'))
    expect(again).toMatchObject({ code: 0, out: '0 new, 0 changed, 1 as before, 0 refused.\n' })
    expect(await hsoc('import', folder, '--tlp', 'RED')).toMatchObject({ code: 2 })
  })
})
