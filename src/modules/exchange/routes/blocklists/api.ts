/** For programs: how the lists of one's own organisations stand, and which firewall has which version. */
import { z } from 'zod'
import { asReader, organisationsOf } from '../../../../platform/access.ts'
import type { Context } from '../../../../platform/context.ts'
import type { Queryable } from '../../../../platform/database.ts'
import { iso } from '../../../../platform/dates.ts'
import { type App, actorOf } from '../../../../platform/http.ts'
import { memberRoles } from '../../../members/index.ts'
import { devicesOf, listStands } from '../../blocklists/read-own.ts'

const instant = z.string().describe('ISO 8601, UTC')
const listAnswer = z.object({
  list: z.string().describe('ip, domain, url or sha256: the file of /edl/'),
  version: z.number(),
  entries: z.number(),
  changed_at: instant,
  held: z.number().nullable().describe('entries that it would have, while a jump waits for a coordinator'),
})
const firewallAnswer = z.object({
  id: z.number(),
  label: z.string(),
  active: z.boolean(),
  used_at: instant.nullable(),
  fetched: z.array(
    z.object({
      list: z.string(),
      version: z.number(),
      present: z.number(),
      at: instant,
      complete: z.boolean(),
    }),
  ),
})
const answer = z.object({
  organisations: z.array(
    z.object({
      id: z.number(),
      name: z.string(),
      lists: z.array(listAnswer),
      firewalls: z.array(firewallAnswer),
    }),
  ),
})

const when = (at: number | null): string | null => (at === null ? null : iso(at))

async function standOf(tx: Queryable, { id, name }: { id: number; name: string }, now: number) {
  const lists = await listStands(tx, id)
  const firewalls = await devicesOf(tx, id, now)
  return {
    id,
    name,
    lists: lists.map(({ changedAt, failedAt: _failed, ...list }) => ({
      ...list,
      changed_at: iso(changedAt),
    })),
    firewalls: firewalls.map((one) => ({
      id: one.id,
      label: one.label,
      active: one.revokedAt === null && one.expiresAt > now,
      used_at: when(one.usedAt),
      fetched: one.had.map((had) => ({ ...had, at: iso(had.at) })),
    })),
  }
}

export function mountBlocklistApi(app: App, { db }: Context): void {
  app.get(
    '/api/v1/blocklists',
    {
      config: { access: { who: [...memberRoles], key: 'warnings.read' } },
      schema: {
        tags: ['blocklists'],
        summary: 'How the blocklists of your organisations stand, and which firewall has which version',
        response: { 200: answer },
      },
    },
    async (request) => {
      const actor = actorOf(request)
      return asReader(db, actor, request.now, async (tx) => ({
        organisations: await Promise.all(organisationsOf(actor).map((org) => standOf(tx, org, request.now))),
      }))
    },
  )
}
