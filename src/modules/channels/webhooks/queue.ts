/** Deciding that the webhooks of an organisation are told: of a machine-made warning, of an answer, of a match. Of written ones `queue_written` decides. */
import type { Tx } from '../../../platform/database.ts'
import type { Notice } from '../notice.ts'

const detected: readonly Notice['kind'][] = ['new', 'update', 'relapse', 'exercise']

/** Once for each warning and step; what goes to somebody else than those at work is no news for a program. */
export async function queueDetected(tx: Tx, notice: Notice): Promise<void> {
  const { kind, topic, warning, org, severity, to, now } = notice
  if (org === null || to !== 'security' || !detected.includes(kind)) return
  await tx.query(
    `select queue_webhooks('detected', $1, $2, $3, $4, null, $5, '{}', to_timestamp($6 / 1000.0))`,
    [kind, `${topic} webhook`, org, warning, severity, now],
  )
}

export interface AnswerNews {
  org: number
  /** One of the two. */
  warning: number | null
  written: number | null
  severity: number
  answer: string
  counted: boolean
  via: string
}

/** In the transaction of the answer, as whoever gives it. */
export async function queueAnswer(tx: Tx, news: AnswerNews, now: number): Promise<void> {
  const { org, warning, written, severity, answer, counted, via } = news
  await tx.query('select queue_answer($1, $2, $3, $4, $5, $6, to_timestamp($7 / 1000.0))', [
    `answer ${warning ?? `written ${written}`} ${org} ${now} ${answer}`,
    org,
    warning,
    written,
    severity,
    { answer, counted, via },
    now,
  ])
}

export interface MatchNews {
  kind: 'new' | 'update'
  topic: string
  match: number
  org: number
  severity: number
}

/** At once whether or not people are told in the digest; of one that is gone `tellGone` decides. As the program. */
export async function queueMatchHook(
  tx: Tx,
  { kind, topic, match, org, severity }: MatchNews,
  now: number,
): Promise<void> {
  await tx.query('select queue_match_webhooks($1, $2, $3, $4, $5, to_timestamp($6 / 1000.0))', [
    kind,
    `${topic} webhook`,
    org,
    match,
    severity,
    now,
  ])
}
