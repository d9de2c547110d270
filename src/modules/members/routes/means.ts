/** The means by which one signs in. */
import type { FastifyReply, FastifyRequest } from 'fastify'
import { asReader } from '../../../platform/access.ts'
import type { Context } from '../../../platform/context.ts'
import { frameOf } from '../../../platform/frame.ts'
import { type App, actorOf } from '../../../platform/http.ts'
import { mustKeepOne, ownMeans } from '../means.ts'
import { meansPage } from '../pages/means.tsx'
import { type MeansProps, meansDone } from '../pages/means-props.ts'
import { codesPage } from '../pages/totp.tsx'
import { partyOf } from '../passkeys.ts'
import { makeCodes } from '../recovery-codes.ts'
import { backIn, doneOf, sendPage, sessionIn } from './answers.ts'

/** The page, also for a refusal of one of its forms. */
export async function drawMeans(
  context: Context,
  request: FastifyRequest,
  reply: FastifyReply,
  refused: Pick<MeansProps, 'problem' | 'typed' | 'renaming'> & { status?: number } = {},
): Promise<FastifyReply> {
  const actor = actorOf(request)
  const { settings } = context
  const { status = 200, ...problem } = refused
  const page = meansPage({
    ...problem,
    frame: {
      ...frameOf(request, {
        title: request.t('members.means.title'),
        active: 'account',
        zone: settings.zone,
      }),
      path: '/account/means',
    },
    means: await asReader(context.db, actor, request.now, (tx) => ownMeans(tx, actor)),
    isFirst: sessionIn(request).reach === 'enrol',
    mustKeepOne: mustKeepOne(settings, actor),
    isOff: settings.secondFactor === 'off',
    passkeys: partyOf(settings) !== null,
    back: backIn(request),
    done: doneOf(request, meansDone),
  })
  return sendPage(reply, page, status)
}

/** Codes for paper, in the answer itself: they are never seen again. */
export const sendCodes = (
  request: FastifyRequest,
  reply: FastifyReply,
  codes: string[],
  back: string,
): FastifyReply =>
  sendPage(
    reply,
    codesPage({
      frame: {
        ...frameOf(request, { title: request.t('members.codes.title'), active: 'account' }),
        path: '/account/means',
      },
      codes,
      back,
    }),
  )

export function mountMeans(app: App, context: Context): void {
  app.get(
    '/account/means',
    { config: { access: { who: 'signed-in', reach: ['enrol'] } }, schema: { hide: true } },
    (request, reply) => drawMeans(context, request, reply),
  )

  app.post(
    '/account/recovery-codes',
    { config: { access: { who: 'signed-in', fresh: true } }, schema: { hide: true } },
    async (request, reply) => {
      const codes = await makeCodes(context, sessionIn(request), request.now)
      return sendCodes(request, reply, codes, '/account/means')
    },
  )
}
