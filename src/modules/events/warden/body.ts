/**
 * Reads a request's body to its end whatever happens, because a stock sender that is answered while it still writes
 * drops the whole batch. What is too large is counted and thrown away.
 */
import type { IncomingMessage } from 'node:http'
import { ElementCounter } from './element-counter.ts'

export type Body =
  | { kind: 'whole'; bytes: Buffer }
  | { kind: 'too-large'; elements: number }
  | { kind: 'too-slow'; elements: number }

/** More than this is never kept of one body. */
export const mostBytes = 64 * 1024 * 1024
/** All bodies being read together; above it new ones are told to come later. */
const mostTogether = 160 * 1024 * 1024
const patienceMs = 50_000

let together = 0

/** Counting costs a pass over the bytes, so only what is not kept is counted. */
function elementsOf(chunks: Buffer[] | null, counter: ElementCounter): number {
  for (const chunk of chunks ?? []) counter.push(chunk)
  return counter.elements
}

/** Resolves when the body ended, or its time was up; rejects when the sender went away. */
export function readBody(request: IncomingMessage, keep: boolean, patience = patienceMs): Promise<Body> {
  return new Promise((resolve, reject) => {
    const counter = new ElementCounter()
    let chunks: Buffer[] | null = keep ? [] : null
    let size = 0
    const release = (): void => {
      if (chunks) together -= size
      chunks = null
    }
    const timer = setTimeout(() => {
      const elements = elementsOf(chunks, counter)
      release()
      request.removeAllListeners('data')
      resolve({ kind: 'too-slow', elements })
    }, patience)
    request.on('data', (chunk: Buffer) => {
      if (chunks && (size + chunk.length > mostBytes || together + chunk.length > mostTogether)) {
        elementsOf(chunks, counter)
        release()
      }
      size += chunk.length
      if (!chunks) return counter.push(chunk)
      chunks.push(chunk)
      together += chunk.length
    })
    request.on('end', () => {
      clearTimeout(timer)
      const body: Body = chunks ? { kind: 'whole', bytes: Buffer.concat(chunks, size) } : { kind: 'too-large', elements: counter.elements }
      release()
      resolve(body)
    })
    const gone = (): void => {
      clearTimeout(timer)
      release()
      reject(new Error('the sender went away'))
    }
    request.on('aborted', gone)
    request.on('error', gone)
  })
}
