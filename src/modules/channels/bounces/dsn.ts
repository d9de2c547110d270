/**
 * What a returned mail says: reports of RFC 3464, and the dialects of servers that write a text of their own. Whose mail it was is
 * decided by the return path alone (`verp.ts`); nothing that stands in here is believed about that.
 */
import type { ParsedMail } from 'mailparser'
import { oneLine } from '../../../platform/mail.ts'
import { type Judged, judge } from './judge.ts'

/**
 * `hard`: there is no such mailbox. `soft`: not now, or full. `policy`: our message was not liked, which says nothing of the address.
 * `delayed`: still being tried. `delivered`: a receipt. `complaint`: the reader's provider passes on that it was called spam.
 * `automatic`: an answer by a program, absence for example. `other`: no return at all.
 */
export type BounceKind = Judged | 'delayed' | 'delivered' | 'complaint' | 'automatic' | 'other'

export interface Bounce {
  kind: BounceKind
  /** RFC 3463, `5.1.1`; null where nothing said one. */
  status: string | null
  /** What the other server said, one line. */
  said: string
}

/** A returned mail holds ours at most twice; what is behind this is never needed. */
const mostBytes = 262_144
// Without it the library glues reports into the text; its types do not know the option.
const keepReports = { keepDeliveryStatus: true }
const mostText = 20_000
const mostSaid = 300

/** Reads a returned mail of any size; never throws. */
export async function readBounce(raw: Buffer): Promise<Bounce> {
  // Large, and needed only when a mail comes back.
  const { simpleParser } = await import('mailparser')
  const mail = await simpleParser(raw.subarray(0, mostBytes), {
    skipImageLinks: true,
    skipTextLinks: true,
    ...keepReports,
  }).catch(() => null)
  if (!mail) return { kind: 'other', status: null, said: '' }
  const parts = mail.attachments.filter(({ contentType }) => contentType === 'message/delivery-status')
  if (typeOf(mail).includes('feedback-report'))
    return { kind: 'complaint', status: null, said: subjectOf(mail) }
  const human = humanText(mail)
  for (const part of parts) {
    const found = readReport(part.content.subarray(0, mostText).toString('utf8'), human)
    if (found) return found
  }
  return readText(mail, human, parts.length > 0)
}

const typeOf = (mail: ParsedMail): string => {
  const type = mail.headers.get('content-type')
  return typeof type === 'object' && 'params' in type
    ? `${type.value} ${Object.values(type.params).join(' ')}`.toLowerCase()
    : ''
}

const subjectOf = (mail: ParsedMail): string => oneLine(mail.subject ?? '', mostSaid)

// The returned mail itself begins here: what it says of spam or of full disks is our own text.
const returned =
  /^(?:.{0,80}(?:original (?:message|mail)|copy of (?:the|your) message|message headers? follows?|unsent message|returned message|below this line)|received: |return-path: )/im

/** What the other server wrote, without the mail that it returned. */
function humanText(mail: ParsedMail): string {
  const text = (mail.text ?? '').slice(0, mostText).replace(/\r\n?/g, '\n')
  const cut = text.search(returned)
  return (cut > 0 ? text.slice(0, cut) : text).replace(/^\s*subject:.*$/gim, '')
}

/** The fields of one block of a report, by their names in lower case; folded lines are joined. */
function fieldsOf(block: string): Map<string, string> {
  const fields = new Map<string, string>()
  for (const line of block.replace(/\n[ \t]+/g, ' ').split('\n')) {
    const at = line.indexOf(':')
    const name = line.slice(0, at).trim().toLowerCase()
    if (at > 0 && !fields.has(name)) fields.set(name, line.slice(at + 1).trim())
  }
  return fields
}

/** The first recipient of a report that says anything; a report is about one mail of ours, which had one recipient. */
function readReport(report: string, human: string): Bounce | null {
  for (const block of report.replace(/\r\n?/g, '\n').split(/\n\s*\n/)) {
    const fields = fieldsOf(block)
    const action = fields.get('action')?.toLowerCase() ?? ''
    const status = /^\s*([245]\.\d{1,3}\.\d{1,3})/.exec(fields.get('status') ?? '')?.[1] ?? null
    const said = fields.get('diagnostic-code')?.replace(/^[\w-]+\s*;\s*/, '') ?? ''
    if (action === '' && status === null) continue
    const shown = oneLine(said || human, mostSaid)
    if (action.startsWith('delayed')) return { kind: 'delayed', status, said: shown }
    if (/^(?:delivered|relayed|expanded)/.test(action) || (action === '' && status?.startsWith('2')))
      return { kind: 'delivered', status, said: shown }
    const judged = judge(status, said || human, human)
    return { ...judged, said: shown }
  }
  return null
}

const returner =
  /mailer.?daemon|post_?master|mail delivery|mail deliver system|system administrator|message transfer agent/i
const returnedSubject =
  /undeliver|returned mail|delivery (?:status|fail|report|notif)|failure notice|fail(?:ed|ure).{0,20}deliver|could not be delivered|not delivered|not be sent|error sending your mail|delivery has failed/i

/** A text of its own: whether it is a return at all stands in who sent it and as what. */
function readText(mail: ParsedMail, human: string, isReport: boolean): Bounce {
  const from = mail.headers.has('from') ? (mail.from?.text ?? '') : ''
  const isReturn =
    isReport ||
    typeOf(mail).includes('delivery-status') ||
    from.replace(/[<>\s]/g, '') === '' ||
    returner.test(from) ||
    returnedSubject.test(mail.subject ?? '') ||
    mail.headers.has('x-failed-recipients')
  if (isReturn) {
    const judged = judge(null, human, human)
    return { ...judged, said: oneLine(tellingLine(human), mostSaid) }
  }
  const automatic = String(mail.headers.get('auto-submitted') ?? 'no').toLowerCase()
  return { kind: automatic.startsWith('no') ? 'other' : 'automatic', status: null, said: subjectOf(mail) }
}

/** The line with a code, else the whole. */
const tellingLine = (human: string): string =>
  human.split('\n').find((line) => /\b[45]\d\d[ -]|\b[45]\.\d{1,3}\.\d{1,3}\b/.test(line)) ?? human
