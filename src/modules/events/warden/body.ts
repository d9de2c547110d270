/**
 * Reads a request's body to its end whatever happens, because a stock sender that is answered while it still writes
 * drops the whole batch. What is too large is counted and thrown away.
 */
import type { IncomingMessage } from 'node:http'
import { ElementCounter } from './element-counter.ts'

export type Body =
  /** `release` gives the memory back to those that wait: call it when the bytes are done with. */
  | { kind: 'whole'; bytes: Buffer; release(): void }
  /** `too-large` is the sender's doing, `busy` ours: a body that we had no room or no wish to keep. */
  | { kind: 'too-large' | 'too-slow' | 'busy'; elements: number }

/** More than this is never kept of one body. */
export const mostBytes = 64 * 1024 * 1024
/** All bodies held together; above it new ones are told to come later. */
const mostTogether = 160 * 1024 * 1024
const patienceMs = 50_000

let together = 0

/** Counting costs a pass over the bytes, so only what is not kept is counted. */
function elementsOf(chunks: Buffer[] | null, counter: ElementCounter): number {
  for (const chunk of chunks ?? []) counter.push(chunk)
  return counter.elements
}

const isOver = (request: IncomingMessage): boolean => request.readableEnded || request.destroyed

/**
 * Resolves when the body ended, or its time was up; rejects when the sender went away. Without `keep` the elements of
 * the array that goes by are counted and nothing is held.
 */
export function readBody(request: IncomingMessage, keep: boolean, patience = patienceMs): Promise<Body> {
  return new Promise((resolve, reject) => {
    const counter = new ElementCounter()
    let chunks: Buffer[] | null = keep ? [] : null
    let size = 0
    let held = 0
    const release = (): void => {
      together -= held
      held = 0
      chunks = null
    }
    const over = (): void => {
      clearTimeout(timer)
      request.off('data', take).off('end', whole).off('aborted', gone).off('close', gone).off('error', gone)
      request.on('error', () => {})
    }
    const settle = (body: Body): void => {
      over()
      if (body.kind !== 'whole') release()
      // What still comes is let go by.
      request.resume()
      resolve(body)
    }
    const take = (chunk: Buffer): void => {
      size += chunk.length
      if (chunks && (size > mostBytes || together + chunk.length > mostTogether)) {
        elementsOf(chunks, counter)
        release()
      }
      if (chunks) {
        chunks.push(chunk)
        together += chunk.length
        held += chunk.length
      } else counter.push(chunk)
    }
    const whole = (): void => {
      if (chunks) {
        const bytes = chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks, size)
        chunks = null
        settle({ kind: 'whole', bytes, release })
      } else settle({ kind: size > mostBytes ? 'too-large' : 'busy', elements: counter.elements })
    }
    const gone = (): void => {
      over()
      release()
      reject(new Error('the sender went away'))
    }
    const timer = setTimeout(
      () => settle({ kind: 'too-slow', elements: elementsOf(chunks, counter) }),
      patience,
    )
    if (isOver(request)) return request.destroyed && !request.readableEnded ? gone() : whole()
    request.on('data', take).on('end', whole).on('aborted', gone).on('close', gone).on('error', gone)
  })
}

/** Lets a body that nobody wants go by, up to `most` bytes and `patience`; true when it was read to its end. */
export function discard(request: IncomingMessage, most = mostBytes, patience = 20_000): Promise<boolean> {
  return new Promise((resolve) => {
    let size = 0
    const done = (ended: boolean) => (): void => {
      clearTimeout(timer)
      request.off('data', take)
      resolve(ended)
    }
    const take = (chunk: Buffer): void => {
      size += chunk.length
      if (size > most) done(false)()
    }
    const timer = setTimeout(done(false), patience)
    if (isOver(request)) return done(request.readableEnded)()
    request.on('data', take).once('end', done(true)).once('close', done(false)).on('error', done(false))
  })
}
