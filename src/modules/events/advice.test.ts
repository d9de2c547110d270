import { expect, test } from 'vitest'
import { readContent } from '../../platform/content.ts'
import { langs, type Params, placesOf } from '../../platform/i18n.ts'
import { adviceFor, ruleText, serviceIn, suppressionText } from './advice.ts'
import { categories } from './classes.ts'
import { verdicts } from './event.ts'

type Both = { cs: string; en: string }
const sides = ['target', 'source'] as const
const refined = ['Attempt', 'Recon', 'Vulnerable']
const services = (readContent('services.json') as { services: { service: string }[] }).services.map(
  (s) => s.service,
)
const ownClasses = [
  'sensor-silent',
  'sensor-losing',
  'heartbeat-missing',
  'volume-rise',
  'volume-fall',
  'campaign',
  'campaign-dropped',
  'first-warning',
]
const classes = [
  ...categories.map((category) => category.slug),
  ...categories
    .filter((category) => refined.includes(category.top))
    .flatMap((category) => services.map((service) => `${category.slug}-${service}`)),
  ...ownClasses,
]
const czech = /[áčďéěíňóřšťúůýž]/i

const shelf = (name: string) => readContent(`advice/${name}.json`) as Record<string, Record<string, unknown>>
const shelves =
  'abusive malware recon attempt intrusion availability information fraud vulnerable anomaly other own'.split(
    ' ',
  )
const steps = { ...shelf('steps-quick'), ...shelf('steps-today') } as Record<string, { text: Both }>

/** All pairs of languages anywhere inside a content file. */
function pairsIn(value: unknown): Both[] {
  if (value === null || typeof value !== 'object') return []
  if ('cs' in value || 'en' in value) return [value as Both]
  return Object.values(value).flatMap(pairsIn)
}

