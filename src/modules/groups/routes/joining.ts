/** What a person does about the own seat. */
import type { Context } from '../../../platform/context.ts'
import { type Access, type App, actorOf } from '../../../platform/http.ts'
import { acceptInvitation, declineInvitation } from '../invitations.ts'
import { choose, join, leave } from '../joining.ts'
import { deliveryForm, joinForm, orgForm } from '../schema.ts'
import { page, typed } from './answers.ts'
import { deed } from './show.ts'

const of = (sample?: Access['sample']): Access => ({
  who: 'signed-in',
  objects: { slug: 'group' },
  ...(sample ? { sample } : {}),
})

export function mountJoining(app: App, context: Context): void {
  app.post('/groups/:slug/seat', page(of({ org: 'org', reason: '' })), (request, reply) =>
    deed(context, [request, reply], {
      form: 'join',
      done: 'joined',
      work: (tx, slug) => join(tx, { slug, ...typed(joinForm, request) }, actorOf(request), request.now),
    }),
  )
  app.post('/groups/:slug/seat/withdrawal', page(of({ org: 'org' })), (request, reply) =>
    deed(context, [request, reply], {
      form: 'own',
      problem: 'last',
      done: 'left',
      work: (tx, slug) => leave(tx, { slug, ...typed(orgForm, request) }, actorOf(request), request.now),
    }),
  )
  app.post('/groups/:slug/invitation/acceptance', page(of({ org: 'org' })), (request, reply) =>
    deed(context, [request, reply], {
      form: 'own',
      done: 'accepted',
      work: (tx, slug) =>
        acceptInvitation(tx, { slug, ...typed(orgForm, request) }, actorOf(request), request.now),
    }),
  )
  app.post('/groups/:slug/invitation/refusal', page(of()), (request, reply) =>
    deed(context, [request, reply], {
      form: 'own',
      done: 'declined',
      work: (tx, slug) => declineInvitation(tx, { slug }, actorOf(request), request.now),
    }),
  )
  app.post('/groups/:slug/delivery', page(of({ delivery: 'daily' })), (request, reply) =>
    deed(context, [request, reply], {
      form: 'own',
      done: 'chosen',
      work: (tx, slug) =>
        choose(tx, { slug, ...typed(deliveryForm, request) }, actorOf(request), request.now),
    }),
  )
}
