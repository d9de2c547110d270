/** Passkeys (WebAuthn): added by who is signed in, and then a way to sign in without typing anything. */
import type {
  AuthenticationResponseJSON,
  PublicKeyCredentialCreationOptionsJSON,
  PublicKeyCredentialRequestOptionsJSON,
  RegistrationResponseJSON,
} from '@simplewebauthn/server'
import { record } from '../../platform/audit.ts'
import type { Context, Settings } from '../../platform/context.ts'
import { asEngine, type Queryable, type Tx } from '../../platform/database.ts'
import { Invalid, NotFound, WrongState } from '../../platform/errors.ts'
import type { Session } from '../../platform/sessions.ts'
import { person as personScope } from '../../values/scopes.ts'
import { challengeMs, isChallenge, makeChallenge, spendChallenge } from './challenges.ts'
import { forgetNeedlessCodes, requireAnother, tell } from './means.ts'
import { strengthen } from './sign-in.ts'
import { admission, admitted, type From, type Proved, type Way } from './ways.ts'

/** Read at its first use: processes that let nobody in need none of its 28 MB. */
const webauthn = (): Promise<typeof import('@simplewebauthn/server')> => import('@simplewebauthn/server')

/** EdDSA, ES256, RS256 (COSE): what devices make today. */
const algorithms = [-8, -7, -257]

/** Of a passkey's name. */
export const longestName = 60

/** Nobody needs more, and each is a row. */
const mostKept = 20

