/** What the routes for programs share. */
import { Invalid, renaming, WrongState } from '../../../../platform/errors.ts'
import type { Access } from '../../../../platform/http.ts'
import { memberRoles } from '../../../members/index.ts'

export const readers: Access = { who: [...memberRoles, 'coordinator'], key: 'duty.read' }
export const ofDuty: Access = { ...readers, objects: { id: 'duty' } }

export const api = (access: Access, summary: string, schema: object) => ({
  config: { access },
  schema: { tags: ['duty'], summary, ...schema },
})

/** Fields of forms, as bodies call them. */
const bodyFields: Record<string, string> = { whom: 'person' }

/** The verb, with what it refuses named as in the body. */
export async function doing<R>(work: Promise<R>): Promise<R> {
  try {
    return await renaming(work, (field) => bodyFields[field] ?? field)
  } catch (error) {
    if (error instanceof Invalid && error.fields.base) throw new WrongState(error.message)
    throw error
  }
}
