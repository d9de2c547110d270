import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { advisory, bytesOf } from '../../../../test/advisory-provider.ts'
import { tuesday } from '../../../../test/harness.ts'
import { readFeed } from '../feed-read.ts'
import { readKev } from '../kev-read.ts'
import { plain, webAddress, withoutMarkup } from '../plain.ts'
import { cpeOf, purlOf } from './names.ts'
import { isTooDeep, jsonOf, mostProducts, Refused, understand } from './read.ts'
import { saysExploited } from './vulnerabilities.ts'

type Json = Record<string, unknown>
const read = (document: unknown) => understand(jsonOf(bytesOf(document)), tuesday)
const why = (work: () => unknown): string | null => {
  try {
    work()
    return null
  } catch (error) {
    if (error instanceof Refused) return error.reason
    throw error
  }
}

/** A document with one place of it changed. */
function changed(path: string, value: unknown): Json {
  const document = structuredClone(advisory())
  const steps = path.split('.')
  let at = document as Json
  for (const step of steps.slice(0, -1)) at = at[step] as Json
  at[steps.at(-1) as string] = value
  return document
}

describe('impossible content with a valid schema', () => {
  it('is taken with what a reader should mind', () => {
    expect(read(changed('document.tracking.current_release_date', '2199-01-01T00:00:00Z')).flags).toEqual([
      'future-date',
    ])
    expect(read(changed('document.tracking.initial_release_date', '2026-03-03T07:00:00Z')).flags).toEqual([
      'dates-reversed',
    ])
    const marked = '<b onclick="x()">Pump</b>'
    expect(read(changed('document.title', marked))).toMatchObject({
      flags: ['html'],
      content: { title: marked },
    })
    expect(
      read(changed('vulnerabilities.0.product_status', { known_affected: ['P1', 'P404'] })).flags,
    ).toEqual(['unknown-product'])
    const vague = {
      full_product_names: [
        { name: 'All products', product_id: 'P1' },
        { name: 'x', product_id: 'P2' },
      ],
    }
    expect(read(changed('product_tree', vague)).flags).toEqual(['vague-product'])
  })

  it('with thousands of products is taken up to a number that can be looked at, and refused past it', () => {
    const many = (count: number) => ({
      full_product_names: Array.from({ length: count }, (_, i) => ({
        name: `Pump ${i}`,
        product_id: `P${i}`,
      })),
    })
    expect(read(changed('product_tree', many(3_000)))).toMatchObject({ flags: ['many-products'] })
    expect(why(() => read(changed('product_tree', many(mostProducts + 1))))).toBe('too-many')
  })

  it('in which products consist of each other is read to where the circle closes', () => {
    const full = (product_id: string) => ({ name: `Whole ${product_id}`, product_id })
    const relation = (own: string, part: string, whole: string) => ({
      ...{ category: 'default_component_of', full_product_name: full(own) },
      ...{ product_reference: part, relates_to_product_reference: whole },
    })
    const tree = {
      full_product_names: [full('P1'), full('P2')],
      relationships: [
        relation('A', 'P1', 'B'),
        relation('B', 'P1', 'A'),
        relation('C', 'P1', 'C'),
        relation('D', 'P1', 'P2'),
      ],
    }
    const { content, flags } = read(changed('product_tree', tree))
    expect(flags).toContain('relationship-cycle')
    expect(content.products.find(({ ref }) => ref === 'D')).toMatchObject({
      name: 'Whole D',
      product: 'Whole P2',
    })
  })

  it('is refused with a plain reason where nothing can be made of it', () => {
    expect(why(() => read(changed('document.tracking.current_release_date', 'soon')))).toBe('no-date')
    expect(why(() => read(changed('document.tracking.id', ' ')))).toBe('no-name')
    expect(why(() => read(changed('document.csaf_version', '2.1')))).toBe('csaf-version')
    expect(why(() => read([]))).toBe('not-csaf')
    expect(why(() => jsonOf(Buffer.from('{"a":')))).toBe('not-json')
    expect(why(() => jsonOf(Buffer.alloc(0)))).toBe('not-json')
    expect(why(() => jsonOf(Buffer.from([0xff, 0xfe])))).toBe('not-utf8')
    expect(why(() => jsonOf(Buffer.from('['.repeat(200_000))))).toBe('too-deep')
    expect(isTooDeep('"[[[["'.repeat(1_000))).toBe(false)
  })
})

