/** As much of a mail as it takes to show one of ours: its subject, its text and its HTML. */

export interface ReadMail {
  subject: string
  from: string
  to: string
  date: string
  text: string | null
  html: string | null
}

interface Part {
  headers: Map<string, string>
  body: string
}

/** `raw` as received, latin1 so that each character is a byte. */
export function readMail(raw: string): ReadMail {
  const whole = split(raw)
  const parts = leaves(whole)
  const of = (type: string): string | null => {
    const part = parts.find((one) =>
      (one.headers.get('content-type') ?? 'text/plain').toLowerCase().startsWith(type),
    )
    return part ? decoded(part) : null
  }
  const header = (name: string): string => words(whole.headers.get(name) ?? '')
  return {
    subject: header('subject'),
    from: header('from'),
    to: header('to'),
    date: header('date'),
    text: of('text/plain'),
    html: of('text/html'),
  }
}

function split(raw: string): Part {
  const at = raw.search(/\r?\n\r?\n/)
  const head = at < 0 ? raw : raw.slice(0, at)
  const headers = new Map<string, string>()
  for (const line of head.replace(/\r?\n[ \t]+/g, ' ').split(/\r?\n/)) {
    const [, name, value] = /^([!-9;-~]+):\s*(.*)$/.exec(line) ?? []
    if (name !== undefined && value !== undefined) headers.set(name.toLowerCase(), value)
  }
  return { headers, body: at < 0 ? '' : raw.slice(at).replace(/^\r?\n\r?\n/, '') }
}

function leaves(part: Part, depth = 0): Part[] {
  const type = part.headers.get('content-type') ?? ''
  const boundary = /boundary="?([^";]+)"?/i.exec(type)?.[1]
  if (!/^multipart\//i.test(type) || boundary === undefined || depth > 5) return [part]
  const pieces = `\n${part.body}`.split(`\n--${boundary}`).slice(1)
  return pieces
    .filter((piece) => !piece.startsWith('--'))
    .flatMap((piece) => leaves(split(piece.replace(/^[ \t]*\r?\n/, '')), depth + 1))
}

function decoded({ headers, body }: Part): string {
  const encoding = (headers.get('content-transfer-encoding') ?? '').toLowerCase()
  if (encoding === 'base64') return Buffer.from(body, 'base64').toString('utf8')
  if (encoding === 'quoted-printable') return quotedPrintable(body.replace(/=\r?\n/g, ''))
  return Buffer.from(body, 'latin1').toString('utf8')
}

const quotedPrintable = (text: string): string =>
  Buffer.from(
    text.replace(/=([0-9A-F]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
    'latin1',
  ).toString('utf8')

/** Encoded words of headers (RFC 2047), UTF-8 only: we write no others. */
const words = (text: string): string =>
  text
    .replace(/\?=\s+=\?/g, '?==?')
    .replace(/=\?utf-8\?([bq])\?([^?]*)\?=/gi, (_, kind: string, content: string) =>
      kind.toLowerCase() === 'b'
        ? Buffer.from(content, 'base64').toString('latin1')
        : Buffer.from(quotedPrintable(content.replaceAll('_', ' ')), 'utf8').toString('latin1'),
    )
    .replace(/[\u0080-\u00ff]+/g, (bytes) => Buffer.from(bytes, 'latin1').toString('utf8'))
