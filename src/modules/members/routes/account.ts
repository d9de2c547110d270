/** The own account: who one is, where one is signed in, how one wants to be written to. */
import { asActor } from '../../../platform/access.ts'
import type { Context } from '../../../platform/context.ts'
import { Invalid } from '../../../platform/errors.ts'
import { frameOf } from '../../../platform/frame.ts'
import { type App, actorOf } from '../../../platform/http.ts'
import { changeWishes, endOtherSessions, endSession, ownSessions, ownWishes } from '../account.ts'
import { ownLinks } from '../federation/links.ts'
import { accountDone, accountPage } from '../pages/account.tsx'
import { endSessionForm, wishesForm } from '../schema.ts'
import type { AccountSlots } from '../slots.ts'
import { doneOf, keepPreference, sendPage, sessionIn } from './answers.ts'

export function mountAccount(app: App, context: Context, slots: AccountSlots): void {
  const access = { who: 'signed-in' } as const

  app.get('/account', { config: { access }, schema: { hide: true } }, async (request, reply) => {
    const actor = actorOf(request)
    const { now, t } = request
    const session = sessionIn(request)
    const frame = frameOf(request, {
      title: t('members.account.title'),
      active: 'account',
      zone: context.settings.zone,
    })
    const found = await asActor(context.db, actor, now, async (tx) => ({
      wishes: await ownWishes(tx, actor),
      sessions: await ownSessions(tx, session),
      links: await ownLinks(tx, actor),
      more: await slots.wishes?.(tx, frame),
    }))
    return sendPage(
      reply,
      accountPage({
        frame,
        actor,
        ...found,
        end: slots.end?.(frame),
        done: doneOf(request, accountDone),
        providers: context.settings.providers ?? [],
      }),
    )
  })

  app.post(
    '/account',
    {
      config: { access: { ...access, sample: { language: 'cs', digest: 'daily' } } },
      schema: { hide: true },
    },
    async (request, reply) => {
      const actor = actorOf(request)
      const form = wishesForm.safeParse(request.body)
      if (!form.success) throw new Invalid('Choose a language and how often the digest comes.')
      await asActor(context.db, actor, request.now, (tx) => changeWishes(tx, form.data, actor, request.now))
      return keepPreference(request, reply, 'lang', form.data.language).redirect('/account?done=saved', 303)
    },
  )

  app.post(
    '/account/other-sessions/end',
    { config: { access: { ...access, fresh: true } }, schema: { hide: true } },
    async (request, reply) => {
      await endOtherSessions(context, sessionIn(request), request.now)
      return reply.redirect('/account?done=ended', 303)
    },
  )

  app.post(
    '/account/sessions/end',
    {
      config: { access: { ...access, fresh: true, sample: { session: 'one-that-is-over' } } },
      schema: { hide: true },
    },
    async (request, reply) => {
      const form = endSessionForm.safeParse(request.body)
      if (!form.success) throw new Invalid('Say which session to end.')
      await endSession(context, sessionIn(request), form.data.session, request.now)
      return reply.redirect('/account?done=ended-one', 303)
    },
  )
}
