/** Two nodes, coordinators, and two hospitals of which one keeps a note to itself. */
import type { LightMyRequestResponse } from 'fastify'
import { expect } from 'vitest'
import { openPages } from '../src/app.ts'
import type { Actor } from '../src/platform/access.ts'
import type { Context } from '../src/platform/context.ts'
import type { App } from '../src/platform/http.ts'
import { contextOf, cookieOf } from './belongings.ts'
import {
  addHospital,
  addPerson,
  createDatabase,
  type Hospital,
  type TestDatabase,
  tuesday,
} from './harness.ts'
import { openWarning } from './warned.ts'

export const minute = 60_000
export const day = 24 * 60 * minute
/** What Lipová wrote for itself alone, and why somebody wants to read it. */
export const secret = 'Podezřelý je notebook účetní'
export const reason = 'Nemocnice nebere telefon a útok trvá.'

export type Name = 'vera' | 'olga' | 'jana' | 'petr' | 'dana' | 'hana' | 'otto' | 'both'

export interface GlassStage {
  db: TestDatabase
  context: Context
  /** What the nodes take for now. */
  now: number
  node: App
  other: App
  lipova: Hospital
  habrova: Hospital
  /** Lipová's, with the note. */
  warning: number
  people: Record<Name, Actor>
  get(who: Name | null, url: string, at?: App): Promise<LightMyRequestResponse>
  post(
    who: Name | null,
    url: string,
    fields?: Record<string, string>,
    at?: App,
  ): Promise<LightMyRequestResponse>
  /** A warning of the hospital with an internal note by the person. */
  warn(who: Name, hospital: Hospital, text: string): Promise<number>
  opens(who?: Name | null, org?: number, why?: string): Promise<LightMyRequestResponse>
  /** Opens it and answers its address. */
  opened(who?: Name, org?: number): Promise<string>
  /** Whether the person sees what Lipová wrote for itself. */
  reads(who: Name, at?: App): Promise<boolean>
  close(): Promise<void>
}

async function peopleOf(db: TestDatabase, lipova: Hospital, habrova: Hospital): Promise<Record<Name, Actor>> {
  return {
    vera: await addPerson(db, 'Věra Klidná', [['coordinator', null]]),
    olga: await addPerson(db, 'Olga Druhá', [['coordinator', null]]),
    jana: await addPerson(db, 'Jana Nováková', [['admin', lipova]]),
    petr: await addPerson(db, 'Petr Dub', [['representative', lipova]]),
    dana: await addPerson(db, 'Dana Pověřená', [['dpo', lipova]]),
    hana: await addPerson(db, 'Hana Tichá', [['admin', habrova]]),
    otto: await addPerson(db, 'Otto Provozní', [['operator', null]]),
    both: await addPerson(db, 'Běta Dvojí', [
      ['coordinator', null],
      ['admin', habrova],
    ]),
  }
}

/** A browser's way of asking a node. */
async function knock(
  stage: Pick<GlassStage, 'context' | 'people'>,
  at: App,
  who: Name | null,
  url: string,
  fields?: Record<string, string>,
): Promise<LightMyRequestResponse> {
  const session = who && (await cookieOf(stage.context, stage.people[who]))
  return at.inject({
    method: fields ? 'POST' : 'GET',
    url,
    headers: {
      accept: 'text/html',
      ...(session ? { cookie: session.cookie } : {}),
      ...(fields ? { 'content-type': 'application/x-www-form-urlencoded' } : {}),
    },
    ...(fields
      ? {
          payload: new URLSearchParams({ ...fields, ...(session ? { _csrf: session.csrf } : {}) }).toString(),
        }
      : {}),
  })
}

export async function openGlassStage(): Promise<GlassStage> {
  const db = await createDatabase()
  const { context, stop } = contextOf(db, () => stage.now)
  const lipova = await addHospital(db, 'Nemocnice Lipová', ['192.0.2.0/25'])
  const habrova = await addHospital(db, 'Nemocnice Habrová', ['192.0.2.128/25'])
  const stage: GlassStage = {
    db,
    context,
    now: tuesday,
    node: await openPages(context),
    other: await openPages(context),
    lipova,
    habrova,
    warning: 0,
    people: await peopleOf(db, lipova, habrova),
    get: (who, url, at = stage.node) => knock(stage, at, who, url),
    post: (who, url, fields = {}, at = stage.node) => knock(stage, at, who, url, fields),
    warn: async (who, hospital, text) => {
      const { id } = await openWarning(db, { org: hospital })
      expect((await stage.post(who, `/warnings/${id}/note`, { text, internal: '1' })).statusCode).toBe(303)
      return id
    },
    opens: (who = 'vera', org = lipova.id, why = reason) =>
      stage.post(who, '/trail/glass', { org: String(org), reason: why }),
    opened: async (who = 'vera', org = lipova.id) => {
      const answer = await stage.opens(who, org)
      expect(answer.statusCode).toBe(303)
      return String(answer.headers.location)
    },
    reads: async (who, at) => (await stage.get(who, `/warnings/${stage.warning}`, at)).body.includes(secret),
    close: async () => {
      await stage.node.close()
      await stage.other.close()
      await stop()
      await db.drop()
    },
  }
  stage.warning = await stage.warn('jana', lipova, secret)
  return stage
}
