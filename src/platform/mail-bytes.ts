/** What a mail is, and its bytes where its body is made elsewhere, signed or encrypted: of one part, and of the whole message around such parts. */

/** A multipart body: its type with all parameters but the boundary, and each part as the bytes of a MIME entity. */
export interface Entity {
  type: string
  parts: Buffer[]
}

export interface MailFields {
  to: { name?: string; address: string }
  subject: string
  /** With angle brackets; the same for every try of one mail, so that mail programs show a second copy once. */
  messageId: string
  /** Milliseconds since 1970. */
  date: number
  /** Further fields by their names; values are one line each. */
  headers: Record<string, string>
  /** Message-IDs of earlier mails about the same thing, oldest first. */
  references?: string[]
  /** To whom a server that cannot deliver it returns it; without one to the sender. */
  returnPath?: string
}

/** What it says: text and HTML, or a body made elsewhere, signed or encrypted. */
export type Mail = MailFields & ({ text: string; html: string } | { entity: Entity })

const lineLength = 900

/** A field that the library leaves as it is, and folds at blanks where it is too long for one line. */
export const preparedField = (value: string): object => ({
  prepared: true,
  foldLines: value.length > lineLength,
  value,
})

type Node = InstanceType<typeof import('nodemailer/lib/mime-node').default>

async function nodeOf(type: string): Promise<Node> {
  const { default: MimeNode } = await import('nodemailer/lib/mime-node')
  return new MimeNode(type, { textEncoding: 'Q' })
}

function putFields(node: Node, mail: MailFields, from: string): void {
  const references = mail.references ?? []
  node.setHeader({
    From: from,
    To: { name: mail.to.name ?? '', address: mail.to.address } as never, // the types know addresses as text alone
    Subject: mail.subject,
    'Message-ID': mail.messageId,
    Date: new Date(mail.date).toUTCString().replace(/GMT$/, '+0000'),
    ...(references.length > 0 ? { 'In-Reply-To': references.at(-1), References: references.join(' ') } : {}),
  } as Record<string, string>)
}

/** The whole message, as it is handed over. */
export async function wholeOf(mail: MailFields & { entity: Entity }, from: string): Promise<Buffer> {
  const root = await nodeOf(mail.entity.type)
  putFields(root, mail, from)
  for (const [name, value] of Object.entries(mail.headers))
    root.setHeader(name, preparedField(value) as never) // the types know values as text alone
  for (const part of mail.entity.parts) root.createChild('application/octet-stream').setRaw(part)
  return root.build()
}

/**
 * Text and HTML as one entity with the fields of the mail inside, where an encrypted mail's true subject stands. Seven bits, lines that end
 * in CRLF and in no blank (RFC 3156, 3), so that a relay has nothing to mend.
 */
export async function partOf(mail: Extract<Mail, { text: string }>, from: string): Promise<Buffer> {
  const root = await nodeOf('multipart/alternative; protected-headers="v1"')
  putFields(root, mail, from)
  for (const [type, content] of [
    ['text/plain; charset=utf-8', mail.text],
    ['text/html; charset=utf-8', mail.html],
  ] as const) {
    const child = root.createChild(type)
    child.setHeader('Content-Transfer-Encoding', 'quoted-printable')
    child.setContent(content)
  }
  const built = await root.build()
  return Buffer.from(built.toString('latin1').replace(/\r?\n/g, '\r\n'), 'latin1')
}
