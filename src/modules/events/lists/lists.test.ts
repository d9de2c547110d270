import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ageDays, dateOfVersion, mayDemote } from './age.ts'
import { groupNames, groupOf, readGroups } from './groups.ts'
import type { LoadedList } from './load.ts'
import { loadLists, readMispList } from './load.ts'
import { isHeldForReview, labelsOf, labelsOfHost, matcherOf } from './match.ts'
import { compile } from './patterns.ts'

const now = new Date('2026-11-21T12:00:00Z')

function misp(folder: string, shape: object): LoadedList {
  const list = { description: '', name: folder, version: 1, ...shape }
  return readMispList(Buffer.from(JSON.stringify(list)), folder)
}

const addresses = ['ip-src', 'ip-dst', 'ip-src|port', 'ip-dst|port']
const hosts = ['hostname', 'domain']

describe('a list says what it is about', () => {
  it('all lists that hold an address label it, not only the narrowest', () => {
    const set = matcherOf([
      misp('microsoft-azure', { type: 'cidr', matching_attributes: addresses, list: ['198.51.100.0/24'] }),
      misp('github', {
        type: 'cidr',
        matching_attributes: addresses,
        list: ['198.51.100.128/25', '2001:DB8::/32'],
      }),
      misp('shodan-scanning', { type: 'cidr', matching_attributes: addresses, list: ['198.51.100.200'] }),
    ])
    const named = (text: string) => labelsOf(set, text).map(({ list }) => list)
    expect(named('198.51.100.200')).toEqual(['shodan-scanning', 'github', 'microsoft-azure'])
    expect(named('198.51.100.201')).toEqual(['github', 'microsoft-azure'])
    expect(named('198.51.100.1')).toEqual(['microsoft-azure'])
    expect(named('198.51.101.0')).toEqual([])
    expect(named('2001:db8:ffff::1')).toEqual(['github'])
    expect(named('::ffff:198.51.100.1')).toEqual(['microsoft-azure'])
    expect(named('198.51.100.0/24')).toEqual(['microsoft-azure'])
    expect(named('198.51.100.0-198.51.101.3')).toEqual([])
    expect(named('not an address')).toEqual([])
  })

  it('two halves of a network label the whole of it', () => {
    const set = matcherOf([
      misp('fastly', {
        type: 'cidr',
        matching_attributes: addresses,
        list: ['192.0.2.0/25', '192.0.2.128/25'],
      }),
    ])
    expect(labelsOf(set, '192.0.2.0/24')).toHaveLength(1)
  })

  it('a hash that looks like an IPv6 network is not taken for one', () => {
    const set = matcherOf([
      misp('empty-hashes', { type: 'string', matching_attributes: ['md5', 'ssdeep'], list: ['3::'] }),
    ])
    expect(labelsOf(set, '3::')).toEqual([])
    expect(labelsOfHost(set, '3::')).toEqual([])
  })

  it('a list of sources says nothing of targets', () => {
    const set = matcherOf([
      misp('circl-security-scanning', { type: 'cidr', matching_attributes: ['ip-src'], list: ['192.0.2.7'] }),
    ])
    expect(labelsOf(set, '192.0.2.7', 'source')).toHaveLength(1)
    expect(labelsOf(set, '192.0.2.7', 'target')).toEqual([])
  })

  it('an address in a list of text parts stands for itself only', () => {
    const set = matcherOf([
      misp('microsoft-attack-simulator', {
        type: 'substring',
        matching_attributes: [...addresses, ...hosts],
        list: ['192.0.2.13', 'training.example'],
      }),
    ])
    expect(labelsOf(set, '192.0.2.13')).toHaveLength(1)
    expect(labelsOf(set, '192.0.2.131')).toEqual([])
    expect(labelsOfHost(set, 'www.Training.example')).toHaveLength(1)
  })

  it('a leading dot takes in what is below, no dot only the name itself', () => {
    const set = matcherOf([
      misp('whats-my-ip', {
        type: 'hostname',
        matching_attributes: hosts,
        list: ['.bank.example', 'ip.example'],
      }),
    ])
    const hit = (host: string) => labelsOfHost(set, host).length === 1
    expect(['bank.example', 'a.b.BANK.example.', 'ip.example'].map(hit)).toEqual([true, true, true])
    expect(['notbank.example', 'www.ip.example', 'example', ''].map(hit)).toEqual([
      false,
      false,
      false,
      false,
    ])
  })

  it('mail domains do not match host names', () => {
    const set = matcherOf([
      misp('disposable-email', {
        type: 'substring',
        matching_attributes: ['email-src'],
        list: ['mail.example'],
      }),
    ])
    expect(labelsOfHost(set, 'mail.example')).toEqual([])
  })

  it('expressions are read with slashes and flags, dangerous ones are refused', () => {
    const set = matcherOf([
      misp('x', {
        type: 'regex',
        matching_attributes: hosts,
        list: ['/^(noc|soc)\\.example$/ig', '/(a+)+$/', '/[/'],
      }),
    ])
    expect(labelsOfHost(set, 'SOC.example')).toHaveLength(1)
    expect(labelsOfHost(set, 'SOC.example')).toHaveLength(1)
    expect(labelsOfHost(set, 'xsoc.example')).toEqual([])
    for (const bad of [
      '(a+)+$',
      '(a|a)*b',
      '((ab?)*)*',
      '(?:x{2,})+',
      '(a)\\1',
      '.*.*.*.*x',
      '(?=a)b',
      '(',
      '/x/q',
    ]) {
      expect([bad, compile(bad)]).toEqual([bad, null])
    }
    expect(compile('/((?:\\+|00)1)?([0-9]{3})55501([0-9]{2})/g')).toBeInstanceOf(RegExp)
  })
})

