/** An event of somebody else's sensor that concerns several members: each reads of it what is its own. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openPages } from '../../src/app.ts'
import { type Actor, asActor } from '../../src/platform/access.ts'
import type { App } from '../../src/platform/http.ts'
import { cookieOf } from '../belongings.ts'
import { addHospital, addPerson } from '../harness.ts'
import { eventOf, type Machines, openMachinesHere } from './machines.ts'
import type { Sender } from './sender.ts'

const wall = 'cz.hsoc.wall'
const theirs = [
  '192.0.2.200',
  '192.0.2.201',
  'nemocnice-dolni.example',
  'pc7',
  '10.9.9.9',
  '2001:db8:2::7',
  'secret of the other',
]

describe('an event that concerns several members', () => {
  let here: Machines
  let app: App
  let reader: Sender
  let everything: Sender
  const people = new Map<string, Actor>()
  const places = new Map<string, string>()

  beforeAll(async () => {
    here = await openMachinesHere()
    const horni = await addHospital(here.db, 'Nemocnice Horní Výmysl', ['192.0.2.0/25'])
    const dolni = await addHospital(
      here.db,
      'Nemocnice Dolní Smyšlenka',
      ['192.0.2.128/25', '2001:db8:2::/48'],
      {
        domains: ['nemocnice-dolni.example'],
      },
    )
    const owner = await addHospital(here.db, 'Nemocnice se Senzorem', ['203.0.113.0/24'])
    people.set('horni', await addPerson(here.db, 'Správce Horní', [['admin', horni]]))
    people.set('owner', await addPerson(here.db, 'Správce Senzoru', [['admin', owner]]))
    people.set('coordinator', await addPerson(here.db, 'Koordinátorka', [['coordinator', null]]))
    people.set('dolni', await addPerson(here.db, 'Správce Dolní', [['admin', dolni]]))
    const key = await here.addSensor(wall, { rights: ['write'], member: 'Nemocnice se Senzorem' })
    const read = (name: string, member: string | null, scope: 'own' | 'all') =>
      here
        .addSensor(name, { rights: ['read'], member, scope })
        .then((secret) => here.sender(name, { secret }))
    reader = await read('cz.hsoc.horni_reads', 'Nemocnice Horní Výmysl', 'own')
    everything = await read('cz.hsoc.csirt_reads', null, 'all')
    const events = [
      eventOf(wall, 'wide', {
        Source: [{ IP4: ['198.51.100.7'] }],
        Target: [
          { IP4: ['192.0.2.10'], Port: [22] },
          { IP4: ['192.0.2.200'], Hostname: ['pc7', 'www.nemocnice-dolni.example'], Port: [443] },
          { IP4: ['192.0.2.11', '192.0.2.201'], Port: [80] },
          { IP6: ['2001:db8:2::7'] },
          { Hostname: ['vpn.nemocnice-dolni.example'] },
          { IP4: ['10.9.9.9'] },
        ],
        Note: 'tried PC7 too',
        Ref: ['https://www.nemocnice-dolni.example/login', 'https://example.org/about'],
        Attach: [{ Content: 'secret of the other' }],
        _Vendor: { hits: { '192.0.2.201': 3 }, text: 'from 192.0.2.200:443.' },
      }),
      eventOf(wall, 'single', { Source: [{ IP4: ['198.51.100.7'] }], Target: [{ IP4: ['192.0.2.10'] }] }),
      // The attacker is a member's: whom it attacks must know by whom.
      eventOf(wall, 'between', { Source: [{ IP4: ['192.0.2.210'] }], Target: [{ IP4: ['192.0.2.12'] }] }),
    ]
    const sent = await here.sender(wall, { secret: key }).raw('sendEvents', {}, JSON.stringify(events))
    expect(sent.status, sent.body).toBe(200)
    await here.condense()
    const { rows } = await here.db.engine.query<{ url: string }>(
      `select format('/events/%s/%s', batch_id, idx) as url from events order by batch_id, idx`,
    )
    for (const [i, name] of ['wide', 'single', 'between'].entries()) places.set(name, rows[i]?.url as string)
    app = await openPages(here.context)
  }, 120_000)
  afterAll(async () => {
    await app?.close()
    await here?.close()
  })

  const open = async (who: string, name: string, file = false) => {
    const { cookie } = await cookieOf(here.context, people.get(who) as Actor)
    return app.inject({ url: `${places.get(name)}${file ? '.json' : ''}`, headers: { cookie } })
  }

  it('is read by a member as a copy that says so, without the others', async () => {
    const page = await open('horni', 'wide')
    const file = await open('horni', 'wide', true)
    expect([page.statusCode, file.statusCode]).toEqual([200, 200])
    for (const text of theirs)
      for (const body of [page.body, file.body]) expect(body.toLowerCase()).not.toContain(text)
    expect(page.body).toContain('bez údajů jiných členů')
    expect(file.headers['hsoc-redacted']).toBe('yes')
    const mark = { _Redacted: 'Belongs to another organisation' }
    expect(JSON.parse(file.body)).toMatchObject({
      ID: 'wide',
      Source: [{ IP4: ['198.51.100.7'] }],
      Target: [
        { IP4: ['192.0.2.10'], Port: [22] },
        mark,
        { IP4: ['192.0.2.11'], Port: [80], ...mark },
        mark,
        mark,
        mark,
      ],
      Note: '[redacted]',
      Ref: ['[redacted]', 'https://example.org/about'],
      _Vendor: { hits: { '[redacted]': 3 }, text: '[redacted]' },
      _HSOC: { Redacted: expect.stringContaining('other organisations') },
    })
  })

  it('is read as received by the owner of the sensor and by the coordinators', async () => {
    for (const who of ['owner', 'coordinator']) {
      const file = await open(who, 'wide', true)
      expect(file.headers['hsoc-redacted']).toBe('no')
      for (const text of theirs) expect(file.body.toLowerCase()).toContain(text)
      expect((await open(who, 'wide')).body).toContain('Přesně jak přišlo')
    }
  })

  it('is given to a machine of a member as the same copy', async () => {
    const copy = JSON.parse((await open('horni', 'wide', true)).body)
    const answer = await reader.raw('getEvents', { id: -3 })
    const given = JSON.parse(answer.body).events
    expect(given.map((event: { ID: string }) => event.ID)).toEqual(['wide', 'single', 'between'])
    expect(given[0]).toEqual(copy)
    const all = JSON.parse((await everything.raw('getEvents', { id: -3 })).body).events
    expect(all[0].Attach).toEqual([{ Content: 'secret of the other' }])
  })

  it('stays as received where it concerns one member alone, and names the attacker who is a member', async () => {
    const single = await open('horni', 'single', true)
    expect([single.headers['hsoc-redacted'], JSON.parse(single.body).ID]).toEqual(['no', 'single'])
    const between = JSON.parse((await open('horni', 'between', true)).body)
    expect(between.Source).toEqual([{ IP4: ['192.0.2.210'] }])
    expect((await open('dolni', 'single')).statusCode).toBe(404)
  })

  it('is told to readers of the sector only, by the right itself and not by who asks for it', async () => {
    await here.db.engine.query(
      `insert into sector_seen (key_id, family_id, hour, band, changed_at)
       select k.id, c.id, $1, '5-9', now() from source_keys k cross join (select id from classes limit 1) c where k.text = '198.51.100.7'`,
      [Math.floor(here.now.ms / 3_600_000)],
    )
    const stranger = people.get('owner') as Actor
    const elsewhere = { ...stranger, engagements: [] }
    const asked = (actor: Actor) =>
      asActor(here.db, actor, here.now.ms, async (tx) => [
        (await tx.query('select * from events_after(0, 1000, 1000, true)')).rows.length,
        (await tx.query(`select * from batch_bytes((select array_agg(n) from generate_series(1, 9) n))`)).rows
          .length,
      ])
    expect(await asked(elsewhere)).toEqual([0, 0])
    expect(await asked({ ...elsewhere, readsSector: true })).toEqual([2, 1])
    expect(await asked(stranger)).toEqual([3, 1])
  })
})
