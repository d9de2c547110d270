/** Passwords: how they are kept, how one is checked in the same time whoever it belongs to, and which are refused. */
import { hash, verify } from '@node-rs/argon2'
import { Unavailable } from './errors.ts'

/** Argon2id as OWASP's cheat sheet has it: 19 MiB, two passes, one lane. */
const cost = { memoryCost: 19_456, timeCost: 2, parallelism: 1 }

/** Of a random password that nobody kept: what is checked when there is nothing to check against. */
const decoy =
  '$argon2id$v=19$m=19456,t=2,p=1$HdUtec3vBGuiXFBqZ87L0A$z0CW0m57hYEutRUQ7MRoolJR2HLTKsMmh/N0eBSyhMo'

export const shortest = 12
export const longest = 200

/** Waiting checks hold memory and a thread each; more than this at once is a flood, not people. */
const mostAtOnce = 32
let running = 0

async function bounded<T>(work: () => Promise<T>): Promise<T> {
  if (running >= mostAtOnce) throw new Unavailable('Too many sign-ins at once')
  running++
  try {
    return await work()
  } finally {
    running--
  }
}

/** One spelling of a password: keyboards type the same letters in several ways. */
const spelt = (password: string): string => password.normalize('NFKC')

/** The stored form (PHC string). */
export const hashPassword = (password: string): Promise<string> => bounded(() => hash(spelt(password), cost))

/** Whether `password` is the one of `stored`; costs the same for an account that has none (null) or does not exist. */
export async function isPassword(stored: string | null, password: string): Promise<boolean> {
  const fits = await bounded(() => verify(stored ?? decoy, spelt(password.slice(0, longest))))
  return fits && stored !== null && password.length <= longest
}

/** Words that begin most guessed passwords, in Czech hospitals too; with digits or marks around them they are no better. */
const commonest = new Set(
  (
    'password passw0rd p@ssw0rd passwordpassword heslo hesloheslo heslojeheslo tajneheslo mojeheslo noveheslo admin administrator ' +
    'adminadmin root letmein letmeinplease welcome changeme changemenow qwerty qwertyuiop qwertyqwerty qwertz qwertzuiop asdfghjkl asdfghjklm ' +
    'yxcvbnm zxcvbnm iloveyou trustno nemocnice nemocnicenemocnice hospital zdravotnictvi doktor sestra sestricka ambulance zachranka pohotovost ' +
    'kardiologie chirurgie ordinace praha brno ostrava ceskarepublika slunicko monika martina veronika jaro leto podzim zima spring summer ' +
    'autumn winter january leden unor brezen duben kveten cerven cervenec srpen zari rijen listopad prosinec monday hsoc football sparta slavia'
  ).split(' '),
)

const rows = [
  'abcdefghijklmnopqrstuvwxyz',
  '01234567890123456789',
  'qwertyuiopasdfghjklzxcvbnm',
  'qwertzuiopasdfghjklyxcvbnm',
]

const plain = (text: string): string => text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase()

function isCommon(password: string): boolean {
  const text = plain(password)
  const word = text.replace(/^[^a-z]+|[^a-z]+$/g, '')
  if (commonest.has(text) || commonest.has(word)) return true
  if (/^(.{1,4}?)\1+.{0,3}$/s.test(text)) return true
  const backwards = [...text].reverse().join('')
  return rows.some((row) => row.includes(text) || row.includes(backwards))
}

export type Weakness = 'short' | 'long' | 'email' | 'common'

/** Why a password cannot be chosen, or null: too short, the person's own address, or one of those that are tried first. */
export function weaknessOf(password: string, email: string): Weakness | null {
  if ([...spelt(password)].length < shortest) return 'short'
  if (password.length > longest) return 'long'
  const text = plain(password)
  const address = plain(email)
  const local = address.split('@')[0] ?? address
  const bare = text.replace(/^[^a-z]+|[^a-z]+$/g, '')
  if (text.includes(address) || text === local || bare === local) return 'email'
  return isCommon(password) ? 'common' : null
}
