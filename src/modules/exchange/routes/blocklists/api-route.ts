/** What the routes for programs share. */
import { z } from 'zod'
import { type Actor, isCoordinator, organisationsRead } from '../../../../platform/access.ts'
import { NotFound } from '../../../../platform/errors.ts'
import type { Access } from '../../../../platform/http.ts'
import { memberRoles } from '../../../members/index.ts'

export const id = z.coerce.number().int().min(1).max(2_147_483_647)
export const orgParams = z.object({ id })

export const read: Access = {
  ...{ who: [...memberRoles, 'coordinator'], key: 'warnings.read' },
  objects: { id: 'organisation' },
}
/** By people alone: no key changes anything. */
export const change: Access = { who: [...memberRoles], objects: { id: 'organisation' } }

export const api = (access: Access, summary: string, schema: object) => ({
  config: { access },
  schema: { tags: ['blocklists'], summary, ...schema },
})

/** The organisation, where the actor may read of it. Throws NotFound. */
export function readable(actor: Actor, org: number): number {
  if (!isCoordinator(actor) && !organisationsRead(actor).includes(org))
    throw new NotFound('There is no such blocklist.')
  return org
}
