import { describe, expect, it } from 'vitest'
import { validate } from '../idea.ts'
import { formatOf, formats, type Outcome, relay, type SensorFacts, toIdea } from './index.ts'
import { profiles } from './profile-table.ts'

const receivedMs = Date.UTC(2026, 2, 3, 8, 0, 0)
const sensor: SensorFacts = { name: 'cz.hsoc.nem_a.fw1', inline: false, receivedMs }

const ideaOf = (outcome: Outcome) => {
  if (!('idea' in outcome)) throw new Error(JSON.stringify(outcome))
  expect(validate(outcome.idea)).toEqual([])
  // biome-ignore lint/suspicious/noExplicitAny: a test looks into the event freely
  return outcome.idea as any
}

describe('formats', () => {
  it('are those of the generic door', () => {
    expect(formats()).toEqual(
      expect.arrayContaining([
        'idea',
        'eve',
        'csv',
        'simple',
        'heralding',
        'cowrie',
        'dionaea',
        'cisco-asa-honeypot',
        'zeek-notice',
        'fail2ban',
        'crowdsec',
      ]),
    )
    expect(profiles().byName.get('simple')?.title.cs).toBeTruthy()
  })

  it.each([
    [undefined, undefined, 'idea'],
    ['application/json; charset=utf-8', undefined, 'idea'],
    ['application/x-ndjson', 'eve', 'eve'],
    ['application/x-www-form-urlencoded', 'Simple', 'simple'],
    ['application/vnd.suricata.eve+json', undefined, 'eve'],
    ['application/x-ndjson; format=heralding', undefined, 'heralding'],
    ['text/csv; charset=utf-8; header=present', undefined, 'csv'],
    ['image/png', undefined, undefined],
    ['application/json', 'nonsense', undefined],
    ['constructor', undefined, undefined],
  ])('%s with %s is %s', (type, query, format) => {
    expect(formatOf(type, query)).toBe(format)
  })
})

describe('IDEA by the generic door', () => {
  const node = { Name: 'cz.x.tarpit', Type: ['Tarpit'] }

  it('gets the sensor as the first node', () => {
    const idea = {
      Format: 'IDEA0',
      ID: 'n1',
      DetectTime: '2026-03-03T07:50:11Z',
      Category: ['Other'],
      Node: [node],
    }
    expect(ideaOf(toIdea('idea', { value: idea }, sensor))).toEqual({
      ...idea,
      Node: [{ Name: sensor.name, Type: ['Relay'] }, node],
    })
    expect(idea.Node).toEqual([node])
  })

  it('is left alone when the sensor is there, and given a node when none is', () => {
    const own = { Node: [{ Name: 'CZ.hsoc.nem_a.fw1', Type: ['Flow'] }, node] }
    expect(relay(own, sensor.name)).toBe(own)
    expect(relay({ ID: 'n1' }, sensor.name)).toEqual({ ID: 'n1', Node: [{ Name: sensor.name }] })
    expect(relay({ Node: 'odd' }, sensor.name)).toEqual({ Node: 'odd' })
  })

  it('may lack Format and identifier, nothing else', () => {
    const idea = ideaOf(
      toIdea('idea', { value: { DetectTime: '2026-03-03T07:50:11Z', Category: ['Other'] } }, sensor),
    )
    expect(idea.ID).toMatch(/^[0-9a-f-]{36}$/)
    const bare = toIdea('idea', { value: { ID: 'n1' } }, sensor)
    expect('idea' in bare && validate(bare.idea).map(({ expected }) => expected)).toEqual(
      expect.arrayContaining(['Category is required', 'DetectTime is required']),
    )
    expect(toIdea('idea', { value: [1] }, sensor)).toEqual({ error: 'not a JSON object' })
  })
})
