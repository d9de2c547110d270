/** Doors of keys: giving one, its proof by the link in an encrypted mail, taking it away, and the installation's own. */
import type { FastifyReply, FastifyRequest } from 'fastify'
import { asReader, isCoordinator } from '../../../platform/access.ts'
import { sendFile } from '../../../platform/conditional.ts'
import type { Context } from '../../../platform/context.ts'
import { openCrowd } from '../../../platform/crowd.ts'
import { Invalid, NotFound, WrongState } from '../../../platform/errors.ts'
import { frameOf } from '../../../platform/frame.ts'
import { type App, actorOf } from '../../../platform/http.ts'
import { doneOf, page, sendHtml, text } from '../../../platform/page-routes.ts'
import { publicKeyPath, publicKeys } from '../../../platform/signing-key.ts'
import {
  keyProofOverPage,
  keyProofPage,
  keyProvedPage,
  keysDone,
  keysPage,
  type Refused,
} from '../pages/keys.tsx'
import { numberIn } from '../schema.ts'
import { giveKey, keyOfLink, keysSeen, ownAddresses, proveKey, removeKey } from './keys.ts'
import { mostCharacters } from './parse.ts'
import { sampleKey } from './sample.ts'

const openPerMinute = 600

export function mountKeys(app: App, context: Context): void {
  const draw = async (request: FastifyRequest, reply: FastifyReply, refused?: Refused) => {
    const [actor, { now }] = [actorOf(request), request]
    const found = await asReader(context.db, actor, now, async (tx) => ({
      own: await ownAddresses(tx, actor),
      keys: await keysSeen(tx),
    }))
    const shown = keysPage({
      frame: frameOf(request, {
        title: request.t('pgp.title'),
        active: 'account',
        zone: context.settings.zone,
      }),
      ...found,
      coordinates: isCoordinator(actor),
      signer: (await publicKeys(context.db.engine))[0]?.fingerprint ?? null,
      done: doneOf(request, keysDone),
      refused,
    })
    return sendHtml(reply, shown, refused ? 422 : 200)
  }

  app.get('/mail-keys', page({ who: 'signed-in' }), (request, reply) => draw(request, reply))

  app.post(
    '/mail-keys',
    {
      ...page({ who: 'signed-in', sample: { key: sampleKey } }),
      bodyLimit: 4 * mostCharacters,
    },
    async (request, reply) => {
      const given = {
        address: text(request.body, 'address') || actorOf(request).email,
        key: text(request.body, 'key'),
      }
      try {
        await giveKey(context, given, actorOf(request), request.now)
      } catch (error) {
        if (!(error instanceof Invalid)) throw error
        return draw(request, reply, { ...given, fault: error.fields.key ?? 'broken' })
      }
      return reply.redirect('/mail-keys?done=asked', 303)
    },
  )

  app.post(
    '/mail-keys/:id/removal',
    page({ who: 'signed-in', objects: { id: 'mail_key' }, fresh: true }),
    async (request, reply) => {
      await removeKey(context, numberIn(request), actorOf(request), request.now)
      return reply.redirect('/mail-keys?done=removed', 303)
    },
  )
  mountProof(app, context)
  mountOwnKeys(app, context)
}

/** The installation's public keys, earlier ones too: what they signed can still be checked. */
function mountOwnKeys(app: App, context: Context): void {
  const crowded = openCrowd(openPerMinute)
  app.get<{ Params: { file: string } }>(
    '/openpgp/:file',
    page({ who: 'anyone', objects: { file: 'signing_key' } }),
    async (request, reply) => {
      if (crowded(request, reply)) return reply
      const keys = await publicKeys(context.db.engine)
      const key = keys.find(
        ({ fingerprint }) => publicKeyPath(fingerprint) === `/openpgp/${request.params.file}`,
      )
      if (!key) throw new NotFound('There is nothing at this address')
      return sendFile(request, reply, {
        body: key.publicKey,
        type: 'application/pgp-keys',
        modifiedAt: key.madeAt,
        keep: 'public, no-cache',
      })
    },
  )
}

/** The path is the proof: an organisation's address is read by people without an account, too. */
function mountProof(app: App, context: Context): void {
  const open = page({ who: 'anyone', by: 'token' })
  const frame = (request: FastifyRequest) =>
    frameOf(request, { title: request.t('pgp.proof.title'), zone: context.settings.zone })
  const over = (request: FastifyRequest, reply: FastifyReply) =>
    sendHtml(reply, keyProofOverPage(frame(request)), 410)
  const tokenOf = (request: FastifyRequest): string => (request.params as { token: string }).token // the route has it
  const closed = (reply: FastifyReply) =>
    reply.headers({
      'referrer-policy': 'no-referrer',
      'x-robots-tag': 'noindex',
      'cache-control': 'no-store',
    })

  app.get('/mail-key-proof/:token', open, async (request, reply) => {
    const key = await keyOfLink(context.db.engine, tokenOf(request), request.now)
    if (!key) return over(request, closed(reply))
    return sendHtml(closed(reply), keyProofPage(frame(request), tokenOf(request), key))
  })
  app.post('/mail-key-proof/:token', open, async (request, reply) => {
    try {
      await proveKey(context, tokenOf(request), request.now)
      return sendHtml(closed(reply), keyProvedPage(frame(request)))
    } catch (error) {
      if (error instanceof WrongState) return over(request, closed(reply))
      throw error
    }
  })
}
