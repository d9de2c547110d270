/** All that is asked of a document before it is taken: what lies beside it, its rules, and what it says. */
import type { Content, Flag } from '../content.ts'
import { judge, type Proofs } from '../fetch/integrity.ts'
import { jsonOf, Refused, understand } from './read.ts'
import { faultsOf } from './validate.ts'

export interface Examination {
  document: Uint8Array
  proofs: Proofs
  keys: readonly string[]
  /** A coordinator took it all the same: only what it says is looked at. */
  anyway: boolean
  now: number
}

export type Examined =
  | {
      kind: 'understood'
      content: Content
      flags: Flag[]
      signature: 'good' | 'none' | 'unchecked'
      hashChecked: boolean
    }
  | { kind: 'refused'; reason: string; said: string }

/** Never throws for what is in the document. */
export async function examine({ document, proofs, keys, anyway, now }: Examination): Promise<Examined> {
  const integrity = anyway ? null : await judge(document, proofs, keys, now)
  if (integrity?.kind === 'wrong') return { ...integrity, kind: 'refused' }
  try {
    const value = jsonOf(document)
    // First what it is: the rules of CSAF 2.0 say little of anything else.
    const { content, flags } = understand(value, now)
    const faults = anyway ? [] : await faultsOf(value)
    if (faults.length > 0)
      return {
        kind: 'refused',
        reason: 'invalid',
        said: faults.map(({ test, at, said }) => `${test} ${at} ${said}`.trim()).join('\n'),
      }
    const { signature, hashChecked } = integrity ?? { signature: 'unchecked' as const, hashChecked: false }
    return { kind: 'understood', content, flags, signature, hashChecked }
  } catch (error) {
    if (error instanceof Refused) return { kind: 'refused', reason: error.reason, said: error.message }
    throw error
  }
}
