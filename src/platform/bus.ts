/** LISTEN on the database's announcements, so that what one node did is heard by all. Reconnects by itself. */
import { EventEmitter } from 'node:events'
import pg from 'pg'
import { named } from './database.ts'

export interface Bus {
  /** Channels are announced as `hsoc_<channel>`; payloads hold ids only. `again` fires after every (re)connection. */
  on(channel: string, heard: (payload: string) => void): () => void
  onAgain(heard: () => void): () => void
  close(): Promise<void>
}

const retryMs = 500

export function openBus(url: string, channels: string[]): Bus {
  const emitter = new EventEmitter()
  emitter.setMaxListeners(10_000)
  let client: pg.Client | null = null
  let closed = false
  let timer: NodeJS.Timeout | undefined

  const connect = async (): Promise<void> => {
    const fresh = new pg.Client({
      connectionString: url,
      keepAlive: true,
      connectionTimeoutMillis: 5_000,
      application_name: 'hsoc-bus',
    })
    fresh.on('error', () => {})
    fresh.on('end', () => {
      client = null
      if (!closed) timer = setTimeout(() => void connect(), retryMs)
    })
    fresh.on('notification', (message) =>
      emitter.emit(message.channel.replace(/^hsoc_/, ''), message.payload ?? ''),
    )
    try {
      await fresh.connect()
      for (const channel of channels) await fresh.query(`listen hsoc_${channel}`)
      client = fresh
      // Announcements made while we were away are lost: whoever caches reads anew.
      emitter.emit('again')
    } catch (error) {
      await fresh.end().catch(() => named(error))
    }
  }

  void connect()
  const on = (name: string, heard: (payload: string) => void): (() => void) => {
    emitter.on(name, heard)
    return () => void emitter.off(name, heard)
  }
  return {
    on,
    onAgain: (heard) => on('again', heard),
    close: async () => {
      closed = true
      clearTimeout(timer)
      await client?.end()
    },
  }
}

/** The channels of the whole product. */
export const channels = [
  'register',
  'sensors',
  'derived',
  'warnings',
  'rollcalls',
  'rules',
  'lists',
  'blocklists',
  'outbox',
  'people',
  'site',
] as const
