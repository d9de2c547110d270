/** Signing in by a provider: judged, slowed down and recorded as every other way (../sign-in.ts). */
import type { Context } from '../../../platform/context.ts'
import { asEngine } from '../../../platform/database.ts'
import type { Provider } from '../../../platform/providers.ts'
import { seal } from '../../../platform/seal.ts'
import { hashToken, prove } from '../../../platform/sessions.ts'
import { spendChallenge } from '../challenges.ts'
import { beginAs, judge, type Refused, type SignedIn } from '../sign-in.ts'
import { release, signInBrakes } from '../slow-down.ts'
import { admission, admitted, type Doubt, type From, type Proved, type Way } from '../ways.ts'
import type { Said } from './claims.ts'
import type { Doors } from './doors.ts'
import type { Flow } from './flow.ts'
import { redeem, type Unredeemed } from './redeem.ts'
import { type Settled, settle } from './settle.ts'
import type { Reach } from './vouched.ts'

/** A browser that came back from a provider. */
export interface Back {
  provider: Provider
  flow: Flow
  /** The address to which the provider sent it. */
  url: URL
}

/** What a refusal was for, for the page: the provider has proved to its bearer who they are there. */
export type Why =
  | Extract<Doubt, 'used' | 'unlinked' | 'other-subject' | 'beyond' | 'groups'>
  | Unredeemed['refusal']
  | 'shut'

/** What the provider says of the bearer of the code, once. Throws Unavailable. */
export async function hear(
  context: Context,
  doors: Doors,
  { provider, flow, url }: Back,
  now: number,
): Promise<Said | { refusal: 'used' } | Unredeemed> {
  const configuration = await doors.open(provider, now)
  const isFirst = await asEngine(context.db, (tx) => spendChallenge(tx, flow.state, now))
  if (!isFirst) return { refusal: 'used' }
  const heard = await redeem(configuration, provider, flow, url)
  if ('refusal' in heard)
    context.log.warn(
      { error: String(heard.error), provider: provider.id },
      'an answer of a provider of sign-in was refused',
    )
  return heard
}

/** Whom the provider knows and we do not has guessed nothing: a hospital's people behind one address are not slowed down. */
async function unwelcome(
  context: Context,
  { flow }: Back,
  found: Found,
  from: From,
  now: number,
): Promise<{ why: Why }> {
  if (found.isHeard) {
    const brakes = signInBrakes(context.settings.secret, accountOf(flow), from.address)
    await asEngine(context.db, (tx) => release(tx, brakes, now))
  }
  return { why: found.why }
}

const accountOf = ({ state }: Flow): string => `provider ${state}`

/** What the way found out besides who it is. */
interface Found {
  why: Why
  /** The provider has proved who its bearer is. */
  isHeard?: true
  said?: Said
  link?: number
  reach?: Reach
}

const byProvider = (context: Context, doors: Doors, back: Back, found: Found): Way<Flow> => ({
  name: 'provider',
  accountOf,
  look: async (_, __, now) => async () => {
    const heard = await hear(context, doors, back, now)
    if ('refusal' in heard) {
      found.why = heard.refusal
      return { ok: false, person: null, doubt: heard.refusal === 'used' ? 'used' : 'provider' }
    }
    found.isHeard = true
    const settled = await asEngine(context.db, (tx) => settle(tx, back.provider, heard, now))
    if (!settled.ok) {
      found.why = settled.doubt as Why // settle names no others
      return settled
    }
    Object.assign(found, { said: heard, link: settled.link.id, reach: settled.reach })
    return standing(context, settled, heard, now)
  },
})

async function standing(
  context: Context,
  { link }: Extract<Settled, { ok: true }>,
  { isStrong }: Said,
  now: number,
): Promise<Proved> {
  const { rows } = await context.db.engine.query<{ id: number; disabled: boolean; engaged: boolean }>(
    `select ${admission} from people p where p.id = $1`,
    [link.person, new Date(now).toISOString()],
  )
  const [known] = rows
  if (!known) return { ok: false, person: null, doubt: 'unknown' }
  return admitted(known, isStrong ? 'provider-mfa' : 'provider')
}

/** A session as far as what was proved reaches, or why there is none. Throws Unavailable when the provider is away. */
export async function signInBy(
  context: Context,
  doors: Doors,
  back: Back,
  from: From,
  now: number,
): Promise<Extract<SignedIn, { token: string }> | { why: Why } | Extract<Refused, { refusal: 'slow-down' }>> {
  const found: Found = { why: 'shut' }
  const judged = await judge(context, byProvider(context, doors, back, found), back.flow, from, now)
  if ('refusal' in judged)
    return judged.refusal === 'wrong' ? unwelcome(context, back, found, from, now) : judged
  const { person, by } = judged
  return asEngine(context.db, async (tx) => {
    await release(tx, judged.brakes, now)
    const begun = await beginAs(tx, context, { person, ways: [by], by, from }, now)
    // Who was signed in there anyway has proved nothing just now.
    await prove(tx, hashToken(begun.token), Math.min(now, found.said?.authAt ?? 0))
    await tx.query(
      'insert into provider_sessions (token_hash, link_id, orgs, central, sid, id_token) values ($1, $2, $3, $4, $5, $6)',
      [
        hashToken(begun.token),
        found.link,
        [...(found.reach?.orgs.keys() ?? [])],
        found.reach?.central != null,
        found.said?.sid,
        seal(context.settings.secret, found.said?.idToken ?? ''),
      ],
    )
    return begun
  })
}
