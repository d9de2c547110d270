import type { IncomingMessage } from 'node:http'
import { PassThrough } from 'node:stream'
import { afterEach, describe, expect, it } from 'vitest'
import { type Body, mostBytes, readBody } from './body.ts'
import { refusedWhole } from './send.ts'

const mebibyte = Buffer.alloc(1024 * 1024, ' ')
const events = Buffer.from('[{"ID":"a"},{"ID":"b"}]')

describe('the body of a call', () => {
  const open: { stream: PassThrough; body: Promise<Body | null> }[] = []
  const call = (keep = true): { stream: PassThrough; body: Promise<Body | null> } => {
    const stream = new PassThrough()
    const body = readBody(stream as unknown as IncomingMessage, keep).catch(() => null)
    open.push({ stream, body })
    return { stream, body }
  }
  /** Sends as many mebibytes, of which the same one is held each time. */
  const write = async (stream: PassThrough, size: number): Promise<void> => {
    for (let i = 0; i < size; i++)
      if (!stream.write(mebibyte)) await new Promise((resolve) => stream.once('drain', resolve))
  }
  afterEach(async () => {
    for (const { stream } of open) stream.destroy()
    for (const { body } of open.splice(0)) {
      const done = await body
      if (done?.kind === 'whole') done.release()
    }
  })

  it('that is ordinary is told to come later, not to become smaller, while others fill the room', async () => {
    for (let i = 0; i < 3; i++) await write(call().stream, 53)
    const ours = call()
    await write(ours.stream, 3)
    ours.stream.end(events)
    const body = await ours.body
    expect(body).toEqual({ kind: 'busy', elements: 2 })
    const { errors, account } = refusedWhole('busy', 2)
    expect(errors).toEqual([expect.objectContaining({ error: 503, events: [0, 1] })])
    expect(errors[0]).not.toHaveProperty('send_events_limit')
    expect(account).toMatchObject({ received: 2, deferred: 2 })
  })

  it('that is ordinary is kept again when the room is free', async () => {
    const held = [call(), call(), call()]
    for (const { stream } of held) await write(stream, 53)
    for (const { stream } of held) stream.destroy()
    for (const { body } of held) expect(await body).toBe(null)
    const ours = call()
    await write(ours.stream, 3)
    ours.stream.end(events)
    expect(await ours.body).toMatchObject({ kind: 'whole' })
  })

  it('that is too large by itself is told to become smaller, in a full room and in an empty one', async () => {
    for (const others of [0, 3]) {
      for (let i = 0; i < others; i++) await write(call().stream, 53)
      const ours = call()
      await write(ours.stream, mostBytes / mebibyte.length)
      ours.stream.end(events)
      expect(await ours.body).toEqual({ kind: 'too-large', elements: 2 })
    }
    expect(refusedWhole('too-large', 2).errors).toMatchObject([{ error: 507, send_events_limit: 250 }])
  })

  it('that nobody keeps is counted', async () => {
    const ours = call(false)
    ours.stream.end(events)
    expect(await ours.body).toEqual({ kind: 'busy', elements: 2 })
  })
})
