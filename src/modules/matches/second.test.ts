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
import { asEngine } from '../../platform/database.ts'
import { confirmAdvisory } from '../advisories/confirm.ts'
import { openReader } from '../advisories/csaf/reader.ts'
import { rewriteAdvisory, writeAdvisory } from '../advisories/hand.ts'
import { fileSource, importFile } from '../advisories/import-files.ts'
import { openWatcher } from '../advisories/index.ts'
import { decide, setAside } from '../advisories/quarantine.ts'
import { addSource, changeSource, sources } from '../advisories/sources.ts'
import { confirmSource } from '../advisories/sources-second.ts'

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

describe('a document that was set aside', () => {
  it('and that one coordinator takes all the same, waits for another', async () => {
    const source = await fileSource(stage.db, 'Jiné soubory', 'CLEAR', 'csaf-file', tuesday)
    const aside = { source, url: 'file:a-1.json', reason: 'signature-wrong', said: '' }
    await asEngine(stage.db, (tx) =>
      setAside(tx, { ...aside, document: bytesOf(advisory({ id: 'A-1' })) }, tuesday),
    )
    const { rows } = await stage.db.engine.query<{ id: number }>(
      `select id from advisory_quarantine where url = 'file:a-1.json'`,
    )
    await asActor(stage.db, stage.coordinator, tuesday, (tx) =>
      decide(tx, rows[0]?.id ?? 0, { decision: 'taken', tlp: '' }, stage.coordinator, tuesday),
    )
    await worked()
    const has = async () =>
      (await stage.items(stage.jana, 'all')).some(({ trackingId }) => trackingId === 'A-1')
    expect(await has()).toBe(false)
    const { rows: kept } = await stage.db.engine.query<{ id: number; version: string }>(
      `select id, version from advisories where tracking_id = 'A-1'`,
    )
    const { id, version } = kept[0] ?? { id: 0, version: '' }
    await expect(confirm(id, version, stage.coordinator)).rejects.toThrow(/Whoever wrote it/)
    await confirm(id, version)
    await worked()
    expect(await has()).toBe(true)
  })
})

describe('a source', () => {
  const wanted = {
    ...{ kind: 'feed', label: 'Pumpy', url: 'https://pumpy.example/feed' },
    ...{ tlp: 'GREEN', everyMinutes: '60', key: '' },
  }
  const as = <R>(who: Actor, work: Parameters<typeof asActor<R>>[3]) => asActor(stage.db, who, tuesday, work)
  const found = async (id: number) => (await as(second, sources)).find((one) => one.id === id)
  const confirmed = async (id: number, who = second) => {
    const asked = (await found(id))?.waiting?.at ?? 0
    await as(who, (tx) => confirmSource(tx, id, asked, who, tuesday))
  }
  /** The worker asked it, or tried to. */
  const wasAsked = async (id: number): Promise<boolean> => {
    await stage.db.engine.query('update advisory_sources set tried_at = null, due_at = $2 where id = $1', [
      id,
      new Date(tuesday),
    ])
    await worked()
    return (await found(id))?.triedAt !== null
  }

  it('that one coordinator adds, or leads elsewhere, is not asked before another confirms it', async () => {
    const id = await as(stage.coordinator, (tx) => addSource(tx, wanted, stage.coordinator, tuesday))
    expect(await wasAsked(id)).toBe(false)
    expect(stage.mailsTo(second).map(({ subject }) => subject)).toEqual([
      expect.stringContaining('čeká 1 zdroj oznámení'),
    ])
    expect(stage.mailsTo(stage.coordinator)).toEqual([])
    await expect(confirmed(id, stage.coordinator)).rejects.toThrow(/cannot confirm it/)
    await expect(confirmed(id, stage.jana)).rejects.toThrow(/Only coordinators/)
    await expect(as(second, (tx) => confirmSource(tx, id, 1, second, tuesday))).rejects.toThrow(/meanwhile/)
    await confirmed(id)
    await expect(confirmed(id)).rejects.toThrow(/does not wait/)
    expect(await wasAsked(id)).toBe(true)

    const change = (more: Partial<typeof wanted>) =>
      as(second, (tx) => changeSource(tx, id, { ...wanted, ...more }, second, tuesday))
    for (const more of [{ everyMinutes: '90' }, { label: 'Pumpy a spol.' }, { tlp: 'AMBER' }]) {
      await change(more)
      expect((await found(id))?.waiting).toBeNull()
    }
    for (const more of [
      { url: 'https://jinde.example/feed' },
      { tlp: 'CLEAR', url: 'https://jinde.example/feed' },
    ]) {
      await change(more)
      expect(await wasAsked(id)).toBe(false)
      await expect(confirmed(id)).rejects.toThrow(/cannot confirm it/)
      await confirmed(id, stage.coordinator)
    }
  })

  it('that the operator adds at the terminal, or that is here already, needs nobody', async () => {
    const operator: Actor = { ...second, person: 0 }
    const id = await as(operator, (tx) => addSource(tx, { ...wanted, label: 'Z konzole' }, operator, tuesday))
    expect(await wasAsked(id)).toBe(true)
  })

  it('cannot be confirmed past the rule by whoever asked for it', async () => {
    const id = await as(stage.coordinator, (tx) =>
      addSource(tx, { ...wanted, label: 'Obchvat' }, stage.coordinator, tuesday),
    )
    const alone = as(stage.coordinator, (tx) =>
      tx.query(
        'update advisory_source_confirmations set confirmed_by = $2, confirmed_at = now() where source_id = $1',
        [id, stage.coordinator.person],
      ),
    )
    await expect(alone).rejects.toThrow(/check constraint/)
  })
})
