/** What may be set of the door by which a gateway posts receipts and replies. */
import { z } from 'zod'

/** Under which names a gateway says what. Each is a list: the first that is there counts; `a.b` is `b` inside of `a`. */
export interface BackFields {
  /** The provider's name of a message or of a reply. */
  id: string[]
  /** Our own number of the message, which `{id}` put into what we sent; none where it is not said back. */
  reference: string[]
  state: string[]
  from: string[]
  text: string[]
  /** Where several come at once: the list of them. */
  items: string[]
  /** Further words for a message that arrived, and for one that will not. */
  delivered: string[]
  failed: string[]
}

export interface SmsBack {
  key: string
  fields: BackFields
}

/** As those gateways name them whose descriptions are public. */
const usual: BackFields = {
  id: ['id', 'message_id', 'messageId', 'message-id', 'MessageSid', 'sms_id', 'msgid'],
  reference: [],
  state: ['state', 'status', 'status.groupName', 'MessageStatus', 'dlr_status', 'stat'],
  from: ['from', 'From', 'sender', 'msisdn', 'number', 'phone'],
  text: ['text', 'Text', 'message', 'cleanText', 'Body', 'body', 'content'],
  items: ['results', 'messages'],
  delivered: [],
  failed: [],
}

const named = Object.keys(usual) as (keyof BackFields)[]
const said = z.strictObject(
  Object.fromEntries(named.map((name) => [name, z.string().max(500).optional()])) as Record<
    keyof BackFields,
    z.ZodOptional<z.ZodString>
  >,
)

function fieldsIn(text: string): BackFields | null {
  try {
    const given = said.parse(JSON.parse(text))
    const words = (name: keyof BackFields): string[] =>
      given[name] === undefined ? usual[name] : (given[name].match(/\S+/g) ?? [])
    return {
      id: words('id'),
      reference: words('reference'),
      state: words('state'),
      from: words('from'),
      text: words('text'),
      items: words('items'),
      delivered: words('delivered'),
      failed: words('failed'),
    }
  } catch {
    return null
  }
}

/** Every sentence follows the name of the key and says what to do. */
export const smsBackSettings = {
  HSOC_SMS_BACK_KEY: z
    .string()
    .regex(
      /^(?!hsk_)[\w.~-]{24,200}$/,
      'is not a key for a gateway: write 24 to 200 random letters, digits, dots, dashes or underscores',
    )
    .optional(),
  HSOC_SMS_BACK_FIELDS: z
    .string()
    .refine(
      (text) => fieldsIn(text) !== null,
      `is not a JSON object like {"id": "sms_id", "state": "result"}; known are ${named.join(', ')}`,
    )
    .optional(),
}

export const smsBackIn = (key: string | undefined, fields: string | undefined): SmsBack | null =>
  key ? { key, fields: fieldsIn(fields ?? '{}') ?? usual } : null
