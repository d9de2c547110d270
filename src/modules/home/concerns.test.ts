import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { addPerson, tuesday } from '../../../test/harness.ts'
import { openPagesStage, type PagesStage, textOf, warn } from '../../../test/warning-pages.ts'
import { draftOf } from '../../../test/writing.ts'
import type { Actor } from '../../platform/access.ts'
import { asEngine } from '../../platform/database.ts'
import { addRule, beginDuty, change } from '../duty/keep.ts'
import { declare } from '../warnings/written/duty.ts'
import { create, submit } from '../warnings/written/edit.ts'
import { publish } from '../warnings/written/publish.ts'
import type { Draft } from '../warnings/written/types.ts'

const hour = 3_600_000
const now = tuesday + 4 * hour

describe('all that concerns us stands in one order', () => {
  let stage: PagesStage
  let second: Actor
  beforeAll(async () => {
    stage = await openPagesStage()
    second = await addPerson(stage.db, 'Druhá Koordinátorka', [['coordinator', null]])
  })
  afterAll(() => stage?.close())

  const published = async (title: string, more: Partial<Draft> = {}, at = tuesday): Promise<number> => {
    const { db, people } = stage
    const { cs, en } = draftOf().texts
    const id = await create(
      db,
      people.coordinator,
      draftOf({ texts: { cs: { ...cs, title }, en }, ...more }),
      at,
    )
    await submit(db, id, people.coordinator, at)
    await publish(db, id, second, at)
    return id
  }
  const home = async (who: Actor, query = ''): Promise<string> =>
    (await (await stage.as(who)).get(`/${query}`)).body
  const titles = (body: string): string[] =>
    [...body.matchAll(/<p class="row-title"><a href="[^"]+">([\s\S]*?)<\/a>/g)].map(([, title = '']) =>
      textOf(title).trim(),
    )

  it('written warnings, detections and tasks, each with since when and what to do', async () => {
    const { db, horni, people } = stage
    await published('Střední bez termínu')
    await published('Střední s termínem', { actionBy: '2026-03-06' })
    await published('Kritická', { kind: 'emergency', severity: 4 })
    await published('Nízká, na niž se neptáme', { severity: 1 })
    await published('Pro jiné', { audience: 'organisations', orgs: [stage.dolni.id] })
    await warn(stage, horni, { severity: 3 })
    await asEngine(db, async (tx) => {
      const duty = await beginDuty(
        tx,
        { org: horni.id, name: 'Pohotovost', holidays: 'ignored' },
        people.admin,
        tuesday,
      )
      const all = { weekdays: [1, 2, 3, 4, 5, 6, 7] as const, from: '07:00', to: '07:00' }
      await addRule(
        tx,
        duty,
        { ...all, weekdays: [...all.weekdays], rotation: null, people: [people.admin.person] },
        people.admin,
        tuesday,
      )
      const away = { kind: 'remove', person: people.admin.person, standIn: null, note: '' } as const
      await change(tx, duty, { ...away, from: now + 48 * hour, to: now + 60 * hour }, people.admin, now)
      await tx.query(
        `insert into contact_attestations (org_id, at, by, snapshot, sha256) values ($1, '2025-06-01', $2, '[]', '\\x01')`,
        [horni.id, people.admin.person],
      )
    })
    const body = await home(people.admin)
    const found = titles(body)
    expect(found.map((title) => title.replace(/^HSOC-\S+ /, ''))).toEqual([
      'Kritická',
      expect.not.stringContaining('Střední'),
      'Nikdo nebude na službě: Pohotovost',
      'Střední s termínem',
      expect.stringMatching(/Střední bez termínu|Potvrďte kontakty/),
      expect.stringMatching(/Střední bez termínu|Potvrďte kontakty/),
    ])
    const text = textOf(body)
    expect(text).toContain('6 věcí se vás dnes týká.')
    expect(text).toContain('varování koordinátorů')
    expect(text).toContain('Udělejte, co je v něm, do 6. 3. 2026')
    expect(text).toContain('Přečíst a odpovědět')
    expect(text).toContain('Projít kontakty')
  })

  it('an answered one goes down and away, and nobody sees another hospital’s', async () => {
    const { people } = stage
    const admin = await stage.as(people.admin)
    const body = await home(people.admin)
    const path = /href="(\/warnings\/written\/\d+)">HSOC-\S+ Kritická/.exec(body)?.[1] ?? ''
    await admin.post(`${path}/answer`, { org: String(stage.horni.id), answer: 'done' })
    expect(titles(await home(people.admin)).join()).not.toContain('Kritická')
    const foreign = textOf(await home(people.foreign))
    expect(foreign).toContain('Kritická')
    expect(foreign).toContain('Pro jiné')
    expect(foreign).not.toContain('Nikdo nebude')
    expect(textOf(await home(people.admin))).not.toContain('Pro jiné')
  })

  it('what is past its day says so', async () => {
    const { people } = stage
    stage.setClock(Date.parse('2026-03-07T10:00:00Z'))
    const body = await home(people.admin)
    expect(textOf(body)).toContain('po termínu')
    expect(titles(body).findIndex((title) => title.endsWith('Střední s termínem'))).toBeLessThan(
      titles(body).findIndex((title) => title.endsWith('Střední bez termínu')),
    )
    stage.setClock(now)
  })

  it('two hundred of them: a screen first, then all that the number says', async () => {
    const { people, dolni } = stage
    for (let n = 0; n < 190; n++)
      await warn(stage, dolni, { severity: 1 + (n % 4), openedAt: tuesday - n * 60_000 })
    const first = await home(people.foreign)
    const said = Number(/(\d+) věcí se vás dnes týká/.exec(textOf(first))?.[1])
    expect(titles(first)).toHaveLength(8)
    expect(said).toBeGreaterThan(190)
    expect(titles(await home(people.foreign, '?all=1'))).toHaveLength(said)
  })

  it('a coordinator has first the emergency that nobody has looked at in time, then what waits', async () => {
    const { db, people } = stage
    await declare(
      db,
      people.coordinator,
      { startsAt: tuesday, endsAt: tuesday + 8 * hour, reason: 'Noční služba' },
      tuesday,
    )
    const alone = await create(db, people.coordinator, draftOf({ kind: 'emergency', severity: 4 }), tuesday)
    await publish(db, alone, people.coordinator, tuesday)
    const waiting = await create(db, people.coordinator, draftOf({ severity: 3 }), tuesday)
    await submit(db, waiting, people.coordinator, tuesday)
    stage.setClock(tuesday + 25 * hour)
    const body = await home(second)
    expect(body.indexOf(`/warnings/written/${alone}"`)).toBeLessThan(
      body.indexOf(`/warnings/written/${waiting}/edit`),
    )
    expect(textOf(body)).toContain('Nepřezkoumáno v termínu')
    expect(body.indexOf('id="reviews"')).toBeLessThan(body.indexOf('class="statement'))
    stage.setClock(now)
    expect(textOf(await home(people.admin))).not.toContain('Nepřezkoumáno')
  })
})
