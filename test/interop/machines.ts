/** The doors for machines as they really stand: a database, TLS with the sensors' authority, one port. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { openMachines } from '../../src/machines.ts'
import { authorityOf } from '../../src/modules/events/authority.ts'
import { condenseAll } from '../../src/modules/events/condense.ts'
import { type Doors, openDoors } from '../../src/modules/events/doors.ts'
import type { Idea } from '../../src/modules/events/event.ts'
import { add, type NewSensor } from '../../src/modules/events/sensors.ts'
import { channels, openBus } from '../../src/platform/bus.ts'
import { certifyNewKey, type KeyPair } from '../../src/platform/certificates.ts'
import type { Context } from '../../src/platform/context.ts'
import { serverOptions } from '../../src/platform/tls.ts'
import { createDatabase, type TestDatabase, tuesday } from '../harness.ts'
import { type Listening, listen } from '../listening.ts'
import { openSender, type Sender, type SenderOptions } from './sender.ts'

const secretKey = 'test-secret-of-at-least-32-characters'

export interface Machines {
  db: TestDatabase
  context: Context
  doors: Doors
  door: Listening
  port: number
  /** Everything the program wrote to its log. */
  logged: string[]
  now: { ms: number }
  ca: KeyPair
  dataDir: string
  /** Adds a sensor and answers its secret; known to the doors when it resolves. */
  addSensor(name: string, more?: Partial<NewSensor>): Promise<string>
  certificate(cn: string, options?: { days?: number; sans?: string[] }): Promise<KeyPair>
  sender(name: string, options?: Partial<SenderOptions>): Sender
  condense(): Promise<void>
  close(): Promise<void>
}

export function contextOf(db: TestDatabase, now: { ms: number }, logged: string[]): Context {
  const write = (fields: object, message?: string): void => {
    const parts = Object.values(fields).map((v) =>
      v instanceof Error ? `${v.stack} ${JSON.stringify(v)}` : JSON.stringify(v),
    )
    logged.push(`${message ?? ''} ${parts.join(' ')}`)
  }
  return {
    db,
    bus: openBus(db.listenUrl, [...channels]),
    log: { info: write, warn: write, error: write },
    settings: {
      baseUrl: 'https://hsoc.example',
      zone: 'Europe/Prague',
      secret: secretKey,
      coordinatorPhone: null,
      listsDir: null,
      rawDays: 90,
      demo: false,
    },
    clock: () => now.ms,
  }
}

/** Starts the doors on a free loopback port; `given` lets a second node share a database. */
export async function openMachinesHere(given?: TestDatabase): Promise<Machines> {
  const db = given ?? (await createDatabase())
  const dataDir = mkdtempSync(path.join(tmpdir(), 'hsoc-doors-'))
  const now = { ms: tuesday }
  const logged: string[] = []
  const context = contextOf(db, now, logged)
  const doors = openDoors(context)
  const app = await openMachines(context, doors)
  const ca = await authorityOf(db.engine, context.settings, Date.now())
  const tls = await serverOptions(
    { dataDir, baseUrl: 'https://localhost', tls: { mode: 'self' } },
    [ca.cert],
    Date.now(),
  )
  const door = await listen({
    host: '127.0.0.1',
    port: 0,
    tls,
    plain: false,
    handler: (request, response) => app.routing(request, response),
  })
  await doors.known.refresh()
  return {
    db,
    context,
    doors,
    door,
    port: door.port,
    logged,
    now,
    ca,
    dataDir,
    addSensor: async (name, more = {}) => {
      const fresh = { name, member: null, rights: ['read', 'write'], secret: true, certCn: null, ...more }
      const { secret } = await add(db.engine, fresh, secretKey, tuesday)
      await doors.known.refresh()
      return secret ?? ''
    },
    certificate: (cn, options) => certifyNewKey(ca, { cn, days: 365, ...options }, Date.now()),
    sender: (name, options = {}) => openSender({ port: door.port, name, pauseMs: 20, ...options }),
    condense: async () => void (await condenseAll(db, 'Europe/Prague', now.ms)),
    close: async () => {
      await door.close(500)
      doors.known.close()
      await app.close()
      await context.bus.close()
      if (!given) await db.drop()
      rmSync(dataDir, { recursive: true, force: true })
    },
  }
}

/** A login attempt from a documentation address, as a perimeter's sensor reports it. */
export function eventOf(node: string, id: string, more: object = {}): Idea {
  return {
    Format: 'IDEA0',
    ID: id,
    DetectTime: new Date(tuesday - 60_000).toISOString(),
    Category: ['Attempt.Login'],
    Source: [{ IP4: ['198.51.100.7'] }],
    Target: [{ IP4: ['192.0.2.10'], Port: [22], Proto: ['tcp', 'ssh'] }],
    Node: [{ Name: node, Type: ['Flow'] }],
    ...more,
  }
}

export const eventsOf = (node: string, prefix: string, n: number, more: object = {}): Idea[] =>
  Array.from({ length: n }, (_, i) => eventOf(node, `${prefix}-${i}`, more))

export const storedCount = async (db: TestDatabase): Promise<number> =>
  (await db.engine.query<{ n: number }>('select count(*)::int as n from events')).rows[0]?.n ?? -1

/** `received = saved + duplicate + rejected + deferred`, parsed from the answer's header. */
export function accountOf(
  header: unknown,
): Record<'received' | 'saved' | 'duplicate' | 'rejected' | 'deferred', number> {
  return Object.fromEntries(
    String(header)
      .split(';')
      .map((part) => part.split('='))
      .map(([key, value]) => [key, Number(value)]),
  )
}
