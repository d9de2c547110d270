/** Keys and types of the IDEA0 format (the Warden server's JSON schema, with patterns written for JavaScript). */
import { parseNet } from '../../values/address.ts'
import { timestampPattern } from './timestamp.ts'

interface Type {
  name: string
  ok: (value: unknown) => boolean
}

/** One key: its type, whether it is an array, and the keys inside when it holds objects. */
export interface Key {
  type: Type
  many: boolean
  inner: Shape | null
}

export type Shape = ReadonlyMap<string, Key>

function pattern(name: string, form: RegExp): Type {
  return { name, ok: (value) => typeof value === 'string' && form.test(value) }
}

const type = {
  Version: { name: 'must be IDEA0', ok: (value) => value === 'IDEA0' },
  ID: pattern('letters, digits, . _ -', /^[a-zA-Z0-9._-]+$/),
  Timestamp: pattern('Timestamp', timestampPattern),
  Duration: pattern('Duration', /^(?:[0-9]+[Dd])?[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]+)?$/),
  URI: pattern('URI', /^[a-zA-Z][a-zA-Z0-9+.-]*:[\][a-zA-Z0-9._~:/?#@*'&()+,;=%-]*$/),
  Net4: { name: 'Net4', ok: (value) => isNet(value, 4) },
  Net6: { name: 'Net6', ok: (value) => isNet(value, 6) },
  NSID: pattern('NSID', /^(?:[a-zA-Z0-9_][a-zA-Z0-9_-]*\.)*[a-zA-Z0-9_][a-zA-Z0-9_-]*$/),
  MAC: pattern('MAC', /^(?:[0-9A-Fa-f]{2}:){5}[0-9A-Fa-f]{2}$/),
  EventTag: pattern('category name, at most one dot', /^[a-zA-Z0-9_-]+(?:\.[a-zA-Z0-9_-]+)?$/),
  Tag: pattern('Tag', /^[a-zA-Z0-9_-]+$/),
  ProtocolName: pattern('ProtocolName', /^(?=[0-9-]*[a-zA-Z])[a-zA-Z0-9]+(?:-[a-zA-Z0-9]+)*$/),
  Handle: pattern('Handle', /^[a-zA-Z_][a-zA-Z0-9_]*$/),
  MediaType: pattern('MediaType', /^[a-zA-Z0-9_-]+\/[a-zA-Z0-9_+.-]+$/),
  Charset: pattern('Charset', /^[a-zA-Z0-9.:_()-]+$/),
  Encoding: { name: 'must be base64', ok: (value) => value === 'base64' },
  Integer: { name: 'Integer', ok: (value) => Number.isInteger(value) },
  Share: {
    name: 'number from 0 to 1',
    ok: (value) => typeof value === 'number' && value >= 0 && value <= 1,
  },
  Boolean: { name: 'Boolean', ok: (value) => typeof value === 'boolean' },
  string: { name: 'string', ok: (value) => typeof value === 'string' },
  object: {
    name: 'JSON object',
    ok: (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
  },
} satisfies Record<string, Type>

const one = (of: Type): Key => ({ type: of, many: false, inner: null })
const many = (of: Type): Key => ({ type: of, many: true, inner: null })
const objects = (inner: Shape): Key => ({ type: type.object, many: true, inner })

const end: Shape = new Map([
  ['Type', many(type.Tag)],
  ['Hostname', many(type.string)],
  ['IP4', many(type.Net4)],
  ['IP6', many(type.Net6)],
  ['MAC', many(type.MAC)],
  ['Port', many(type.Integer)],
  ['Proto', many(type.ProtocolName)],
  ['URL', many(type.string)],
  ['Email', many(type.string)],
  ['AttachHand', many(type.Handle)],
  ['Note', one(type.string)],
  ['Spoofed', one(type.Boolean)],
  ['Imprecise', one(type.Boolean)],
  ['Anonymised', one(type.Boolean)],
  ['ASN', many(type.Integer)],
  ['Router', many(type.string)],
  ['Netname', many(type.URI)],
  ['Ref', many(type.URI)],
])

const attach: Shape = new Map([
  ['Handle', one(type.Handle)],
  ['FileName', many(type.string)],
  ['Type', many(type.Tag)],
  ['Hash', many(type.URI)],
  ['Size', one(type.Integer)],
  ['Ref', many(type.URI)],
  ['Note', one(type.string)],
  ['ContentType', one(type.MediaType)],
  ['ContentCharset', one(type.Charset)],
  ['ContentEncoding', one(type.Encoding)],
  ['Content', one(type.string)],
  ['ContentID', many(type.string)],
  ['ExternalURI', many(type.URI)],
])

const node: Shape = new Map([
  ['Name', one(type.NSID)],
  ['Type', many(type.Tag)],
  ['SW', many(type.string)],
  ['AggrWin', one(type.Duration)],
  ['Note', one(type.string)],
])

export const idType = type.ID
export const uriType = type.URI
/** Without these four there is no event; errors name them in this order. */
export const mandatory = ['Format', 'ID', 'DetectTime', 'Category'] as const
const timeKeys = ['CreateTime', 'DetectTime', 'EventTime', 'CeaseTime', 'WinStartTime', 'WinEndTime'] as const
export const relationKeys = ['CorrelID', 'AggrID', 'PredID', 'RelID'] as const

/** The event itself; any other key, at every level, is allowed and kept. */
export const eventShape: Shape = new Map<string, Key>([
  ['Format', one(type.Version)],
  ['ID', one(type.ID)],
  ['AltNames', many(type.string)],
  ...relationKeys.map((key): [string, Key] => [key, many(type.ID)]),
  ...timeKeys.map((key): [string, Key] => [key, one(type.Timestamp)]),
  ['ConnCount', one(type.Integer)],
  ['FlowCount', one(type.Integer)],
  ['PacketCount', one(type.Integer)],
  ['ByteCount', one(type.Integer)],
  ['Category', many(type.EventTag)],
  ['Ref', many(type.URI)],
  ['Confidence', one(type.Share)],
  ['Description', one(type.string)],
  ['Note', one(type.string)],
  ['Source', objects(end)],
  ['Target', objects(end)],
  ['Attach', objects(attach)],
  ['Node', objects(node)],
])

/** Family as written: `::ffff:192.0.2.1` stands under IP6 though it means an IPv4 address. */
function isNet(value: unknown, v: 4 | 6): boolean {
  return typeof value === 'string' && value.includes(':') === (v === 6) && parseNet(value) !== null
}
