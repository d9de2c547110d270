/** Reads documents one after the other in a thread beside the program, within limits of time and memory. */
import { Worker } from 'node:worker_threads'
import type { Examination, Examined } from './examine.ts'

export interface Reader {
  read(job: Examination): Promise<Examined>
  /** Ends the thread; whatever is being read is given up. */
  close(): Promise<void>
}

/** A document of 20 MB takes some seconds on a slow machine. */
const longestMs = 60_000
/** Loading the rules takes longer than reading most documents, so the thread waits a while for the next. */
const idleMs = 20_000
const memoryMb = 512

/** As this file itself was loaded: from the sources or as built. */
const place = new URL(`./thread${import.meta.url.endsWith('.ts') ? '.ts' : '.js'}`, import.meta.url)

/** The reader was closed with the document unread; it is as if it had never been handed over. */
export class Unread extends Error {
  override name = 'Unread'
}

export function openReader(limitMs = longestMs): Reader {
  let thread: Worker | null = null
  let last: Promise<unknown> = Promise.resolve()
  let idle: NodeJS.Timeout | undefined
  let isClosed = false

  const end = async (): Promise<void> => {
    clearTimeout(idle)
    const ending = thread
    thread = null
    await ending?.terminate()
  }
  const open = (): Worker => {
    const opened = new Worker(place, { resourceLimits: { maxOldGenerationSizeMb: memoryMb } })
    opened.unref()
    return opened
  }
  const ask = (job: Examination): Promise<Examined> =>
    new Promise((resolve, reject) => {
      clearTimeout(idle)
      if (isClosed) return reject(new Unread())
      thread ??= open()
      const asked = thread
      const over = (settle: () => void): void => {
        clearTimeout(timer)
        asked.off('message', answered).off('error', failed).off('exit', ended)
        settle()
      }
      const giveUp = (said: string): void => {
        if (thread === asked) void end()
        over(() => (isClosed ? reject(new Unread()) : resolve({ kind: 'refused', reason: 'too-long', said })))
      }
      const timer = setTimeout(() => giveUp(`> ${limitMs} ms`), limitMs)
      const answered = (examined: Examined): void => over(() => resolve(examined))
      // Out of memory, or a fault of ours: the document is set aside either way, and the next one gets a new thread.
      const failed = (error: Error): void => giveUp(error.message.slice(0, 200))
      const ended = (): void => giveUp('ended')
      asked.on('message', answered).on('error', failed).on('exit', ended)
      asked.postMessage(job)
    })

  return {
    read: (job) => {
      const turn = last.then(() => ask(job))
      const rest = (): void => {
        idle = setTimeout(() => void end(), idleMs)
        idle.unref()
      }
      last = turn.then(rest, rest)
      return turn
    },
    close: async () => {
      isClosed = true
      await end()
    },
  }
}
