/** What a route states of itself, and what every request carries once it is known who asks. */
import type { FastifyInstance } from 'fastify'
import type { OpeningScope } from '../values/key-scopes.ts'
import type { Actor, Role } from './access.ts'
import type { T } from './i18n.ts'
import type { Session } from './sessions.ts'
import type { Reach } from './strength.ts'

/** Who may call a route, and which kind of object its parameters name (the refusal walk puts foreign ones there). */
export interface Access {
  who: 'anyone' | 'signed-in' | Role[]
  /** Parameter name -> kind of object. */
  objects?: Record<
    string,
    | 'warning'
    | 'written'
    | 'episode'
    | 'event'
    | 'sensor'
    | 'organisation'
    | 'source'
    | 'detection'
    | 'delivery'
    | 'mail_address'
    | 'push_device'
    | 'mail_key'
    | 'webhook'
    | 'short_reply'
    | 'rule'
    | 'announced_test'
    | 'person'
    | 'merging'
    | 'invitation'
    | 'api_key'
    | 'contact'
    | 'passkey'
    | 'recovery'
    | 'application'
    | 'glass'
    | 'site_page'
    | 'site_news'
    | 'site_occasion'
    | 'site_version'
    | 'training'
    | 'plan_goal'
    | 'plan_action'
    | 'claim'
    | 'held'
    | 'group'
    | 'group_seat'
    | 'group_invitation'
    | 'group_key'
    | 'duty'
    | 'duty_rule'
    | 'duty_change'
    | 'duty_feed'
    | 'asset'
    | 'asset_import'
    | 'advisory'
    | 'advisory_source'
    | 'advisory_document'
    | 'match'
    | 'match_asset'
    | 'csaf'
    | 'signing_key'
    | 'blocklist_device'
    | 'blocklist_exception'
    | 'blocklist_item'
    | 'blocklist_list'
    | 'blocklist_never'
    | 'heartbeat'
    | 'rollcall'
    | 'protected_window'
    | 'other'
  >
  /** Sessions that have yet to prove more, which may call it too; to all other routes their holder is a visitor. */
  reach?: Exclude<Reach, 'full'>[]
  /** Open to anyone, but who has begun to sign in is led on to what is still to be proved. */
  onward?: true
  /** A dangerous act: the holder has proved who they are within `freshMs`, or is asked to do so first. */
  fresh?: true
  /** `sensor`: proves itself with a certificate or a key; `token`: the path is the proof. Both are walked apart. */
  by?: 'session' | 'sensor' | 'token'
  /** The scope by which an API key may read it, for GET under /api/v1 alone; a route without one refuses every key. */
  key?: OpeningScope
  /** A form or body that is right, so that the walk's positive control can pass. */
  sample?: Record<string, unknown>
}

/** `own`: the reader's own, open now; `ours`: at the reader's organisation, open now; `unreviewed`: over, and judged by nobody in time. */
export interface Glass {
  kind: 'own' | 'ours' | 'unreviewed'
  id: number
  org: number
  organisation: string
  person: string
  /** Milliseconds since 1970. */
  endsAt: number
}

/** In the reader's words. */
export interface Call {
  title: string
  text: string
  href: string
  see: string
}

declare module 'fastify' {
  interface FastifyContextConfig {
    access?: Access
  }
  interface FastifyInstance {
    /** Every route with who may call it, as stated; the same list in each scope. */
    routed: Routed[]
  }
  interface FastifyRequest {
    session: Session | null
    /** Break-glass access that this reader has to know of, on every page. */
    glass: Glass[]
    /** Roll-calls that wait for an answer of this reader's organisations: what stands above every page. */
    calls: Call[]
    actor: Actor | null
    now: number
    t: T
    nonce: string
  }
}

export interface Routed {
  method: string
  url: string
  access: Access
}

export type App = FastifyInstance
