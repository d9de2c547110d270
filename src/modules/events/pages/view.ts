/** Whose day a reader looks at: the perimeter, one or all of the reader's organisations, or the published sector. */
import type { FastifyRequest } from 'fastify'
import { type Actor, isCoordinator, organisationsOf, organisationsRead } from '../../../platform/access.ts'
import type { Tx } from '../../../platform/database.ts'
import { NotFound } from '../../../platform/errors.ts'
import type { Access } from '../../../platform/http.ts'
import { withMerged } from '../../members/index.ts'
import { perimeter } from '../queries/scope.ts'

/** Everybody who reads content; operators run the servers and see none by role. */
export const readers: Exclude<Access['who'], string> = [
  'coordinator',
  'representative',
  'security_manager',
  'admin',
  'duty',
  'dpo',
  'manager',
]

export interface View {
  kind: 'perimeter' | 'own' | 'sector'
  /** What the queries count: 0 for the perimeter, else organisations. */
  orgs: number[]
  organisations: { id: number; name: string }[]
  /** What keeps the view in a link: '' or `org=7` or `scope=sector`. */
  keep: string
}

/** Reads `org` and `scope`; a foreign or unknown organisation is not found. */
export async function viewOf(tx: Tx, actor: Actor, query: unknown): Promise<View> {
  const { org, scope } = query as { org?: unknown; scope?: unknown }
  const own = organisationsOf(actor)
  if (org !== undefined && org !== '') {
    const id = Number(org)
    if (!Number.isSafeInteger(id) || id < 1 || id > 2_147_483_647)
      throw new NotFound('There is no such organisation.')
    const mayRead = isCoordinator(actor) || organisationsRead(actor).includes(id)
    const found = mayRead ? await organisationById(tx, id) : []
    if (found.length === 0) throw new NotFound('There is no such organisation.')
    return { kind: 'own', orgs: await withMerged(tx, id), organisations: found, keep: `org=${id}` }
  }
  if (isCoordinator(actor)) return { kind: 'perimeter', orgs: [perimeter], organisations: [], keep: '' }
  if (scope === 'sector') return { kind: 'sector', orgs: [], organisations: [], keep: 'scope=sector' }
  return { kind: 'own', orgs: organisationsRead(actor), organisations: own, keep: '' }
}

async function organisationById(tx: Tx, id: number): Promise<{ id: number; name: string }[]> {
  return (
    await tx.query<{ id: number; name: string }>('select id, name from organisations where id = $1', [id])
  ).rows
}

/** A path with the parameters that are set. */
export function link(
  path: string,
  ...params: (string | Record<string, string | number | null | undefined>)[]
): string {
  const all = new URLSearchParams()
  for (const some of params)
    for (const [name, value] of typeof some === 'string' ? new URLSearchParams(some) : Object.entries(some))
      if (value !== null && value !== undefined && value !== '') all.set(name, String(value))
  const text = all.toString()
  return text ? `${path}?${text}` : path
}

/** The id in the path; anything else is not found. */
export function idParam(request: FastifyRequest, name = 'id', most = Number.MAX_SAFE_INTEGER): number {
  const id = Number((request.params as Record<string, string>)[name])
  if (!Number.isSafeInteger(id) || id < 0 || id > most) throw new NotFound('There is no such page.')
  return id
}
