/** Somebody with GnuPG: a key of their own, and mails opened and checked by the real program, not by the library that made them. */
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'

/** False where the machine has none: tests then say that they were left out. */
export const hasGpg = ((): boolean => {
  try {
    execFileSync('gpg', ['--version'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
})()

export interface Desk {
  /** A public key, armored; `expire` as GnuPG writes it: `0`, `1y`, `10d`. */
  makeKey(address: string, expire?: string): string
  privateKey(address: string): string
  learn(armored: string): void
  /** What the armored message holds; throws without the key. `signedBy`: the fingerprint of a good signature. */
  open(armored: string): { text: string; signedBy: string | null }
  /** The fingerprint of a good detached signature over these bytes. */
  check(bytes: Buffer, signature: string): string | null
  close(): void
}

/** `at` is what the desk's clock shows, in milliseconds since 1970. */
export function openDesk(at: number): Desk {
  const home = mkdtempSync(path.join(tmpdir(), 'gpg-'))
  const shown = `${new Date(at).toISOString().slice(0, 19).replace(/[-:]/g, '')}`
  const gpg = (
    args: string[],
    input: string | Buffer = '',
  ): { out: string; status: string; said: string } => {
    const file = path.join(home, 'status')
    const done = spawnSync(
      'gpg',
      [
        ...['--homedir', home, '--batch', '--yes', '--quiet', '--pinentry-mode', 'loopback'],
        ...['--passphrase', '', '--faked-system-time', shown, '--trust-model', 'always'],
        ...['--status-file', file, ...args],
      ],
      { input, encoding: 'utf8' },
    )
    return { out: done.stdout, status: readFileSync(file, 'utf8'), said: done.stderr }
  }
  // What GnuPG says by its status, not by its exit code: that also fails for a signer it does not know.
  const signerIn = (status: string): string | null => /VALIDSIG ([0-9A-F]+)/.exec(status)?.[1] ?? null
  return {
    makeKey: (address, expire = '0') => {
      gpg(['--quick-generate-key', address, 'future-default', 'default', expire])
      return gpg(['--armor', '--export', address]).out
    },
    privateKey: (address) => gpg(['--armor', '--export-secret-keys', address]).out,
    learn: (armored) => void gpg(['--import'], armored),
    open: (armored) => {
      const { out, status, said } = gpg(['--decrypt'], armored)
      if (!status.includes('DECRYPTION_OKAY')) throw new Error(said)
      return { text: out, signedBy: signerIn(status) }
    },
    check: (bytes, signature) => {
      writeFileSync(path.join(home, 'part'), bytes)
      writeFileSync(path.join(home, 'part.asc'), signature)
      return signerIn(gpg(['--verify', path.join(home, 'part.asc'), path.join(home, 'part')]).status)
    },
    close: () => {
      execFileSync('gpgconf', ['--homedir', home, '--kill', 'all'], { stdio: 'ignore' })
      rmSync(home, { recursive: true, force: true })
    },
  }
}
