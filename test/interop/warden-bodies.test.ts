/** Bodies of sendEvents that are odd: what brings nothing, what is no list, what is no JSON from its first byte or later. */
import { describe, expect, it } from 'vitest'
import { eventOf, eventsOf, storedCount } from './machines.ts'
import { batch, errorsOf, openDoor } from './warden-door.ts'

const name = 'cz.hsoc.nem_a.bodies1'
const door = openDoor(name)
const { post } = door

describe('a body', () => {
  it.each(['', '[]', '{}', 'null', '0', 'false', '""', '\ufeff[]'])(
    'that is %j brings nothing',
    async (body) => {
      const answer = await post(body)
      expect([answer.status, answer.body, answer.headers['hsoc-batch']]).toEqual([
        200,
        '{"saved":0}',
        batch(0, 0, 0, 0, 0),
      ])
    },
  )

  it.each(['{"a":1}', '"text"', '17', 'true'])('that is %s is no list', async (body) => {
    const answer = await post(body)
    expect([answer.status, errorsOf(answer)]).toEqual([
      400,
      [{ error: 400, message: 'List of events expected.' }],
    ])
  })

  it.each([
    '[{"a":1},]',
    '[{"a":1},,1]',
    '[{"a":1}}',
    '[{"a":1}] x',
    '[{"ID":"x"',
    '{#$%^',
    '[1 2]',
    '[]]',
    'NaN',
  ])('that is %s cannot be read', async (body) => {
    const answer = await post(body)
    const [error] = errorsOf(answer)
    expect(answer.status).toBe(400)
    expect(error).toMatchObject({ error: 400, message: 'Deserialization error.', args: body })
    expect(error.parser).toBeTruthy()
  })

  it.each(['{"a":}', '{"ID":"x"', 'nul', '"open'])(
    'whose last event is %s stores none of those before it',
    async (last) => {
      const events = eventsOf(name, 'before', 3).map((event) => JSON.stringify(event))
      for (const before of [events, Array.from({ length: 501 }, () => events[0] as string)]) {
        const answer = await post(`[${[...before, last].join(',')}]`)
        expect(answer.status).toBe(400)
        expect(errorsOf(answer)).toMatchObject([{ error: 400, message: 'Deserialization error.' }])
        expect(await storedCount(door.here.db)).toBe(0)
        expect((await door.here.db.engine.query('select 1 from requests')).rowCount).toBe(0)
      }
    },
  )

  it('of bytes that are no UTF-8 loses only the event that holds them', async () => {
    const good = Buffer.from(JSON.stringify(eventOf(name, 'good')))
    const bad = Buffer.from(
      JSON.stringify(eventOf(name, 'bad', { Note: 'nemocnice ?' })).replace('?', '\xe9'),
      'latin1',
    )
    const answer = await post(
      Buffer.concat([Buffer.from('['), bad, Buffer.from(','), good, Buffer.from(']')]),
    )
    expect(errorsOf(answer)).toEqual([
      expect.objectContaining({ error: 460, expected: 'UTF-8 text', events: [0] }),
    ])
    expect(await storedCount(door.here.db)).toBe(1)
    expect((await post(Buffer.from('[{"ID":"x"}]', 'utf16le'))).status).toBe(400)
  })
})
