/** What a status and a sentence of a mail server say of the address. Rules are tables; the first that fits decides. */

export type Judged = 'hard' | 'soft' | 'policy'

interface Rule {
  kind: Judged
  /** RFC 3463 codes. */
  status: RegExp
  words: RegExp
}

/**
 * Refusals for what the message is, or for who sends it, never count against an address: lists have lost members over other
 * people's DMARC. A full mailbox is 5.2.2 by many servers, and empties again.
 */
const rules: Rule[] = [
  {
    kind: 'policy',
    status: /^[45]\.(?:7\.\d+|3\.4|2\.3)$/,
    words:
      /dmarc|\bdkim\b|\bspf\b|\bspam\b|spamhaus|bulk email|message content|policy|\bblacklist|block ?list|reputation|message too (?:large|big)|size limit|(?:exceeds|maximum).{0,20} size|network not allowed|sender (?:was )?rejected|\bvirus\b/i,
  },
  {
    kind: 'soft',
    status: /^[45]\.2\.2$/,
    words:
      /mailbox (?:is )?full|mail ?folder is full|over ?quota|quota exceeded|disk space|insufficient (?:system )?storage/i,
  },
  {
    kind: 'hard',
    status: /^5\.1\.\d+$/,
    words:
      /user unknown|unknown (?:user|recipient|address)|no such (?:user|address|mailbox|recipient)|no mailbox|not listed in|not recognized|(?:could ?n.t be|not) found|does(?:n.t| not) (?:exist|have a)|no longer (?:valid|exists|in use)|mailbox (?:is )?(?:unavailable|frozen|disabled|inactive)|account.{0,40} (?:disabled|closed)|invalid (?:recipient|mailbox)/i,
  },
  {
    kind: 'soft',
    status: /^4\.\d+\.\d+$/,
    words: /timed? ?out|unable to connect|connection refused|deferred|unavailable|try again|temporar/i,
  },
]

const statusIn = (text: string): string | null =>
  /(?<![\d.])([45]\.\d{1,3}\.\d{1,3})(?![\d.])/.exec(text)?.[1] ?? null

/** `x.0.0` says nothing but whether it is for good. */
const isVague = (status: string | null): boolean => status === null || /^\d\.0\.0$/.test(status)

/**
 * Judges what one server said: the code of its report (null without one), its own sentence, and the whole text around it. What
 * nobody understands is soft: it came back, and that is all one knows.
 */
export function judge(
  reported: string | null,
  said: string,
  around: string = said,
): { kind: Judged; status: string | null } {
  const inWords = statusIn(said)
  const status = isVague(reported) ? (inWords ?? reported) : reported
  // A server that spells out its reason is more exact than one that has only a code for it.
  const byWords = rules.find((rule) => rule.words.test(said))
  const byStatus = isVague(status) ? undefined : rules.find((rule) => rule.status.test(status ?? ''))
  const policy = [byStatus, byWords].find((rule) => rule?.kind === 'policy')
  const rule = policy ?? byStatus ?? byWords
  if (rule) return { kind: rule.kind, status }
  return { kind: isForGood(status, said, around) ? 'hard' : 'soft', status }
}

const isForGood = (status: string | null, said: string, around: string): boolean => {
  if (!isVague(status)) return status?.startsWith('5') ?? false
  const reply = /(?<![\d.])([45])\d\d[ -]/.exec(said)?.[1] ?? /(?<![\d.])([45])\d\d [^\d]/.exec(around)?.[1]
  return (reply ?? status?.[0]) === '5'
}
