/** One sensor before the Warden door, with an empty log before each test of a file. */
import { afterAll, beforeAll, beforeEach } from 'vitest'
import { type Machines, openMachinesHere } from './machines.ts'
import type { Sender } from './sender.ts'

export interface Door {
  here: Machines
  secret: string
  post(body: unknown, args?: object): ReturnType<Sender['raw']>
}

/** What the header says of a batch. */
export const batch = (
  received: number,
  saved: number,
  duplicate: number,
  rejected: number,
  deferred: number,
): string =>
  `received=${received};saved=${saved};duplicate=${duplicate};rejected=${rejected};deferred=${deferred}`

export const errorsOf = (answer: { body: string }) => JSON.parse(answer.body).errors

/** Its fields are there once the tests of the file have begun. */
export function openDoor(name: string): Door {
  let sender: Sender
  const door = {
    post: (body: unknown, args = {}) =>
      sender.raw(
        'sendEvents',
        args as never,
        typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body),
      ),
  } as Door
  beforeAll(async () => {
    door.here = await openMachinesHere()
    door.secret = await door.here.addSensor(name)
    sender = door.here.sender(name, { secret: door.secret })
  })
  afterAll(() => door.here.close())
  beforeEach(async () => {
    await door.here.db.engine.query(
      'delete from event_keys; delete from batches; delete from events; delete from requests; delete from rejects',
    )
  })
  return door
}
