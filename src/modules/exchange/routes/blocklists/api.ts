/** For programs: how the lists of one's own organisations stand, and which firewall has which version. */
import { z } from 'zod'
import { asReader, organisationsOf } from '../../../../platform/access.ts'
import type { Context } from '../../../../platform/context.ts'
import type { Queryable } from '../../../../platform/database.ts'
import { iso } from '../../../../platform/dates.ts'
import { type App, actorOf } from '../../../../platform/http.ts'
import { memberRoles } from '../../../members/index.ts'
import { devicesOf, listStands } from '../../blocklists/read-own.ts'
import { firewallAnswer, firewallJson, mountFirewallApi } from './api-firewalls.ts'
import { mountOwnApi } from './api-own.ts'
import { mountReviewApi } from './api-review.ts'

const instant = z.string().describe('ISO 8601, UTC')
const listAnswer = z.object({
  list: z.string().describe('ip, domain, url or sha256: the file of /edl/'),
  version: z.number(),
  entries: z.number(),
  changed_at: instant,
  held: z.number().nullable().describe('entries that it would have, while a jump waits for a coordinator'),
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
    firewalls: firewalls.map((one) => firewallJson(one, now)),
  }
}

export function mountBlocklistApi(app: App, context: Context): void {
  const { db } = context
  app.get(
    '/api/v1/blocklists',
    {
      config: { access: { who: [...memberRoles], key: 'warnings.read' } },
      schema: {
        tags: ['blocklists'],
        summary: 'How the blocklists of your organisations stand, and which firewall has which version',
        description:
          'Firewalls fetch the lists themselves at /edl/ip.txt, domain.txt, url.txt and sha256.txt (.csv, .json), with a key of their own as password or bearer, and report at POST /edl/false-positive.',
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
  mountOwnApi(app, context)
  mountFirewallApi(app, context)
  mountReviewApi(app, context)
}
