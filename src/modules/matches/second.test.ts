/** What one coordinator writes reaches nobody alone: a second one confirms it. Files without proof wait likewise. */
import { writeFileSync } from 'node:fs'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { advisory, bytesOf, makeKey, signed } from '../../../test/advisory-provider.ts'
import { addPerson, tuesday } from '../../../test/harness.ts'
import { type MatchStage, openMatchStage, pump } from '../../../test/match-stage.ts'
import { type Actor, asActor } from '../../platform/access.ts'
import { confirmAdvisory } from '../advisories/confirm.ts'
import { openReader } from '../advisories/csaf/reader.ts'
import { rewriteAdvisory, writeAdvisory } from '../advisories/hand.ts'
import { fileSource, importFile } from '../advisories/import-files.ts'
import { openWatcher } from '../advisories/index.ts'

const minute = 60_000
let stage: MatchStage
let second: Actor
const watcher = () => openWatcher({ db: stage.db, log: { info: () => {}, warn: () => {}, error: () => {} } })
beforeAll(async () => {
  stage = await openMatchStage()
  second = await addPerson(stage.db, 'Hynek Druhý', [['coordinator', null]])
  await stage.own(stage.jana, { ...pump, quantity: '14', department: 'ARO' })
  await stage.step()
})
afterAll(() => stage.close())
beforeEach(() => stage.office.clear())

const form = {
  ...{ title: 'Pumpy přestanou kapat', text: 'Na dálku.', action: '', link: '', cves: '', severity: '4' },
  ...{ tlp: 'GREEN', base: '', products: 'Pumpy; Infusion 3' },
}
const write = (given: Partial<typeof form> = {}) =>
  asActor(stage.db, stage.coordinator, tuesday, (tx) =>
    writeAdvisory(tx, { ...form, ...given }, stage.coordinator, tuesday),
  )
const confirm = (id: number, version: string, who = second) =>
  asActor(stage.db, who, tuesday, (tx) => confirmAdvisory(tx, id, version, who, tuesday))

/** The worker's steps, and what they bring to whom. */
const worked = async (now = tuesday): Promise<void> => {
  const watching = watcher()
  await watching.work(now)
  await watching.stop()
  await stage.step(now)
  await stage.send(now)
}

describe('an advisory written by hand', () => {
  it('tells and shows nothing to any member before a second coordinator confirms it, who is asked by mail', async () => {
    const id = await write()
    await worked()
    expect(await stage.items(stage.jana, 'all')).toEqual([])
    expect(stage.mailsTo(stage.jana)).toEqual([])
    expect(stage.mailsTo(stage.coordinator)).toEqual([])
    expect(stage.mailsTo(second).map(({ subject }) => subject)).toEqual([
      expect.stringContaining('čeká 1 oznámení'),
    ])
    await worked(tuesday + minute)
    expect(stage.mailsTo(second)).toHaveLength(1)
    await expect(confirm(id, '1', stage.coordinator)).rejects.toThrow(/Whoever wrote it/)
    await expect(confirm(id, '1', stage.jana)).rejects.toThrow(/Only coordinators/)
    await confirm(id, '1')
    await worked()
    expect(await stage.items(stage.jana)).toMatchObject([{ advisory: id, pieces: 14, severity: 4 }])
    expect(stage.mailsTo(stage.jana)).toHaveLength(1)
    expect(stage.mailsTo(stage.ota)).toEqual([])
  })

  it('that grows leaves items as they are until then', async () => {
    const [was] = await stage.items(stage.jana)
    const id = was?.advisory ?? 0
    const worse = { ...form, title: 'Všechno je ztraceno', exploited: '1' as const, base: '1' }
    await asActor(stage.db, stage.coordinator, tuesday, (tx) =>
      rewriteAdvisory(tx, id, worse, stage.coordinator, tuesday),
    )
    await worked()
    expect(await stage.items(stage.jana)).toEqual([was])
    expect((await stage.messages()).map((one) => one.split(' ')[0])).toEqual(['new'])
    expect(stage.mailsTo(second)).toHaveLength(1)
    await confirm(id, '2')
    await worked()
    expect(await stage.items(stage.jana)).toMatchObject([{ title: 'Všechno je ztraceno', exploited: true }])
    // Not a second mail of the same within hours: it waits for the digest's turn.
    expect((await stage.messages()).map((one) => one.split(' ')[0])).toEqual(['new', 'update'])
  })
})

describe('a document from a file', () => {
  it('with a good signature is matched at once; without one it waits, unless a source brings its publisher', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'hsoc-files-'))
    const key = await makeKey()
    const source = await fileSource(stage.db, 'Soubory', 'CLEAR', 'csaf-file', tuesday)
    const reader = openReader()
    const bring = async (id: string, proof: boolean) => {
      const file = join(folder, `${id.toLowerCase()}.json`)
      const document = bytesOf(advisory({ id }))
      writeFileSync(file, document)
      if (proof) writeFileSync(`${file}.asc`, await signed(document, key))
      return importFile(stage.db, reader, file, { ...source, key: key.armored }, tuesday)
    }
    try {
      expect(await bring('F-1', true)).toMatchObject({ outcome: 'new' })
      expect(await bring('F-2', false)).toMatchObject({ outcome: 'new', waits: true })
      expect(await bring('F-2', false)).toMatchObject({ outcome: 'same', waits: true })
      await worked()
      const titles = async () => (await stage.items(stage.jana)).map(({ trackingId }) => trackingId)
      expect([(await titles()).includes('F-1'), (await titles()).includes('F-2')]).toEqual([true, false])
      expect(stage.mailsTo(second)).toEqual([])
      await worked(tuesday + 16 * minute)
      expect(stage.mailsTo(second)).toHaveLength(1)
      const { rows } = await stage.db.engine.query<{ id: number; version: string }>(
        `select id, version from advisories where tracking_id = 'F-2'`,
      )
      // Nobody of the coordinators wrote it: any of them confirms it.
      await confirm(rows[0]?.id ?? 0, rows[0]?.version ?? '', stage.coordinator)
      await worked(tuesday + 16 * minute)
      expect((await titles()).includes('F-2')).toBe(true)
      await stage.db.engine.query(
        `update advisory_sources set kind = 'csaf-provider', url = 'https://pumpy.example/x' where id = $1`,
        [source.id],
      )
      expect(await bring('F-3', false)).toEqual({ file: join(folder, 'f-3.json'), outcome: 'new' })
    } finally {
      await reader.close()
    }
  })
})
