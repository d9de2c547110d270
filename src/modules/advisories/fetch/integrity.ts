/** Hashes and OpenPGP signatures of documents (CSAF 2.0, 7.1.18 to 7.1.20). */
import { createHash } from 'node:crypto'

export interface Proofs {
  /** Contents of the `.sha256` and `.sha512` beside the document; null where there is none. */
  sha256: string | null
  sha512: string | null
  /** The armoured, detached signature. */
  signature: string | null
}

export type Integrity =
  | { kind: 'fine'; signature: 'good' | 'none' | 'unchecked'; hashChecked: boolean }
  | { kind: 'wrong'; reason: 'hash-wrong' | 'signature-wrong' | 'signature-key'; said: string }

const wrong = (reason: 'hash-wrong' | 'signature-wrong' | 'signature-key', said: string): Integrity => ({
  kind: 'wrong',
  reason,
  said,
})

/** The file begins with the digest in hexadecimal; what stands behind it is the file's name. */
function hashIsRight(document: Uint8Array, text: string, algorithm: 'sha256' | 'sha512'): boolean {
  const said = /^\s*([0-9a-f]+)/i.exec(text)?.[1]?.toLowerCase()
  return said === createHash(algorithm).update(document).digest('hex')
}

/** Judges a document by what lies beside it. Without keys a signature cannot be judged, and that is said. */
export async function judge(
  document: Uint8Array,
  proofs: Proofs,
  keys: readonly string[],
  now: number,
): Promise<Integrity> {
  for (const algorithm of ['sha512', 'sha256'] as const) {
    const text = proofs[algorithm]
    if (text !== null && !hashIsRight(document, text, algorithm)) return wrong('hash-wrong', algorithm)
  }
  const hashChecked = proofs.sha256 !== null || proofs.sha512 !== null
  if (proofs.signature === null) return { kind: 'fine', signature: 'none', hashChecked }
  if (keys.length === 0) return { kind: 'fine', signature: 'unchecked', hashChecked }
  const verdict = await verify(document, proofs.signature, keys, now)
  return verdict ?? { kind: 'fine', signature: 'good', hashChecked }
}

/** Null when the signature is right, else what is wrong with it. */
async function verify(
  document: Uint8Array,
  armored: string,
  keys: readonly string[],
  now: number,
): Promise<Integrity | null> {
  const { createMessage, readKeys, readSignature, verify: check } = await import('openpgp')
  try {
    const verificationKeys = (await Promise.all(keys.map((armoredKeys) => readKeys({ armoredKeys })))).flat()
    const signature = await readSignature({ armoredSignature: armored })
    const message = await createMessage({ binary: document })
    const { signatures } = await check({ message, signature, verificationKeys, date: new Date(now) })
    const known = signatures.filter(({ keyID }) =>
      verificationKeys.some((key) => key.getKeys(keyID).length > 0),
    )
    if (known.length === 0)
      return wrong(
        'signature-key',
        signatures
          .map(({ keyID }) => keyID.toHex())
          .join(' ')
          .slice(0, 200),
      )
    for (const { verified } of known) await verified
    return null
  } catch (error) {
    return wrong('signature-wrong', (error as Error).message.slice(0, 200))
  }
}

/** Fingerprints of the keys in an armoured text, in capitals. Throws for what holds none. */
export async function fingerprintsOf(armored: string): Promise<string[]> {
  const { readKeys } = await import('openpgp')
  return (await readKeys({ armoredKeys: armored })).map((key) => key.getFingerprint().toUpperCase())
}
