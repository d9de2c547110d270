/** What Nmap found (its XML output): services that it recognised by their answers, and operating systems it is sure of. */
import type { Kind } from '../asset.ts'
import { cpeOf, cpeWords } from '../cpe.ts'
import { type Read, take, Unreadable } from './line.ts'
import { record, records, textIn } from './xml.ts'

interface Thing {
  kind: Kind
  vendor: string
  product: string
  version: string
  cpe: string | null
  /** Where it was found. */
  places: string[]
  hosts: Set<string>
}

/** Per cent from which Nmap's own guess of an operating system counts. */
const sure = 95
const mostPlaces = 20

const networkTypes = new Set([
  'router',
  'switch',
  'firewall',
  'wap',
  'broadband router',
  'bridge',
  'load balancer',
])

/** `nmaprun`, the root of the document. Throws Unreadable. */
export function linesOfNmap(run: Record<string, unknown>): Read {
  const read: Read = { format: 'nmap', lines: [], refused: [] }
  const things = new Map<string, Thing>()
  const hosts = records(run.host)
  if (hosts.length === 0) throw new Unreadable('noHosts')
  for (const [at, host] of hosts.entries()) {
    if (textIn(record(host.status)['@state']) !== 'up') continue
    const address = addressOf(host) || `#${at + 1}`
    for (const port of records(record(host.ports).port)) takePort(things, port, address)
    takeSystem(read, things, host, address, at + 1)
  }
  let line = 0
  for (const thing of things.values()) {
    line += 1
    take(read, { line, id: null, ...linesOf(thing) })
  }
  return read
}

function linesOf({ kind, vendor, product, version, cpe, places, hosts }: Thing) {
  const shown = places.slice(0, mostPlaces).join(', ')
  const more = places.length > mostPlaces ? ` (+${places.length - mostPlaces})` : ''
  return {
    given: {
      ...{ product, quantity: String(hosts.size) },
      ...(vendor ? { vendor } : {}),
      ...(version ? { version } : {}),
      ...(cpe ? { cpe } : {}),
    },
    fresh: { kind, note: `Nmap: ${shown}${more}`.slice(0, 2_000) },
  }
}

function addressOf(host: Record<string, unknown>): string {
  const found = records(host.address).find((one) => ['ipv4', 'ipv6'].includes(textIn(one['@addrtype'])))
  return textIn(found?.['@addr'])
}

function takePort(things: Map<string, Thing>, port: Record<string, unknown>, address: string): void {
  const service = records(port.service)[0] ?? record(port.service)
  const product = textIn(service['@product'])
  // What Nmap only looked up by the port's number says nothing of what runs there.
  if (
    textIn(record(port.state)['@state']) !== 'open' ||
    product === '' ||
    textIn(service['@method']) === 'table'
  )
    return
  const cpe = cpeIn(service, 'a')
  note(
    things,
    {
      ...{ kind: 'service', product, version: textIn(service['@version']) },
      ...{ vendor: cpe ? cpeWords(cpe).vendor : '', cpe },
    },
    address,
    `${address}:${textIn(port['@portid'])}`,
  )
}

function takeSystem(
  read: Read,
  things: Map<string, Thing>,
  host: Record<string, unknown>,
  address: string,
  line: number,
): void {
  const [best] = records(record(host.os).osmatch)
  if (!best) return
  const [osClass] = records(best.osclass)
  if (Number(textIn(best['@accuracy'])) < sure || !osClass) {
    read.refused.push({
      line,
      what: `${address} ${textIn(best['@name'])}`.slice(0, 200),
      field: null,
      why: 'unsure',
    })
    return
  }
  const type = textIn(osClass['@type']).toLowerCase()
  note(
    things,
    {
      kind: networkTypes.has(type) ? 'network' : 'system',
      vendor: textIn(osClass['@vendor']),
      product: textIn(osClass['@osfamily']) || textIn(best['@name']),
      version: textIn(osClass['@osgen']),
      cpe: cpeIn(osClass, 'o'),
    },
    address,
    address,
  )
}

/** The first name of that part: `a` for applications, `o` for operating systems. */
function cpeIn(of: Record<string, unknown>, part: 'a' | 'o'): string | null {
  const all = [of.cpe].flat().map((one) => cpeOf(textIn(one)))
  return all.find((one) => one?.startsWith(`cpe:2.3:${part}:`)) ?? null
}

function note(
  things: Map<string, Thing>,
  one: Omit<Thing, 'places' | 'hosts'>,
  host: string,
  place: string,
): void {
  const key = [one.kind, one.vendor, one.product, one.version, one.cpe].join('\0')
  const thing = things.get(key) ?? { ...one, places: [], hosts: new Set() }
  thing.places.push(place)
  thing.hosts.add(host)
  things.set(key, thing)
}
