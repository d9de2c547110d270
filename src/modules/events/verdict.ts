/** What the perimeter did with it: dropped, passed, partly. The first place that says so decides and is remembered. */
import { type Idea, type VerdictCode, verdicts } from './event.ts'

export interface Verdict {
  verdict: VerdictCode
  /** Share dropped in millionths: 1000000 for dropped, the share of a partial verdict if it was told, else 0. */
  shareMicro: number
  /** Key it was read from, `sender default`, or null when nothing told it. */
  carrier: string | null
}

type VerdictName = (typeof verdicts)[number]

const unknown = 0
const dropped = 1
const passed = 2
const partial = 3
const whole = 1_000_000
const untold: Verdict = { verdict: unknown, shareMicro: 0, carrier: null }

const counters = [
  ['FlowCountDropped', 'FlowCount'],
  ['PacketCountDropped', 'PacketCount'],
  ['ByteCountDropped', 'ByteCount'],
] as const

/**
 * Looks, in this order, at our own block, at counters of dropped traffic, at a traffic sample in an attachment and at
 * what the coordinator set for the sensor. Nothing found is `unknown`, which is neither dropped nor passed.
 */
export function readVerdict(idea: Idea, senderDefault: VerdictCode = unknown): Verdict {
  return (
    ownVerdict(idea._HSOC) ??
    counted(idea) ??
    sampled(idea.Attach) ??
    (senderDefault === unknown ? untold : plain(senderDefault, 'sender default'))
  )
}

function plain(verdict: VerdictCode, carrier: string): Verdict {
  return { verdict, shareMicro: verdict === dropped ? whole : 0, carrier }
}

/** A partial verdict holds at least a millionth of either part, so that it never reads as all or nothing. */
function shared(share: number, carrier: string): Verdict {
  const micro = Math.round(share * whole)
  return { verdict: partial, shareMicro: Math.min(Math.max(micro, 1), whole - 1), carrier }
}

function ownVerdict(block: unknown): Verdict | null {
  if (typeof block !== 'object' || block === null) return null
  const { Verdict: word, DroppedShare: share } = block as Idea
  const code = typeof word === 'string' ? verdicts.indexOf(word.toLowerCase() as VerdictName) : -1
  if (code < 0) return null
  const isShare = typeof share === 'number' && share >= 0 && share <= 1
  return code === partial && isShare
    ? shared(share, '_HSOC.Verdict')
    : plain(code as VerdictCode, '_HSOC.Verdict')
}

function counted(idea: Idea): Verdict | null {
  for (const [key, totalKey] of counters) {
    const lost = idea[key]
    if (typeof lost !== 'number' || !(lost >= 0)) continue
    const total = idea[totalKey]
    if (typeof total !== 'number' || !(total > 0)) return plain(lost > 0 ? dropped : unknown, key)
    if (lost === 0) return plain(passed, key)
    return lost >= total ? plain(dropped, key) : shared(lost / total, key)
  }
  return null
}

function sampled(attachments: unknown): Verdict | null {
  if (!Array.isArray(attachments)) return null
  for (const attachment of attachments) {
    const text: unknown = attachment?.Content
    if (typeof text === 'string' && /^\s*(?:Forwarded|Dropped):/.test(text)) {
      const verdict = readSample(text)
      if (verdict) return verdict
    }
  }
  return null
}

/** Every line begins with `Forwarded:` or `Dropped:`; any other line makes it something else than a sample. */
function readSample(text: string): Verdict | null {
  let lines = 0
  let lost = 0
  for (const line of text.split('\n')) {
    const word = /^\s*(?:(Forwarded|Dropped):|$)/.exec(line)
    if (!word) return null
    if (word[1]) lines++
    if (word[1] === 'Dropped') lost++
  }
  if (lost === 0) return plain(passed, 'Attach.Content')
  return lost === lines ? plain(dropped, 'Attach.Content') : shared(lost / lines, 'Attach.Content')
}
