import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Idea } from './event.ts'
import { repair, validate } from './idea.ts'

const smallest: Idea = {
  Format: 'IDEA0',
  ID: 'n1',
  DetectTime: '2026-03-03T07:50:11Z',
  Category: ['Other'],
  Node: [{ Name: 'cz.hsoc.nem_a.fw1' }],
}
const faultsOf = (idea: unknown) => validate(idea).map(({ key, value, expected }) => [key, value, expected])
const withKeys = (more: Idea) => faultsOf({ ...smallest, ...more })
const nested = (depth: number): unknown => (depth === 0 ? 1 : [nested(depth - 1)])
const lenient = (more: Idea) => {
  const { idea, repairs } = repair({ ...smallest, ...more })
  return { idea: idea as Idea, repairs, faults: faultsOf(idea) }
}

describe('what is an event', () => {
  it.each<[string, Idea]>([
    ['nothing but the mandatory keys', {}],
    ['a space for the T', { DetectTime: '2026-03-03 07:50:11Z' }],
    ['nanoseconds and an offset', { DetectTime: '2026-03-03T08:50:11.123456789+01:00' }],
    ['no zone', { DetectTime: '2026-03-03T07:50:11' }],
    ['an ID that is no UUID', { ID: '1772524211_gc7_1212_src_ip_198.51.100.7' }],
    ['an ID of 256 characters', { ID: 'x'.repeat(256) }],
    ['no category', { Category: [] }],
    ['an unknown category', { Category: ['Suspicious.Miner'] }],
    [
      'keys nobody knows',
      { _CESNET: { Impact: 'x' }, Type: 'Flow', TLP: 'Green', Source: [{ Count: 18, IP: ['x'] }] },
    ],
    ['tags for types', { Node: [{ Name: 'cz.x.gc7', Tags: ['Flow'] }] }],
    ['no node', { Node: [] }],
    [
      'host bits and reversed ranges',
      { Source: [{ IP4: ['192.0.2.1/24', '192.0.2.9-192.0.2.4', '0.0.0.0'] }] },
    ],
    [
      'IPv6 in all forms',
      { Source: [{ IP6: ['::', '::ffff:192.0.2.1', '2001:DB8::1/48', '2001:db8::1-2001:db8::9'] }] },
    ],
    ['a port and a counter out of range', { Target: [{ Port: [70_000, -1, 1.0] }], ConnCount: -5 }],
    ['another time that does not exist', { EventTime: '2026-13-40T99:99:99Z' }],
    ['NUL and half a character', { Description: 'a\0b\ud800' }],
    ['an empty source', { Source: [], Target: [{}] }],
    ['brackets and quotes of URIs', { Ref: ['cve:CVE-2026-1', 'http://[::1]/', "urn:x:*'()"] }],
    ['the deepest allowed', { deep: nested(31), Source: [{ deep: nested(29) }] }],
    ['protocols in capitals', { Source: [{ Proto: ['TCP', 'microsoft-ds', '3com'] }] }],
    ['a duration', { Node: [{ Name: 'a', AggrWin: '1D00:05:00.5' }] }],
    ['10,000 addresses', { Source: [{ IP4: new Array(10_000).fill('192.0.2.1') }] }],
    [
      'keys named like parts of objects',
      JSON.parse('{"__proto__":{"ID":5},"constructor":1,"toString":[]}') as Idea,
    ],
  ])('%s passes', (_, more) => {
    expect(withKeys(more)).toEqual([])
  })

  it.each<[string, Idea, string[]]>([
    ['another format', { Format: 'IDEA1' }, ['Format', '"IDEA1"', 'must be IDEA0']],
    ['a small format', { Format: 'idea0' }, ['Format', '"idea0"', 'must be IDEA0']],
    ['an empty ID', { ID: '' }, ['ID', '""', 'letters, digits, . _ -']],
    ['an ID with a colon', { ID: 'a:b' }, ['ID', '"a:b"', 'letters, digits, . _ -']],
    ['an ID with a line end', { ID: 'a\n' }, ['ID', '"a\\n"', 'letters, digits, . _ -']],
    ['a long ID', { ID: 'x'.repeat(257) }, ['ID', `"${'x'.repeat(199)}`, 'at most 256 characters']],
    [
      'a category with a space',
      { Category: ['Other', 'Recon Scan'] },
      ['Category/1', '"Recon Scan"', 'category name, at most one dot'],
    ],
    [
      'a category of three parts',
      { Category: ['A.B.C'] },
      ['Category/0', '"A.B.C"', 'category name, at most one dot'],
    ],
    [
      'a category not in an array',
      { Category: 'Test' },
      ['Category', '"Test"', 'category name, at most one dot'],
    ],
    [
      'a time that does not exist',
      { DetectTime: '2026-13-01T00:00:00Z' },
      ['DetectTime', '"2026-13-01T00:00:00Z"', 'a real date and time'],
    ],
    ['a time as a number', { DetectTime: 1772524211 }, ['DetectTime', '1772524211', 'Timestamp']],
    [
      'an offset without colon',
      { CreateTime: '2026-03-03T07:50:11+0100' },
      ['CreateTime', '"2026-03-03T07:50:11+0100"', 'Timestamp'],
    ],
    ['a port as text', { Source: [{ Port: ['22'] }] }, ['Source/0/Port/0', '"22"', 'Integer']],
    ['a port alone', { Target: [{ Port: 22 }] }, ['Target/0/Port', '22', 'array of Integer']],
    ['half a port', { Target: [{ Port: [1.5] }] }, ['Target/0/Port/0', '1.5', 'Integer']],
    ['true as a count', { ConnCount: true }, ['ConnCount', 'true', 'Integer']],
    ['confidence per cent', { Confidence: 85 }, ['Confidence', '85', 'number from 0 to 1']],
    ['confidence as text', { Confidence: '0.5' }, ['Confidence', '"0.5"', 'number from 0 to 1']],
    ['a leading zero', { Source: [{ IP4: ['192.0.2.01'] }] }, ['Source/0/IP4/0', '"192.0.2.01"', 'Net4']],
    ['IPv6 under IP4', { Source: [{ IP4: ['::1'] }] }, ['Source/0/IP4/0', '"::1"', 'Net4']],
    ['IPv4 under IP6', { Source: [{ IP6: ['192.0.2.1'] }] }, ['Source/0/IP6/0', '"192.0.2.1"', 'Net6']],
    [
      'a zone in IPv6',
      { Source: [{}, { IP6: ['fe80::1%eth0'] }] },
      ['Source/1/IP6/0', '"fe80::1%eth0"', 'Net6'],
    ],
    ['a protocol number', { Source: [{ Proto: ['6'] }] }, ['Source/0/Proto/0', '"6"', 'ProtocolName']],
    [
      'two protocols in one',
      { Source: [{ Proto: ['tcp/ssh'] }] },
      ['Source/0/Proto/0', '"tcp/ssh"', 'ProtocolName'],
    ],
    [
      'a hyphen at the end',
      { Source: [{ Proto: ['a--b'] }] },
      ['Source/0/Proto/0', '"a--b"', 'ProtocolName'],
    ],
    [
      'a MAC with dashes',
      { Source: [{ MAC: ['01-23-45-67-89-ab'] }] },
      ['Source/0/MAC/0', '"01-23-45-67-89-ab"', 'MAC'],
    ],
    ['a URI without scheme', { Ref: ['example.com'] }, ['Ref/0', '"example.com"', 'URI']],
    ['a scheme with underscore', { Ref: ['misp_event:1'] }, ['Ref/0', '"misp_event:1"', 'URI']],
    ['a URI with a space', { Attach: [{ Hash: ['sha1:a b'] }] }, ['Attach/0/Hash/0', '"sha1:a b"', 'URI']],
    ['a node with two dots', { Node: [{ Name: 'a..b' }] }, ['Node/0/Name', '"a..b"', 'NSID']],
    [
      'a media type with parameters',
      { Attach: [{ ContentType: 'text/plain; x=1' }] },
      ['Attach/0/ContentType', '"text/plain; x=1"', 'MediaType'],
    ],
    [
      'another encoding',
      { Attach: [{ ContentEncoding: 'gzip' }] },
      ['Attach/0/ContentEncoding', '"gzip"', 'must be base64'],
    ],
    ['a text for a Boolean', { Source: [{ Spoofed: 'yes' }] }, ['Source/0/Spoofed', '"yes"', 'Boolean']],
    ['a source that is no object', { Source: [[]] }, ['Source/0', '[]', 'JSON object']],
    ['one source without array', { Source: { IP4: [] } }, ['Source', '{"IP4":[]}', 'array of JSON object']],
    ['null for a text', { Note: null }, ['Note', 'null', 'string']],
    ['too deep at the top', { deep: nested(32) }, ['deep', '', 'too deep']],
    ['too deep in a source', { Source: [{ deep: nested(30) }] }, ['Source/0/deep', '', 'too deep']],
    [
      '10,001 addresses',
      {
        Source: [{ IP4: new Array(6000).fill('192.0.2.1') }],
        Target: [{ IP6: new Array(4001).fill('::1') }],
      },
      ['Target/0/IP6', '', 'too many'],
    ],
  ])('%s is refused by name', (_, more, fault) => {
    expect(withKeys(more)).toEqual([fault])
  })

  it('names all faults, fewer path parts first, then by name', () => {
    const idea = { Format: 'IDEA0', ID: 'a b', DetectTime: '2026-13-01T00:00:00Z', Category: ['Recon Scan'] }
    expect(validate(idea).map(({ key }) => key)).toEqual(['DetectTime', 'ID', 'Category/0'])
    const ports = { ...smallest, Target: [{ Port: ['a', 2, 3, 4, 5, 6, 7, 8, 9, 10, 'b'] }], Note: 1 }
    expect(validate(ports).map(({ key }) => key)).toEqual(['Note', 'Target/0/Port/0', 'Target/0/Port/10'])
  })

  it('asks for each mandatory key, spelled as the format does', () => {
    const { ID: _, ...without } = smallest
    expect(faultsOf({ ...without, id: 'n1' })).toEqual([
      ['', expect.stringMatching(/^\{"Format":"IDEA0",/), 'ID is required'],
    ])
    expect(validate({}).map(({ expected }) => expected)).toEqual([
      'Format is required',
      'ID is required',
      'DetectTime is required',
      'Category is required',
    ])
  })

  it.each([null, 5, 'x', true, [], [smallest], undefined])('%j is no event', (value) => {
    expect(validate(value).map(({ key, expected }) => [key, expected])).toEqual([['', 'JSON object']])
  })

  it('stays calm with a million faults and endless depth', () => {
    expect(withKeys({ Ref: new Array(1_000_000).fill(1) })).toHaveLength(100)
    const deep = JSON.parse('['.repeat(100_000) + ']'.repeat(100_000))
    expect(withKeys({ Ref: deep, x: deep }).map(([key]) => key)).toEqual(['x', 'Ref/0'])
    expect(faultsOf(deep)[0]?.[1]).toHaveLength(200)
  })

  it('answers any JSON without throwing, with short values', () => {
    const keys = fc.constantFrom(
      'Format',
      'ID',
      'DetectTime',
      'Category',
      'Source',
      'Target',
      'Node',
      'Attach',
      'IP4',
      'Port',
      'Ref',
      'x',
    )
    const { tree } = fc.letrec((tie) => ({
      tree: fc.oneof(
        { maxDepth: 4 },
        fc.constantFrom('IDEA0', 'Test', 1, -1, null, true),
        fc.string({ unit: 'binary' }),
        tie('list'),
        tie('object'),
      ),
      list: fc.array(tie('tree'), { maxLength: 3 }),
      object: fc.dictionary(keys, tie('tree'), { maxKeys: 6 }),
    }))
    fc.assert(
      fc.property(tree, (value) => {
        for (const idea of [value, repair(value).idea]) {
          for (const fault of validate(idea)) {
            expect(fault.expected).not.toBe('')
            expect(fault.value.length).toBeLessThanOrEqual(200)
            expect(fault.value.isWellFormed()).toBe(true)
          }
        }
      }),
      { numRuns: 10_000 },
    )
  })
})

describe('the lenient switch', () => {
  it.each<[string, Idea, Idea, string[]]>([
    ['confidence as text', { Confidence: '0.5' }, { Confidence: 0.5 }, ['text Confidence']],
    ['confidence per cent', { Confidence: 85 }, { Confidence: 0.85 }, ['percent Confidence']],
    ['both at once', { Confidence: '85' }, { Confidence: 0.85 }, ['text Confidence', 'percent Confidence']],
    [
      'schemes with underscore',
      { Ref: ['misp_event:8149', 'cve:x_y'] },
      { Ref: ['misp-event:8149', 'cve:x_y'] },
      ['scheme Ref/0'],
    ],
    [
      'a relation as text',
      { RelID: 'hash:ab12' },
      { RelID: [], AltNames: ['hash:ab12'] },
      ['relation RelID'],
    ],
    ['a relation that is an ID', { PredID: 'ab12' }, { PredID: ['ab12'] }, ['relation PredID']],
    ['a lone port', { Target: [{ Port: 22 }] }, { Target: [{ Port: [22] }] }, ['array Target/0/Port']],
    [
      'a lone source',
      { Source: { IP4: '192.0.2.1' } },
      { Source: [{ IP4: ['192.0.2.1'] }] },
      ['array Source', 'array Source/0/IP4'],
    ],
    ['a lone category', { Category: 'Test' }, { Category: ['Test'] }, ['array Category']],
    ['a lone reference', { Ref: 'a_b:c' }, { Ref: ['a-b:c'] }, ['array Ref', 'scheme Ref/0']],
  ])('%s is understood', (_, given, understood, repairs) => {
    expect(withKeys(given)).not.toEqual([])
    const result = lenient(given)
    expect(result.idea).toMatchObject(understood)
    expect(result).toMatchObject({ repairs, faults: [] })
  })

  it('leaves a right event alone and other faults as they are', () => {
    expect(repair(smallest)).toEqual({ idea: smallest, repairs: [] })
    expect(repair(smallest).idea).toBe(smallest)
    expect(lenient({ Confidence: 101 }).faults).toHaveLength(1)
    expect(lenient({ Target: [{ Port: '22' }] }).faults).toEqual([['Target/0/Port/0', '"22"', 'Integer']])
    expect(repair([1])).toEqual({ idea: [1], repairs: [] })
  })

  it('does not change what it was given', () => {
    const given = { ...smallest, Source: { IP4: '192.0.2.1' }, RelID: 'a:b' }
    const before = structuredClone(given)
    repair(given)
    expect(given).toEqual(before)
  })
})
