import { describe, expect, it } from 'vitest'
import { type Idea, verdicts } from './event.ts'
import { readVerdict } from './verdict.ts'

const told = (idea: Idea, senderDefault?: 0 | 1 | 2 | 3) => {
  const { verdict, shareMicro, carrier } = readVerdict(idea, senderDefault)
  return [verdicts[verdict], shareMicro, carrier]
}
const sample = (...lines: string[]): Idea => ({ Attach: [{ Note: 'x' }, { Content: lines.join('\n') }] })

describe('what the perimeter did', () => {
  it.each<[string, Idea, unknown[]]>([
    ['our block says dropped', { _HSOC: { Verdict: 'dropped' } }, ['dropped', 1_000_000, '_HSOC.Verdict']],
    ['our block says passed', { _HSOC: { Verdict: 'passed' } }, ['passed', 0, '_HSOC.Verdict']],
    [
      'our block gives a share',
      { _HSOC: { Verdict: 'partial', DroppedShare: 0.25 } },
      ['partial', 250_000, '_HSOC.Verdict'],
    ],
    ['partial without a share', { _HSOC: { Verdict: 'partial' } }, ['partial', 0, '_HSOC.Verdict']],
    [
      'a share out of range',
      { _HSOC: { Verdict: 'partial', DroppedShare: 7 } },
      ['partial', 0, '_HSOC.Verdict'],
    ],
    [
      'our block before counters',
      { _HSOC: { Verdict: 'passed' }, FlowCountDropped: 5, FlowCount: 5 },
      ['passed', 0, '_HSOC.Verdict'],
    ],
    [
      'our block unknown wins too',
      { _HSOC: { Verdict: 'unknown' }, FlowCountDropped: 5 },
      ['unknown', 0, '_HSOC.Verdict'],
    ],
    [
      'a strange word is passed over',
      { _HSOC: { Verdict: 'maybe' }, FlowCountDropped: 5 },
      ['dropped', 1_000_000, 'FlowCountDropped'],
    ],
    [
      'three quarters of flows',
      { FlowCount: 4000, FlowCountDropped: 3000 },
      ['partial', 750_000, 'FlowCountDropped'],
    ],
    ['all flows', { FlowCount: 4, FlowCountDropped: 4 }, ['dropped', 1_000_000, 'FlowCountDropped']],
    ['no flow', { FlowCount: 4, FlowCountDropped: 0 }, ['passed', 0, 'FlowCountDropped']],
    ['dropped of an unknown total', { FlowCountDropped: 3 }, ['dropped', 1_000_000, 'FlowCountDropped']],
    ['nothing of nothing', { FlowCount: 0, FlowCountDropped: 0 }, ['unknown', 0, 'FlowCountDropped']],
    [
      'flows before packets',
      { FlowCountDropped: 0, FlowCount: 2, PacketCountDropped: 9 },
      ['passed', 0, 'FlowCountDropped'],
    ],
    ['packets', { PacketCountDropped: 1, PacketCount: 3 }, ['partial', 333_333, 'PacketCountDropped']],
    ['bytes', { ByteCountDropped: 9, ByteCount: 3 }, ['dropped', 1_000_000, 'ByteCountDropped']],
    [
      'nearly all is not all',
      { FlowCount: 1e9, FlowCountDropped: 999_999_999 },
      ['partial', 999_999, 'FlowCountDropped'],
    ],
    ['hardly any is not none', { FlowCount: 1e9, FlowCountDropped: 1 }, ['partial', 1, 'FlowCountDropped']],
    [
      'a sample of passed traffic',
      sample('Forwarded: a', 'Forwarded: b', ''),
      ['passed', 0, 'Attach.Content'],
    ],
    [
      'a sample of dropped traffic',
      sample('Dropped: a', 'Dropped: b'),
      ['dropped', 1_000_000, 'Attach.Content'],
    ],
    [
      'a mixed sample',
      sample('Dropped: a', 'Forwarded: b', 'Forwarded: c', 'Dropped: d'),
      ['partial', 500_000, 'Attach.Content'],
    ],
    ['any other text', sample('Dropped: a', 'and so on'), ['unknown', 0, null]],
    ['another word', sample('Seen: a'), ['unknown', 0, null]],
    ['nothing', {}, ['unknown', 0, null]],
    [
      'nonsense',
      { _HSOC: null, Attach: [null, 3, { Content: 5 }], FlowCountDropped: '3' },
      ['unknown', 0, null],
    ],
    ['a negative counter', { FlowCountDropped: -1, FlowCount: 3 }, ['unknown', 0, null]],
  ])('%s', (_, idea, expected) => {
    expect(told(idea)).toEqual(expected)
  })

  it('falls back on what the coordinator set for the sensor, never before', () => {
    expect(told({}, 1)).toEqual(['dropped', 1_000_000, 'sender default'])
    expect(told({ FlowCountDropped: 0, FlowCount: 2 }, 1)).toEqual(['passed', 0, 'FlowCountDropped'])
    expect(told({}, 0)).toEqual(['unknown', 0, null])
  })
})
