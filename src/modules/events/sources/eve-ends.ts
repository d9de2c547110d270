/**
 * Who attacked whom in an EVE alert. `src_ip` is only the sender of the packet that matched; the answer of a server
 * may match as well as the question of a client.
 */
import { objectOf, type SensorFacts } from './adapter.ts'
import { addressOf, hostOf, type IdeaEnd, isInner, netOf, portOf, protosOf, uriOf } from './ends.ts'

type EveRecord = Record<string, unknown>

interface Side {
  address: string
  port: number | null
}

export interface EveEnds {
  Source: IdeaEnd[]
  Target?: IdeaEnd[]
}

/** Null when the record lacks one of its addresses or has one that cannot be read. */
export function endsOf(record: EveRecord, foreign: boolean, sensor: SensorFacts): EveEnds | null {
  const sides = orient(record, foreign, sensor)
  if (!sides) return null
  const { client, server } = sides
  const proto = protosOf(record.proto, record.app_proto)
  const Proto = proto.length > 0 ? { Proto: proto } : {}
  const first: IdeaEnd = { ...endOf(client), ...Proto }
  const second: IdeaEnd = { ...endOf(server), ...Proto }
  if (!foreign) return { Source: [first], Target: [{ ...second, ...namesOf(record) }] }
  const infected = { ...first, Type: ['Malware'] }
  const asked = queriedName(record)
  // the one who answers a DNS question is a resolver, often the hospital's own: the master is the name asked for
  if (asked) return { Source: [infected, { Hostname: [asked], Type: ['CC'] }], Target: [second] }
  return { Source: [infected, { ...second, ...namesOf(record), Type: ['CC'] }] }
}

/**
 * The first that decides: the infected host is the inside one · the flow tells who began it · the packet went to the
 * client · a low port answered a high one (only records of old versions, without a flow) · as written.
 */
function orient(
  record: EveRecord,
  foreign: boolean,
  sensor: SensorFacts,
): { client: Side; server: Side } | null {
  const source = sideOf(record.src_ip, record.src_port)
  const target = sideOf(record.dest_ip, record.dest_port)
  if (!source || !target) return null
  const asWritten = { client: source, server: target }
  const swapped = { client: target, server: source }
  const flow = objectOf(record.flow)
  const began = sideOf(flow?.src_ip, flow?.src_port)
  if (began) return byInitiator(began, sideOf(flow?.dest_ip, flow?.dest_port), asWritten)
  if (foreign) {
    const inside = sensor.inside ?? isInner
    if (inside(source.address) !== inside(target.address)) return inside(source.address) ? asWritten : swapped
  }
  if (record.direction === 'to_client') return swapped
  const answer =
    !flow && source.port !== null && target.port !== null && source.port < 1024 && target.port >= 1024
  return answer ? swapped : asWritten
}

function byInitiator(
  began: Side,
  other: Side | null,
  { client, server }: { client: Side; server: Side },
): { client: Side; server: Side } {
  if (other) return { client: began, server: other }
  const turned = began.address === server.address && began.address !== client.address
  return turned ? { client: server, server: client } : { client: began, server }
}

function sideOf(address: unknown, port: unknown): Side | null {
  const known = addressOf(address)
  return known ? { address: known, port: portOf(port) } : null
}

function endOf({ address, port }: Side): IdeaEnd {
  return { ...netOf(address), ...(port === null ? {} : { Port: [port] }) }
}

/** Host names and the URL that the client asked for: they belong to the server. */
function namesOf(record: EveRecord): IdeaEnd {
  const http = objectOf(record.http)
  const names = [http?.hostname, objectOf(record.tls)?.sni, queriedName(record)]
    .map(hostOf)
    .filter((name) => name !== null)
  const url = http ? urlOf(http) : null
  return {
    ...(names.length > 0 ? { Hostname: [...new Set(names)] } : {}),
    ...(url ? { URL: [url] } : {}),
  }
}

function urlOf(http: EveRecord): string | null {
  if (typeof http.url !== 'string') return null
  if (/^https?:\/\//i.test(http.url)) return uriOf(http.url)
  const address = addressOf(http.hostname)
  const host = hostOf(http.hostname) ?? (address?.includes(':') ? `[${address}]` : address)
  if (!host || !http.url.startsWith('/')) return null
  const port = portOf(http.http_port)
  return uriOf(`http://${host}${port === null || port === 80 ? '' : `:${port}`}${http.url}`)
}

/** The name in a DNS record of any EVE version: `dns.rrname`, `dns.query[0]`, `dns.queries[0]`, `dns.answer`. */
function queriedName(record: EveRecord): string | null {
  const dns = objectOf(record.dns)
  if (!dns) return null
  const lists = [dns.query, dns.queries].filter(Array.isArray)
  const first = lists.map((list) => objectOf(list[0])?.rrname)
  return (
    [dns.rrname, ...first, objectOf(dns.answer)?.rrname].map(hostOf).find((name) => name !== null) ?? null
  )
}
