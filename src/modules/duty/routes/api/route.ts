/** What the routes for programs share. */
import { Invalid, WrongState } from '../../../../platform/errors.ts'
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
    return await work
  } catch (error) {
    if (!(error instanceof Invalid)) throw error
    if (error.fields.base) throw new WrongState(error.message)
    const fields = Object.entries(error.fields).map(([field, why]) => [bodyFields[field] ?? field, why])
    throw new Invalid(error.message, Object.fromEntries(fields))
  }
}
