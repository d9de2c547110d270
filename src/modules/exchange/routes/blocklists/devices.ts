/** The pages of firewalls: made, looked at, given a new key, revoked. */
import type { FastifyReply, FastifyRequest } from 'fastify'
import { asReader } from '../../../../platform/access.ts'
import type { Context } from '../../../../platform/context.ts'
import { asEngine } from '../../../../platform/database.ts'
import { Invalid } from '../../../../platform/errors.ts'
import { type Access, type App, actorOf } from '../../../../platform/http.ts'
import { page, sendHtml } from '../../../../platform/page-routes.ts'
import { addDevice, revokeDevice, rotateKey } from '../../blocklists/devices.ts'
import { may } from '../../blocklists/may.ts'
import { deviceAt, fetchesOf } from '../../blocklists/read-own.ts'
import { deviceForm } from '../../blocklists/schema.ts'
import { devicePage, keyPage } from '../../pages/blocklists/device.tsx'
import { pathOf } from '../../pages/blocklists/words.tsx'
import { drawOwn, framed, idIn, ofOrg, orgIn, wordsOf } from './own.ts'

const ofDevice: Access = { ...ofOrg, objects: { id: 'organisation', firewall: 'blocklist_device' } }

export function mountDevices(app: App, context: Context): void {
  const { db, settings } = context
  const showKey = (
    request: FastifyRequest,
    reply: FastifyReply,
    org: number,
    made: { id: number; key: string; expiresAt: number; label: string },
    rotated: boolean,
  ) => {
    const frame = framed(request, context, request.t('blocklists.made'))
    return sendHtml(
      reply,
      keyPage({ frame, org, made, label: made.label, baseUrl: settings.baseUrl, rotated }),
    )
  }

  const sample = { label: 'Firewall', days: '365' }
  app.post('/blocklists/:id/firewalls', page({ ...ofOrg, fresh: true, sample }), async (request, reply) => {
    const { org } = orgIn(request)
    const form = deviceForm.safeParse(request.body ?? {})
    if (!form.success) throw new Invalid(request.t('blocklists.wrong.label'))
    const given = form.data
    try {
      const made = await asEngine(db, (tx) => addDevice(tx, { org, ...given }, actorOf(request), request.now))
      return showKey(request, reply, org, { ...made, label: given.label }, false)
    } catch (error) {
      if (!(error instanceof Invalid)) throw error
      return drawOwn(context, request, reply, { device: { given, errors: wordsOf(request, error.fields) } })
    }
  })

  app.get('/blocklists/:id/firewalls/:firewall', page(ofDevice), async (request, reply) => {
    const actor = actorOf(request)
    const { org, name } = orgIn(request)
    const found = await asReader(db, actor, request.now, async (tx) => {
      const device = await deviceAt(tx, org, idIn(request, 'firewall'))
      return { device, fetches: await fetchesOf(tx, device.id) }
    })
    const frame = framed(request, context, found.device.label)
    return sendHtml(reply, devicePage({ frame, org, name, ...found, mayKeep: may(actor, 'keep', org) }))
  })

  app.post(
    '/blocklists/:id/firewalls/:firewall/rotation',
    page({ ...ofDevice, fresh: true }),
    async (request, reply) => {
      const { org } = orgIn(request)
      const made = await asEngine(db, (tx) =>
        rotateKey(tx, idIn(request, 'firewall'), actorOf(request), request.now),
      )
      return showKey(request, reply, org, made, true)
    },
  )

  app.post('/blocklists/:id/firewalls/:firewall/revocation', page(ofDevice), async (request, reply) => {
    const { org } = orgIn(request)
    await asEngine(db, (tx) => revokeDevice(tx, idIn(request, 'firewall'), actorOf(request), request.now))
    return reply.redirect(`${pathOf(org)}?done=revoked`, 303)
  })
}