describe('groups and age', () => {
  it('a cloud tenant is only labelled, a scanner may be softened, an unknown list labels', () => {
    const table = readGroups()
    expect(groupOf(table, 'censys-scanning', '')).toBe('research-scanner')
    expect(groupOf(table, 'GitHub', '')).toBe('cloud-tenant')
    expect(groupOf(table, 'copy-of-list', 'sinkholes')).toBe('sinkhole')
    expect(groupOf(table, 'something-new', 'Something new')).toBe('other')
    expect(table['cloud-tenant'].effect).toBe('label')
    expect(table.other.effect).toBe('label')
    const named = groupNames.flatMap((group) => table[group].lists)
    expect(new Set(named).size).toBe(named.length)
  })

  it('a version is a date, a date with hour, or only a number', () => {
    expect(dateOfVersion(20260811)?.toISOString()).toBe('2026-08-11T00:00:00.000Z')
    expect(dateOfVersion('26081014')?.toISOString()).toBe('2026-08-10T14:00:00.000Z')
    expect(dateOfVersion(2026081114)?.toISOString()).toBe('2026-08-11T14:00:00.000Z')
    for (const serial of [0, 3, 27, 20261345, 20260230, 99999999, ''])
      expect(dateOfVersion(serial)).toBeNull()
  })

  it('a scanner list softens for 180 days, then only labels', () => {
    const aged = (version: number) => misp('stretchoid-nt-scanning', { type: 'cidr', version, list: [] })
    expect(ageDays(aged(20261120), now)).toBe(1)
    expect(mayDemote(aged(20260526), now)).toBe(true)
    expect(ageDays(aged(20260524), now)).toBe(181)
    expect(mayDemote(aged(20260524), now)).toBe(false)
    expect(ageDays(aged(3), now)).toBeNull()
    expect(mayDemote(aged(3), now)).toBe(false)
    expect(mayDemote(misp('github', { type: 'cidr', version: 20261120, list: [] }), now)).toBe(false)
  })
})

describe('loading a folder', () => {
  let dir = ''
  beforeAll(() => {
    dir = mkdtempSync(join(tmpdir(), 'hsoc-lists-'))
    const write = (folder: string, content: string) => {
      mkdirSync(join(dir, folder))
      writeFileSync(join(dir, folder, 'list.json'), content)
    }
    const list = {
      name: 'Shodan',
      description: '',
      version: 1,
      type: 'cidr',
      list: ['192.0.2.1', '300.0.0.1'],
    }
    write('shodan-scanning', JSON.stringify(list))
    write(
      'onyphe-scanner',
      JSON.stringify({ ...list, name: 'Onyphe', version: 20261101, list: ['192.0.2.2'] }),
    )
    write('half', JSON.stringify(list).slice(0, 40))
    write('other-shape', '{"name":"x","type":"glob","version":1,"list":["a"]}')
    writeFileSync(
      join(dir, 'attackers.txt'),
      '# made by hand\r\n192.0.2.1\t5\n\n203.0.113.0/24 ; x\nnonsense\n',
    )
    writeFileSync(join(dir, 'SOURCE.md'), '# about')
  })
  afterAll(() => rmSync(dir, { recursive: true, force: true }))

  it('names what it could not read and loads the rest', () => {
    const { lists, problems } = loadLists(dir, 'en')
    expect(lists.map(({ folder }) => folder)).toEqual(['attackers', 'onyphe-scanner', 'shodan-scanning'])
    expect(problems).toHaveLength(4)
    expect(problems.join('\n')).toMatch(/attackers.*1.*"nonsense"/)
    expect(problems.join('\n')).toMatch(/half was not loaded/)
    expect(problems.join('\n')).toMatch(/other-shape.*"type"/)
    expect(problems.join('\n')).toMatch(/shodan-scanning.*"300\.0\.0\.1"/)
  })

  it('a plain file of addresses is a block list; it labels and holds nothing back', () => {
    const { lists } = loadLists(dir)
    const set = matcherOf(lists)
    expect(labelsOf(set, '203.0.113.9')).toMatchObject([
      { list: 'attackers', group: 'block-list', effect: 'label' },
    ])
    expect(isHeldForReview(labelsOf(set, '203.0.113.9'))).toBe(false)
    expect(isHeldForReview(labelsOf(set, '192.0.2.1'))).toBe(true)
    expect(labelsOf(set, '192.0.2.1').map(({ list }) => list)).toEqual(['shodan-scanning', 'attackers'])
  })

  it('a list with a serial number is as old as the collection it came with', () => {
    const shodan = loadLists(dir).lists.find(({ folder }) => folder === 'shodan-scanning')
    expect(shodan?.versionDate).toBeNull()
    expect(shodan && ageDays(shodan, now)).toBe(20)
  })

  it('a missing folder is a sentence, not a crash', () => {
    const { lists, problems } = loadLists(join(dir, 'nowhere'), 'cs')
    expect(lists).toEqual([])
    expect(problems[0]).toMatch(/nelze číst/)
  })
})
