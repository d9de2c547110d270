/** For programs: the firewalls of an organisation, read by a key too; their own keys are made by its people. */
import { z } from 'zod'
import { asReader } from '../../../../platform/access.ts'
import type { Context } from '../../../../platform/context.ts'
import { asEngine } from '../../../../platform/database.ts'
import { iso } from '../../../../platform/dates.ts'
import { type Access, type App, actorOf } from '../../../../platform/http.ts'
import { addDevice, lives, revokeDevice, rotateKey } from '../../blocklists/devices.ts'
import { type Device, devicesOf } from '../../blocklists/read-own.ts'
import { api, change, id, orgParams, read, readable } from './api-route.ts'

const instant = z.string().describe('ISO 8601, UTC')
export const firewallAnswer = z.object({
  id: z.number(),
  label: z.string(),
  active: z.boolean(),
  expires_at: instant,
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

export const firewallJson = (one: Device, now: number): z.infer<typeof firewallAnswer> => ({
  ...{ id: one.id, label: one.label, active: one.revokedAt === null && one.expiresAt > now },
  ...{ expires_at: iso(one.expiresAt), used_at: one.usedAt === null ? null : iso(one.usedAt) },
  fetched: one.had.map((had) => ({ ...had, at: iso(had.at) })),
})

const firewallParams = z.object({ id, firewall: id })
const firewallBody = z.object({
  label: z.string().max(200),
  days: z
    .number()
    .int()
    .describe(`for how long its key is good: ${lives.join(', ')}`),
})
const keyAnswer = z.object({
  id: z.number(),
  key: z.string().describe('told this once'),
  expires_at: instant,
})

const ofFirewall: Access = { ...change, objects: { id: 'organisation', firewall: 'blocklist_device' } }

const keyJson = (made: { id: number; key: string; expiresAt: number }): z.infer<typeof keyAnswer> => ({
  ...{ id: made.id, key: made.key, expires_at: iso(made.expiresAt) },
})

export function mountFirewallApi(app: App, { db }: Context): void {
  app.get<{ Params: z.infer<typeof orgParams> }>(
    '/api/v1/blocklists/:id/firewalls',
    api(read, 'Firewalls of an organisation, and which version each has', {
      ...{ params: orgParams, response: { 200: z.object({ firewalls: z.array(firewallAnswer) }) } },
    }),
    (request) => {
      const org = readable(actorOf(request), request.params.id)
      return asReader(db, actorOf(request), request.now, async (tx) => ({
        firewalls: (await devicesOf(tx, org, request.now)).map((one) => firewallJson(one, request.now)),
      }))
    },
  )

  app.post<{ Params: z.infer<typeof orgParams>; Body: z.infer<typeof firewallBody> }>(
    '/api/v1/blocklists/:id/firewalls',
    api(
      { ...change, fresh: true, sample: { label: 'Firewall', days: 365 } },
      'Add a firewall; its key is told this once',
      { params: orgParams, body: firewallBody, response: { 201: keyAnswer } },
    ),
    async (request, reply) => {
      const wanted = { org: request.params.id, ...request.body }
      const made = await asEngine(db, (tx) => addDevice(tx, wanted, actorOf(request), request.now))
      return reply.status(201).send(keyJson(made))
    },
  )

  app.post<{ Params: z.infer<typeof firewallParams> }>(
    '/api/v1/blocklists/:id/firewalls/:firewall/rotation',
    api(
      { ...ofFirewall, fresh: true },
      'A new key for a firewall; the one before is good for seven days more',
      { params: firewallParams, response: { 201: keyAnswer } },
    ),
    async (request, reply) => {
      const { firewall } = request.params
      const made = await asEngine(db, (tx) => rotateKey(tx, firewall, actorOf(request), request.now))
      return reply.status(201).send(keyJson(made))
    },
  )

  app.delete<{ Params: z.infer<typeof firewallParams> }>(
    '/api/v1/blocklists/:id/firewalls/:firewall',
    api(ofFirewall, 'Revoke the key of a firewall at once', {
      ...{ params: firewallParams, response: { 204: z.null() } },
    }),
    async (request, reply) => {
      const { firewall } = request.params
      await asEngine(db, (tx) => revokeDevice(tx, firewall, actorOf(request), request.now))
      return reply.status(204).send(null)
    },
  )
}