test('every class gives complete advice to both sides in both languages, whatever the verdict', () => {
  for (const baseClass of classes)
    for (const side of sides)
      for (const lang of langs)
        for (const verdict of verdicts) {
          const advice = adviceFor(baseClass, side, lang, { verdict })
          const where = `${baseClass} ${side} ${lang}`
          for (const text of [advice.title, advice.happened, advice.outcome, advice.manager])
            expect(text?.trim().length, where).toBeGreaterThan(10)
          expect(advice.title, where).not.toMatch(/[.{]|^.{96}/)
          expect(advice.happened, where).not.toContain('{')
          for (const list of [advice.quick, advice.today]) {
            expect(list.length, where).toBeGreaterThanOrEqual(3)
            expect(list.length, where).toBeLessThanOrEqual(5)
            expect(new Set(list.map((step) => step.id)).size, where).toBe(list.length)
          }
          expect(advice.manager.split(/(?<=\.)\s/).length, where).toBeLessThanOrEqual(3)
          expect(advice.blocked !== undefined, where).toBe(verdict === 'dropped')
          expect(advice.passed !== undefined, where).toBe(verdict === 'passed' || verdict === 'partial')
        }
})

test('the words are calm, in both languages, and correct Czech', () => {
  const content = [...shelves.map(shelf), steps, shelf('outcomes'), readContent('rules-text.json')]
  const pairs = content.flatMap(pairsIn)
  expect(pairs.length).toBeGreaterThan(400)
  for (const pair of pairs) {
    expect(Object.keys(pair).sort()).toEqual(['cs', 'en'])
    for (const text of Object.values(pair)) {
      expect(text).not.toContain('!')
      expect(text, text).toBe(text.trim())
      expect(text, text).not.toContain('  ')
    }
    expect(pair.cs).toMatch(czech)
    expect(pair.en).not.toMatch(/[ěščřžůď]/)
  }
})

test('no text names a class, a step or a service that does not exist', () => {
  for (const name of shelves)
    for (const key of Object.keys(shelf(name)))
      expect([...classes, 'vulnerable-amplifier'], `${key} in ${name}.json`).toContain(key)
  expect(Object.keys(shelf('services'))).toEqual(services)
  const used = new Set(
    classes.flatMap((c) =>
      sides.flatMap((side) => {
        const { quick, today } = adviceFor(c, side, 'cs', { verdict: 'unknown' })
        return [...quick, ...today].map((step) => step.id)
      }),
    ),
  )
  expect(Object.keys(steps).filter((id) => !used.has(id))).toEqual([])
})

test('whoever is told to take a device off the network is told to ask the department about medical ones', () => {
  const told = classes.flatMap((baseClass) =>
    sides.map((side) => ({
      of: `${baseClass} ${side}`,
      steps: adviceFor(baseClass, side, 'cs', { verdict: 'passed' }).quick.map(({ id }) => id),
    })),
  )
  const isolating = told.filter(({ steps }) => steps.includes('isolate'))
  expect(isolating.length).toBeGreaterThan(5)
  expect(isolating.filter(({ steps }) => !steps.includes('medical-device'))).toEqual([])
})

test('what a class does not say comes from the class above it', () => {
  const passed = { verdict: 'passed' } as const
  const ssh = adviceFor('attempt-login-ssh', 'source', 'cs', passed)
  expect(ssh.title).toBe('Z vaší adresy někdo hádá hesla k cizím serverům (SSH)')
  expect(ssh.quick).toEqual(adviceFor('attempt-login', 'source', 'cs', passed).quick)
  expect(ssh.manager).toBe(adviceFor('attempt', 'source', 'cs', passed).manager)
  expect(adviceFor('attempt-login-unheard', 'target', 'en', passed).happened).toBe(
    adviceFor('attempt-login', 'target', 'en', passed).happened,
  )
  expect(adviceFor('never-seen', 'target', 'en', passed).title).toBe(
    adviceFor('other', 'target', 'en', passed).title,
  )
})

test('a service without words of its own is named in the general sentence', () => {
  const scan = adviceFor('recon-scanning-vnc', 'target', 'cs', { verdict: 'dropped' })
  expect(scan.title).toBe('Někdo z internetu zkouší, zda u vás odpovídá vzdálená plocha (VNC)')
  const amplifier = adviceFor('vulnerable-open-dns', 'source', 'cs', { verdict: 'unknown' })
  expect(amplifier.happened).toContain('zahlcení někoho jiného')
  expect(amplifier.quick.map((step) => step.id)).toContain('udp-listening')
  expect(serviceIn('recon-scanning-rdp', 'en')).toBe('remote desktop (RDP)')
  expect(serviceIn('recon-scanning', 'en')).toBeNull()
})

test('what no traffic stands behind is not said to have let any through', () => {
  for (const own of ['sensor-silent', 'sensor-losing', 'volume-fall', 'first-warning'])
    for (const side of sides) {
      expect(adviceFor(own, side, 'cs', { verdict: 'unknown' }).outcome, own).not.toContain('provoz k vám')
      expect(adviceFor(own, side, 'en', { verdict: 'unknown' }).outcome, own).not.toContain('does not say')
    }
})

test('dropped traffic is never said to have arrived, unknown is never said to have been stopped', () => {
  const outcome = (verdict: (typeof verdicts)[number]) =>
    adviceFor('attempt-login', 'target', 'cs', { verdict }).outcome
  expect(outcome('dropped')).toContain('nedorazily')
  expect(outcome('passed')).toContain('došly')
  expect(outcome('partial')).toContain('část k vám došla')
  expect(outcome('unknown')).toContain('neříká')
})

const params: Params = {
  host: '192.0.2.1',
  source: '198.51.100.7',
  sensor: 'demo',
  kind: 'SSH',
  n: 5,
  value: 1200,
  threshold: 20,
  usual: 60,
  limit: 5,
  minutes: 60,
  days: 7,
  band: '5–10',
  rule: 'W1',
  report: 'HSOC-D-2026-000123',
  until: '22. 11. 2026',
  filter: 'tisk',
  list: 'Censys',
  exercise: 'podzim',
  test: 'externí test',
}

test('each rule has a title without figures, an answer without addresses and an explanation with its figures', () => {
  const { rules } = readContent('rules-text.json') as { rules: Record<string, Record<string, Both>> }
  for (const rule of ['W1', 'W2', 'W3', 'W5', 'W6', 'W7']) expect(rules).toHaveProperty(rule)
  for (const [rule, parts] of Object.entries(rules)) {
    for (const part of ['title', 'answer'])
      expect(placesOf(`${parts[part]?.cs}${parts[part]?.en}`)).toEqual([])
    expect(placesOf(parts.explanation?.cs ?? '')).toEqual(placesOf(parts.explanation?.en ?? ''))
    for (const lang of langs) expect(ruleText(rule, lang, params).explanation).not.toMatch(/[{}]/)
  }
})

test('each reason for silence has its sentence', () => {
  const codes =
    `dropped-only below-threshold within-report-threshold member-filter research-scanner warning-list
    quiet-class budget test exercise duplicate archive-only no-match announced-test`.split(/\s+/)
  const { suppressions } = readContent('rules-text.json') as { suppressions: Record<string, Both> }
  expect(Object.keys(suppressions)).toEqual(codes)
  for (const code of codes) {
    expect(placesOf(suppressions[code]?.cs ?? '')).toEqual(placesOf(suppressions[code]?.en ?? ''))
    for (const lang of langs) expect(suppressionText(code, lang, params)).toMatch(/^[^{}]{20,}\.$/)
  }
})
