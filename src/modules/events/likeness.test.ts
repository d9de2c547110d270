/** A file of another format is recognised by its beginning; one with broken records is read as ever. */
import { createReadStream, existsSync } from 'node:fs'
import path from 'node:path'
import { createGunzip } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { tuesday } from '../../../test/harness.ts'
import { begin, otherFormats } from './likeness.ts'
import type { Sensor } from './sensors.ts'
import { formats } from './sources/index.ts'

const sensor = {
  name: 'cz.lipova.fw1',
  inline: false,
  zone: null,
  inside: [],
  lenient: false,
} as unknown as Sensor // all that reading asks of one

const time = '2026-03-03T07:00:00Z'
const json = (...records: object[]): string => records.map((one) => `${JSON.stringify(one)}\n`).join('')

/** A file of each format as it really looks. */
const files: Record<string, string> = {
  idea: json({
    Format: 'IDEA0',
    ID: 'a-1',
    DetectTime: time,
    Category: ['Recon.Scanning'],
    Source: [{ IP4: ['198.51.100.7'] }],
    Node: [{ Name: 'cz.lipova.fw1' }],
  }),
  eve: json(
    {
      timestamp: '2026-03-03T07:00:00.000001+0000',
      event_type: 'flow',
      src_ip: '198.51.100.7',
      dest_ip: '192.0.2.1',
    },
    {
      timestamp: '2026-03-03T07:00:00.000001+0000',
      event_type: 'alert',
      src_ip: '198.51.100.7',
      src_port: 4000,
      dest_ip: '192.0.2.1',
      dest_port: 22,
      proto: 'TCP',
      alert: {
        action: 'allowed',
        gid: 1,
        signature_id: 2001219,
        rev: 1,
        signature: 'ET SCAN SSH',
        category: 'Attempted Information Leak',
        severity: 2,
      },
    },
  ),
  csv: 'time,src,dst,dpt,what\n2026-03-03T07:00:00Z,198.51.100.7,192.0.2.1,22,login\n',
  simple: json({ time, src: '198.51.100.7', dst: '192.0.2.1', dpt: 22, what: 'login' }),
  heralding: json({
    timestamp: '2026-03-03 07:00:00.000001',
    auth_id: 'x',
    session_id: 's',
    source_ip: '198.51.100.7',
    source_port: 4000,
    destination_ip: '192.0.2.1',
    destination_port: 22,
    protocol: 'ssh',
    username: 'root',
    password: 'x',
  }),
  cowrie: json({
    eventid: 'cowrie.login.failed',
    timestamp: time,
    src_ip: '198.51.100.7',
    username: 'root',
    password: 'x',
    session: 's',
    sensor: 'x',
  }),
  'zeek-notice': json({
    ts: 1772521200.5,
    note: 'Scan::Port_Scan',
    src: '198.51.100.7',
    dst: '192.0.2.1',
    msg: 'x',
    actions: ['Notice::ACTION_LOG'],
  }),
}

const beginning = (text: string) =>
  begin(
    (async function* () {
      yield Buffer.from(text)
    })(),
    false,
  )

const pairs = Object.keys(files).flatMap((said) => Object.keys(files).map((is) => [said, is] as const))

describe('a file that is said to be of a format', () => {
  it.each(pairs)('%s and is %s', async (said, is) => {
    const found = await otherFormats(await beginning(files[is] ?? ''), said, sensor, tuesday)
    if (said === is) expect(found).toEqual([])
    // One-line records are what lines of CSV become; nobody is sent from what can be read.
    else expect(found.length === 0 || found.includes(is)).toBe(true)
    if (['idea', 'eve', 'csv'].includes(said) && said !== is) expect(found).toContain(is)
    if (['idea', 'eve', 'csv'].includes(is) && found.length > 0) expect(found).toEqual([is])
  })

  it('is not taken for another when one of its records is good and all the others are broken', async () => {
    for (const [format, text] of Object.entries(files)) {
      const broken = format === 'csv' ? `${text}${'x\n'.repeat(400)}` : `${'{"broken": \n'.repeat(40)}${text}`
      expect(await otherFormats(await beginning(broken), format, sensor, tuesday), format).toEqual([])
    }
  })

  it('is judged by its records that are whole: one cut off at the end of what was looked at says nothing', async () => {
    const long = files.eve?.repeat(2_000) ?? ''
    const begun = await beginning(long)
    expect(begun.isWhole).toBe(false)
    expect(await otherFormats(begun, 'eve', sensor, tuesday)).toEqual([])
    expect(await otherFormats(begun, 'idea', sensor, tuesday)).toEqual(['eve'])
  })

  it('is handed on whole, byte for byte, and never stops the reader, whatever it holds', async () => {
    const chunks = fc.array(fc.uint8Array({ maxLength: 3_000 }), { maxLength: 20 })
    await fc.assert(
      fc.asyncProperty(chunks, fc.boolean(), fc.constantFrom(...formats()), async (parts, slow, format) => {
        const begun = await begin(
          (async function* () {
            yield* parts
          })(),
          slow,
        )
        await otherFormats(begun, format, sensor, tuesday)
        const back: Uint8Array[] = []
        for await (const chunk of begun.chunks) back.push(chunk)
        expect(Buffer.concat(back).equals(Buffer.concat(parts))).toBe(true)
      }),
      { numRuns: 300 },
    )
  })

  it('that breaks off gives what came before, and then says so', async () => {
    const begun = await begin(
      (async function* () {
        yield Buffer.from('a')
        throw new Error('unexpected end of file')
      })(),
      false,
    )
    const came: string[] = []
    const all = async () => {
      for await (const chunk of begun.chunks) came.push(Buffer.from(chunk).toString())
    }
    await expect(all()).rejects.toThrow('unexpected end of file')
    expect(came).toEqual(['a'])
  })

  const recordings = [
    ['eve/ctu-background-half-a.ndjson', 'eve'],
    ['eve/suricata-7.0.10-parser-torture.ndjson', 'eve'],
    ['idea/labrea-2016-09-01-first750.ndjson', 'idea'],
    ['honeypots/heralding-20000.json.gz', 'heralding'],
    ['honeypots/cisco-asa-extract-with-broken-lines.json.txt', 'cisco-asa-honeypot'],
  ] as const
  const folder = process.env.HSOC_TEST_DATA ?? '../shared/data'
  it.each(recordings)('%s, a real recording, is %s and nothing else', async (name, format) => {
    const file = path.join(folder, name)
    if (!existsSync(file)) {
      process.stderr.write(
        `Skipped: the recording ${file} is not here; set HSOC_TEST_DATA to the folder of recordings.\n`,
      )
      return
    }
    const open = () =>
      name.endsWith('.gz') ? createReadStream(file).pipe(createGunzip()) : createReadStream(file)
    expect(await otherFormats(await begin(open(), false), format, sensor, tuesday)).toEqual([])
    for (const said of ['idea', 'eve', 'csv'].filter((one) => one !== format))
      expect(await otherFormats(await begin(open(), false), said, sensor, tuesday), said).toContain(format)
  })
})
