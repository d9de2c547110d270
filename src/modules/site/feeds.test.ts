import { SaxesParser } from 'saxes'
import { describe, expect, it } from 'vitest'
import { tuesday } from '../../../test/harness.ts'
import { calendarOf } from './calendar.ts'
import { atomOf, type FeedEntry, sitemapOf } from './feeds.ts'
import { securityTxt } from './security-txt.ts'

interface Node {
  name: string
  attributes: Record<string, string>
  text: string
  children: Node[]
}

/** Reads XML strictly; throws where it is not well-formed. */
function parsed(xml: string): Node {
  const top: Node = { name: '', attributes: {}, text: '', children: [] }
  const open = [top]
  const parser = new SaxesParser({ xmlns: false })
  const last = () => open.at(-1) as Node
  parser.on('error', (error) => {
    throw error
  })
  parser.on('opentag', ({ name, attributes }) => {
    const node = { name, attributes: attributes as Record<string, string>, text: '', children: [] }
    last().children.push(node)
    open.push(node)
  })
  const add = (text: string) => {
    last().text += text
  }
  parser.on('text', add)
  parser.on('cdata', add)
  parser.on('closetag', () => open.pop())
  parser.write(xml).close()
  return top.children[0] as Node
}

const all = (node: Node, name: string): Node[] => node.children.filter((child) => child.name === name)
const rfc3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/

describe('an Atom feed', () => {
  const head = {
    title: 'hSOC: aktuality & <další>',
    lang: 'cs' as const,
    page: 'https://hsoc.example/cs/aktuality',
    self: 'https://hsoc.example/cs/aktuality.atom',
  }
  const entry = (n: number, over: Partial<FeedEntry> = {}): FeedEntry => ({
    id: `https://hsoc.example/cs/aktuality/${n}`,
    title: `Zpráva <b>${n}</b> & "spol."`,
    summary: 'a < b & c',
    content: '<p>text ]]&gt; ]]> konec</p>',
    link: `https://hsoc.example/cs/aktuality/${n}?a=1&b=2`,
    publishedAt: tuesday,
    updatedAt: tuesday + n,
    ...over,
  })

  // RFC 4287 4.1.1 and 4.1.2: what a feed and an entry must contain.
  it('has what RFC 4287 asks for', () => {
    const feed = parsed(atomOf(head, [entry(1), entry(2)]))
    expect(feed.name).toBe('feed')
    expect(feed.attributes).toEqual({ xmlns: 'http://www.w3.org/2005/Atom', 'xml:lang': 'cs' })
    for (const name of ['id', 'title', 'updated', 'author'])
      expect([name, all(feed, name).length]).toEqual([name, 1])
    expect(all(feed, 'id')[0]?.text).toBe(head.self)
    expect(all(feed, 'title')[0]?.text).toBe(head.title)
    expect(all(feed, 'updated')[0]?.text).toBe(new Date(tuesday + 2).toISOString())
    const links = all(feed, 'link').map(({ attributes }) => [attributes.rel, attributes.href])
    expect(links).toEqual([
      ['alternate', head.page],
      ['self', head.self],
    ])
    const entries = all(feed, 'entry')
    expect(entries.length).toBe(2)
    for (const one of entries) {
      for (const name of ['id', 'title', 'updated']) expect([name, all(one, name).length]).toEqual([name, 1])
      expect(all(one, 'updated')[0]?.text).toMatch(rfc3339)
      expect(all(one, 'published')[0]?.text).toMatch(rfc3339)
    }
    expect(new Set(entries.map((one) => all(one, 'id')[0]?.text)).size).toBe(2)
  })

  it('keeps text as text, whatever is in it', () => {
    const [one] = all(parsed(atomOf(head, [entry(1)])), 'entry')
    const title = one && all(one, 'title')[0]
    expect(title?.attributes.type).toBe('html')
    expect(title?.text).toBe('Zpráva &lt;b&gt;1&lt;/b&gt; &amp; &quot;spol.&quot;')
    expect(one && all(one, 'content')[0]?.text).toBe('<p>text ]]&gt; ]]> konec</p>')
    expect(one && all(one, 'link')[0]?.attributes.href).toBe('https://hsoc.example/cs/aktuality/1?a=1&b=2')
  })

  it('is valid without entries', () => {
    const feed = parsed(atomOf(head, []))
    expect(all(feed, 'updated')[0]?.text).toBe('1970-01-01T00:00:00.000Z')
  })
})

describe('the map of the site', () => {
  it('is well-formed and escapes addresses', () => {
    const addresses = { cs: 'https://hsoc.example/cs?a=1&b', en: 'https://hsoc.example/en' }
    const map = parsed(sitemapOf([{ addresses, changedAt: tuesday }]))
    expect(map.children.map((url) => all(url, 'loc')[0]?.text)).toEqual([addresses.cs, addresses.en])
    expect(map.children[0] && all(map.children[0], 'lastmod')[0]?.text).toBe('2026-03-03T08:00:00.000Z')
  })
})