/** For whom passkeys are and where they may be used; null where browsers offer none: at a number, or without TLS from elsewhere. */
export function partyOf({ baseUrl }: Pick<Settings, 'baseUrl'>): { rpID: string; origin: string } | null {
  const { hostname, origin, protocol } = new URL(baseUrl)
  // WebAuthn 5.1.3: the effective domain must be a domain, and the context a secure one.
  const isNumber = /^[\d.]+$|^\[/.test(hostname)
  const isSecure = protocol === 'https:' || hostname === 'localhost' || hostname.endsWith('.localhost')
  return isNumber || !isSecure ? null : { rpID: hostname, origin }
}

function requireParty(settings: Settings): { rpID: string; origin: string } {
  const party = partyOf(settings)
  if (!party) throw new WrongState('Passkeys need HTTPS at an address that is a name, not a number.')
  return party
}

/** What a browser hands to a device that is to make a passkey. */
export async function optionsToAdd(
  context: Context,
  session: Session,
  now: number,
): Promise<PublicKeyCredentialCreationOptionsJSON> {
  const { settings, db } = context
  const { person, email, name } = session.actor
  const { rpID } = requireParty(settings)
  const known = await asEngine(db, (tx) =>
    tx.query<{ id: string }>('select credential_id as id from passkeys where person_id = $1', [person]),
  )
  return (await webauthn()).generateRegistrationOptions({
    rpName: 'hSOC',
    rpID,
    userName: email,
    userDisplayName: name,
    userID: Buffer.from(`person ${person}`),
    challenge: makeChallenge(settings.secret, `add ${person}`, now),
    timeout: challengeMs,
    attestationType: 'none',
    excludeCredentials: known.rows,
    supportedAlgorithmIDs: algorithms,
    authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
  })
}

/** The same for a device that is to use one: whose it is we learn from its answer, so nothing here tells of any account. */
export const optionsToSignIn = async (
  settings: Settings,
  now: number,
): Promise<PublicKeyCredentialRequestOptionsJSON> =>
  (await webauthn()).generateAuthenticationOptions({
    rpID: requireParty(settings).rpID,
    challenge: makeChallenge(settings.secret, 'sign-in', now),
    timeout: challengeMs,
    userVerification: 'required',
  })

/** The challenge that an answer was made for; empty where the answer is no answer. */
function challengeIn(response: { response: { clientDataJSON: string } }): string {
  try {
    const data = JSON.parse(Buffer.from(response.response.clientDataJSON, 'base64url').toString('utf8'))
    return typeof data?.challenge === 'string' ? data.challenge : ''
  } catch {
    return ''
  }
}

/**
 * Keeps a new passkey under a name; the session is as strong as that. Answers its new token. Throws WrongState when the
 * challenge is over, was used or is not ours, or there are too many; Invalid when the answer does not hold.
 */
export async function addPasskey(
  context: Context,
  session: Session,
  given: { name: string; response: RegistrationResponseJSON } & From,
  now: number,
): Promise<string> {
  const { person } = session.actor
  const challenge = challengeIn(given.response)
  if (!isChallenge(context.settings, `add ${person}`, challenge, now))
    throw new WrongState('Begin again: the time for adding the passkey is over.')
  const { rpID, origin } = requireParty(context.settings)
  const { verifyRegistrationResponse } = await webauthn()
  const checked = await verifyRegistrationResponse({
    response: given.response,
    expectedChallenge: challenge,
    expectedOrigin: origin,
    expectedRPID: rpID,
    requireUserVerification: true,
    supportedAlgorithmIDs: algorithms,
  }).catch(() => null)
  if (!checked?.verified) throw new Invalid('The passkey could not be checked.', { response: 'passkey' })
  const { credential, credentialBackedUp: backedUp } = checked.registrationInfo
  return asEngine(context.db, async (tx) => {
    if (!(await spendChallenge(tx, challenge, now)))
      throw new WrongState('Begin again: this passkey was added just now.')
    await keep(tx, { person, name: given.name, credential, backedUp }, now)
    await tell(tx, { verb: 'add-passkey', person, by: session.actor, detail: { name: given.name } }, now)
    return strengthen(tx, session, 'passkey', given, now)
  })
}

interface Kept {
  person: number
  name: string
  backedUp: boolean
  credential: { id: string; publicKey: Uint8Array; counter: number; transports?: string[] }
}

async function keep(tx: Tx, { person, name, backedUp, credential }: Kept, now: number): Promise<void> {
  const { rowCount } = await tx.query(
    `insert into passkeys (person_id, credential_id, public_key, counter, transports, name, backed_up, created_at)
     select $1, $2, $3, $4, $5, $6, $7, $8 where (select count(*) from passkeys where person_id = $1) < $9
     on conflict (credential_id) do nothing`,
    [
      person,
      credential.id,
      Buffer.from(credential.publicKey),
      credential.counter,
      credential.transports ?? [],
      name,
      backedUp,
      new Date(now).toISOString(),
      mostKept,
    ],
  )
  if (!rowCount) throw new WrongState(`This passkey is known already, or there are ${mostKept} of them.`)
}

/** Throws NotFound for somebody else's, WrongState for the last second factor of somebody who must have one. */
export async function removePasskey(
  context: Context,
  session: Session,
  id: number,
  now: number,
): Promise<void> {
  const { person } = session.actor
  await asEngine(context.db, async (tx) => {
    const { rows } = await tx.query<{ name: string }>(
      'select name from passkeys where id = $1 and person_id = $2',
      [id, person],
    )
    const [found] = rows
    if (!found) throw new NotFound('There is no such passkey.')
    await requireAnother(tx, context.settings, session.actor)
    await tx.query('delete from passkeys where id = $1 and person_id = $2', [id, person])
    await forgetNeedlessCodes(tx, person)
    await tell(tx, { verb: 'remove-passkey', person, by: session.actor, detail: { name: found.name } }, now)
  })
}

/** What the person calls it from now on. Throws NotFound, Invalid (no name). */
export async function renamePasskey(
  context: Context,
  session: Session,
  { id, name }: { id: number; name: string },
  now: number,
): Promise<void> {
  const { person } = session.actor
  const wanted = name.replace(/\s+/g, ' ').trim()
  if (wanted === '' || wanted.length > longestName) throw new Invalid('Write a name.', { name: 'name' })
  await asEngine(context.db, async (tx) => {
    const { rowCount } = await tx.query('update passkeys set name = $3 where id = $1 and person_id = $2', [
      id,
      person,
      wanted,
    ])
    if (!rowCount) throw new NotFound('There is no such passkey.')
    await record(tx, {
      at: now,
      actor: session.actor,
      verb: 'members.rename-passkey',
      object: `person ${person}`,
      detail: { name: wanted },
      readers: [personScope(person)],
    })
  })
}

interface Known {
  id: number
  disabled: boolean
  engaged: boolean
  public_key: Buffer
  counter: string
}

/** A public key that nobody holds the other half of: what is checked when there is nothing to check against. */
const decoy = Buffer.from(
  'pQECAyYgASFYIOTExsVJ1qppiXOHGmMYrIrKY2QANJqXH5NE/dkNGiW0IlggYEZ8XTGBuwBNbHI6vTlsHpMPrmwMgEoAdE033ra9jmw=',
  'base64',
)

/** A passkey says itself whose it is. */
export const byPasskey = (settings: Settings): Way<AuthenticationResponseJSON> => ({
  name: 'passkey',
  accountOf: ({ id }) => `passkey ${id}`,
  look: (db, response, now) => lookAtPasskey(db, settings, response, now),
})

async function lookAtPasskey(
  db: Queryable,
  settings: Settings,
  response: AuthenticationResponseJSON,
  now: number,
): Promise<() => Promise<Proved>> {
  const { rows } = await db.query<Known>(
    `select ${admission}, k.public_key, k.counter from passkeys k join people p on p.id = k.person_id
     where k.credential_id = $1`,
    [response.id, new Date(now).toISOString()],
  )
  const [known] = rows
  return async () => {
    const counter = await counterOf(settings, response, known, now)
    if (!known) return { ok: false, person: null, doubt: 'unknown' }
    if (counter === null || !(await use(db, response, { known: known.counter, counter }, now)))
      return { ok: false, person: known.id, doubt: 'passkey' }
    return admitted(known, 'passkey')
  }
}

/** The count of signatures that the device tells, or null when its answer does not hold. */
async function counterOf(
  settings: Settings,
  response: AuthenticationResponseJSON,
  known: Known | undefined,
  now: number,
): Promise<number | null> {
  const party = partyOf(settings)
  if (!party) return null
  const { verifyAuthenticationResponse } = await webauthn()
  const checked = await verifyAuthenticationResponse({
    response,
    expectedChallenge: (challenge) => isChallenge(settings, 'sign-in', challenge, now),
    expectedOrigin: party.origin,
    expectedRPID: party.rpID,
    requireUserVerification: true,
    credential: {
      id: response.id,
      publicKey: new Uint8Array(known?.public_key ?? decoy),
      counter: Number(known?.counter ?? 0),
    },
  }).catch(() => null)
  return checked?.verified ? checked.authenticationInfo.newCounter : null
}

/** Uses the challenge up and moves the counter on; false when either was done meanwhile with the same answer. */
async function use(
  db: Queryable,
  response: AuthenticationResponseJSON,
  { known, counter }: { known: string; counter: number },
  now: number,
): Promise<boolean> {
  if (!(await spendChallenge(db, challengeIn(response), now))) return false
  const { rowCount } = await db.query(
    'update passkeys set counter = $2, used_at = $3 where credential_id = $1 and counter = $4',
    [response.id, counter, new Date(now).toISOString(), known],
  )
  return rowCount === 1
}