describe('what is understood', () => {
  it('are scores of CVSS 2, 3 and 4, the highest and newest first in rank', () => {
    const cvss_v4 = {
      version: '4.0',
      baseScore: 9.3,
      vectorString: 'CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N',
    }
    const cvss_v2 = { version: '2.0', baseScore: 10, vectorString: 'AV:N/AC:L/Au:N/C:C/I:C/A:C' }
    const { content } = read(
      changed('vulnerabilities.0.scores', [
        { products: ['P1'], cvss_v4, cvss_v2 },
        { cvss_v3: { baseScore: 'x' } },
      ]),
    )
    expect(content.vulnerabilities[0]?.scores).toEqual([
      { version: '4.0', base: 9.3, vector: cvss_v4.vectorString },
      { version: '2.0', base: 10, vector: cvss_v2.vectorString },
    ])
  })

  it('is AMBER+STRICT where the text beside the label says so, and no label where it is none', () => {
    const label = (distribution: unknown) => read(changed('document.distribution', distribution)).content.tlp
    expect(label({ text: 'TLP:AMBER+STRICT, your organisation only', tlp: { label: 'AMBER' } })).toBe(
      'AMBER+STRICT',
    )
    expect(label({ tlp: { label: 'white' } })).toBe('CLEAR')
    expect(label({ tlp: { label: 'PURPLE' } })).toBeNull()
    expect(label({ text: 'public' })).toBeNull()
  })

  it('is exploitation that is said to happen, not the word alone', () => {
    for (const text of [
      'Exploitation of this vulnerability has been observed in the wild.',
      'This vulnerability is actively exploited.',
      'CISA is aware of active exploitation.',
    ])
      expect([text, saysExploited(text)]).toEqual([text, true])
    for (const text of [
      'No known public exploitation specifically targeting this vulnerability has been reported.',
      'CISA is not aware of active exploitation.',
      'Exploitation is unlikely.',
      'Exploits could be written.',
      '',
    ])
      expect([text, saysExploited(text)]).toEqual([text, false])
  })

  it('are names of both registers', () => {
    expect(cpeOf('cpe:/a:pumpy:infusion_3:2.3')).toBe('cpe:2.3:a:pumpy:infusion_3:2\\.3:*:*:*:*:*:*:*')
    expect(cpeOf('cpe:2.3:o:microsoft:windows_xp:-:sp3:*:*:*:*:*:*')).toBe(
      'cpe:2.3:o:microsoft:windows_xp:-:sp3:*:*:*:*:*:*',
    )
    expect([cpeOf('cpe:2.3:a'), cpeOf('pump'), cpeOf(7)]).toEqual([null, null, null])
    expect(purlOf('pkg:npm/left-pad@1.0.0')).toBe('pkg:npm/left-pad@1.0.0')
    expect(purlOf('left-pad')).toBeNull()
  })

  it('are texts without what hides, and links that lead to the web', () => {
    expect(plain('a\u202Eb\u0000c\r\nd\uD800', 100)).toBe('abc\nd\uFFFD')
    expect(plain('x'.repeat(50), 10)).toBe(`${'x'.repeat(9)}…`)
    expect(
      ['javascript:alert(1)', 'https://a:b@x.example', 'data:text/html,x', 'x', 7].map(webAddress),
    ).toEqual(Array.from({ length: 5 }, () => null))
    expect(withoutMarkup('<p>a</p><script>b</script><ul><li>c&amp;d&#233;&nope;</ul><img src=x')).toBe(
      'a\nc&dé&nope;',
    )
  })
})

describe('whatever comes', () => {
  const anything = fc.anything({ maxDepth: 5, withNullPrototype: false })

  it('in any place of a document is understood or refused, never more', () => {
    const places = [
      ...[
        'document',
        'product_tree',
        'vulnerabilities',
        'document.tracking',
        'document.notes',
        'document.publisher',
      ],
      ...[
        'product_tree.branches',
        'product_tree.relationships',
        'vulnerabilities.0.scores',
        'document.references',
      ],
      ...['vulnerabilities.0.product_status', 'vulnerabilities.0.remediations', 'document.distribution'],
      ...['document.tracking.revision_history', 'vulnerabilities.0.threats', 'vulnerabilities.0.notes'],
    ]
    fc.assert(
      fc.property(fc.constantFrom(...places), anything, (place, value) => {
        const answer = why(() => understand(changed(place, value), tuesday))
        expect(answer === null || typeof answer === 'string').toBe(true)
      }),
      { numRuns: 500 },
    )
  })

  it('as bytes, as a catalogue or as a feed is read or refused, never more', () => {
    const feed = { namespace: 'https://x.example', label: 'x' }
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 300 }),
        anything,
        fc.string({ maxLength: 200 }),
        (bytes, value, text) => {
          why(() => understand(jsonOf(bytes), tuesday))
          why(() => readKev(value))
          why(() => readKev({ catalogVersion: '1', vulnerabilities: [value] }))
          why(() => readFeed(bytes, feed, tuesday))
          why(() =>
            readFeed(
              Buffer.from(`<feed><entry><id>${text}</id><title>${text}</title></entry></feed>`),
              feed,
              tuesday,
            ),
          )
        },
      ),
      { numRuns: 500 },
    )
  })

  it('as a feed that declares entities, or is no feed, is refused', () => {
    const feed = { namespace: 'https://x.example', label: 'x' }
    const laughs = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]><feed><title>&b;</title></feed>'
    expect(why(() => readFeed(Buffer.from(laughs), feed, tuesday))).toBe('not-feed')
    expect(why(() => readFeed(Buffer.from('<html><body>x</body></html>'), feed, tuesday))).toBe('not-feed')
    expect(why(() => readFeed(Buffer.from('<feed><entry></feed>'), feed, tuesday))).toBe('not-xml')
    const rss =
      '<rss version="2.0"><channel><item><title>Pump &amp; more</title><link>https://x.example/1</link><guid>1</guid><pubDate>Mon, 02 Mar 2026 10:00:00 GMT</pubDate><description><![CDATA[<p>Text</p>]]></description></item></channel></rss>'
    expect(readFeed(Buffer.from(rss), feed, tuesday)).toMatchObject([
      { id: '1', title: 'Pump & more', revisedAt: '2026-03-02T10:00:00.000Z', notes: [{ text: 'Text' }] },
    ])
  })
})