describe('a calendar', () => {
  const head = { name: 'hSOC: akce', lang: 'cs' as const, zone: 'Europe/Prague', host: 'hsoc.example' }
  const entry = {
    id: 7,
    title: 'Školení, první; část',
    summary: 'řádek\nřádek',
    place: 'Brno',
    url: 'https://hsoc.example/cs/akce/skoleni',
    startsAt: Date.UTC(2026, 6, 1, 8),
    endsAt: Date.UTC(2026, 6, 1, 10),
    cancelledAt: null,
    sequence: 2,
    changedAt: tuesday,
  }
  const lines = (text: string): string[] => text.replaceAll('\r\n ', '').split('\r\n')

  it('has a component when there is nothing to announce, as the standard wants', () => {
    const text = calendarOf(head, [])
    expect(lines(text).filter((line) => /^(BEGIN|END):V/.test(line))).toEqual([
      'BEGIN:VCALENDAR',
      'BEGIN:VTIMEZONE',
      'END:VTIMEZONE',
      'END:VCALENDAR',
    ])
    expect(text).not.toMatch(/[^\r]\n|\r\n\r\n/)
    expect(text.endsWith('END:VCALENDAR\r\n')).toBe(true)
  })

  it('says local times with the zone\u2019s own rules, and stamps in UTC', () => {
    const text = calendarOf(head, [entry])
    expect(lines(text)).toEqual(
      expect.arrayContaining([
        'BEGIN:VTIMEZONE',
        'TZID:Europe/Prague',
        'RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU',
        'DTSTART;TZID=Europe/Prague:20260701T100000',
        'DTEND;TZID=Europe/Prague:20260701T120000',
        'DTSTAMP:20260303T080000Z',
        'UID:occasion-7@hsoc.example',
        'SEQUENCE:2',
        'STATUS:CONFIRMED',
        'SUMMARY:Školení\\, první\\; část',
      ]),
    )
    expect(text.endsWith('END:VCALENDAR\r\n')).toBe(true)
    // RFC 5545 3.6: properties of the calendar come before its components.
    expect(text.indexOf('METHOD:PUBLISH')).toBeLessThan(text.indexOf('BEGIN:VTIMEZONE'))
    for (const line of text.split('\r\n')) expect(Buffer.byteLength(line)).toBeLessThanOrEqual(75)
  })

  it('has the right hour on either side of the change of time', () => {
    const at = (startsAt: number) => lines(calendarOf(head, [{ ...entry, startsAt, endsAt: startsAt + 1 }]))
    expect(at(Date.parse('2026-03-28T09:00:00Z'))).toContain('DTSTART;TZID=Europe/Prague:20260328T100000')
    expect(at(Date.parse('2026-03-29T08:00:00Z'))).toContain('DTSTART;TZID=Europe/Prague:20260329T100000')
    expect(at(Date.parse('2026-10-25T09:00:00Z'))).toContain('DTSTART;TZID=Europe/Prague:20261025T100000')
  })

  it('keeps what was cancelled, as such, and takes nobody\u2019s line ends for its own', () => {
    expect(lines(calendarOf(head, [{ ...entry, cancelledAt: tuesday }]))).toContain('STATUS:CANCELLED')
    const hostile = calendarOf(head, [
      { ...entry, title: 'x\r\nATTENDEE:mailto:a@b.example', place: 'y\nEND:VEVENT' },
    ])
    expect(lines(hostile).filter((line) => line === 'END:VEVENT').length).toBe(1)
    expect(lines(hostile).some((line) => line.startsWith('ATTENDEE'))).toBe(false)
  })
})

describe('security.txt', () => {
  const reporting = { contacts: ['mailto:csirt@hsoc.example'], baseUrl: 'https://hsoc.example', key: null }
  const expiresOf = (now: number): number =>
    Date.parse(/^Expires: (.+)$/m.exec(securityTxt(reporting, now) ?? '')?.[1] ?? '')

  it('is not served without a contact, and names no key that is not there', () => {
    expect(securityTxt({ ...reporting, contacts: [] }, tuesday)).toBeNull()
    expect(securityTxt(reporting, tuesday)).not.toContain('Encryption')
  })

  it('is always good for months and never for a year (RFC 9116 2.5.5)', () => {
    for (let day = 0; day < 400; day++) {
      const now = tuesday + day * 86_400_000 + 12_345
      const left = (expiresOf(now) - now) / 86_400_000
      expect(left).toBeGreaterThan(80)
      expect(left).toBeLessThan(365)
    }
  })
})
