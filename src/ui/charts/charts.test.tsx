import { describe, expect, test } from 'vitest'
import { addDays, hoursOf } from '../../platform/dates.ts'
import { translator } from '../../platform/i18n.ts'
import { Bars, CalendarHeat, fragment, HourStrip, Sparkline, TimelineBar } from '../index.ts'

const t = translator('cs')
const now = Date.parse('2026-11-20T21:42:10Z')
const hostile = '"><script>alert(1)</script>'

const points = (day: string) =>
  hoursOf(day).map((at, index) => ({
    at,
    dropped: 900,
    passed: index === 13 ? 100 : 0,
    unknown: 0,
    href: `/h/${index}`,
  }))

describe('the strip of hours', () => {
  test('draws each hour, opens it, and says the same in a table', () => {
    const strip = fragment(<HourStrip t={t} title="Události po hodinách" points={points('2026-11-20')} />)
    expect(strip.match(/class="hour" href/g)).toHaveLength(24)
    expect(strip.match(/bar bar-passed/g)).toHaveLength(1)
    expect(strip.match(/<th scope="row"><a href="\/h\//g)).toHaveLength(24)
    expect(strip).toContain('Nejvíce za hodinu 1\u00a0000 (13:00).')
  })

  test.each([
    ['2026-03-29', 23],
    ['2026-10-25', 25],
  ])('%s is drawn with its %d hours', (day, hours) => {
    const strip = fragment(<HourStrip t={t} title="Den" points={points(day)} />)
    expect(strip).toContain(`viewBox="0 0 ${hours * 10} 100"`)
  })

  test('what got through stays visible beside a flood of the dropped', () => {
    const [point] = points('2026-11-20')
    const flood = [{ ...(point ?? { at: now, href: '/' }), dropped: 1_000_000, passed: 1, unknown: 0 }]
    expect(fragment(<HourStrip t={t} title="Den" points={flood} />)).toMatch(/bar-passed"[^>]*height="1.5"/)
  })

  test('a day without events says so', () => {
    const nothing = points('2026-11-20').map((point) => ({ ...point, dropped: 0, passed: 0 }))
    const strip = fragment(<HourStrip t={t} title="Den" points={nothing} />)
    expect(strip).toContain(t('ui.chart.noData'))
    expect(strip).not.toContain('class="bar')
  })
})

test('bars are a table: name, drawing, number, usual', () => {
  const bars = fragment(
    <Bars
      t={t}
      title="Podle druhu"
      items={[
        { key: 'a', name: hostile, value: 2_000, usual: 1_000, passed: 1, href: '/a' },
        { key: 'b', name: 'Průzkum', value: 500 },
      ]}
    />,
  )
  expect(bars).not.toContain('<script')
  expect(bars).toContain('width="25"')
  expect(bars).toContain('d="M50 0V10"')
  expect(bars).toContain('obvykle 1\u00a0000')
})

test('a sparkline leaves a gap where nothing is known', () => {
  const line = fragment(<Sparkline title="30 dní" values={[1, 2, null, 3, 4]} />)
  expect(/ d="([^"]+)"/.exec(line)?.[1]?.match(/M/g)).toHaveLength(2)
  expect(line).toContain('<title>30 dní</title>')
  expect(fragment(<Sparkline title="nic" values={[]} />)).not.toContain('NaN')
})

test('the calendar has thirteen weeks from Monday, links for days with data, none for the future', () => {
  const until = '2026-11-20'
  const values = new Map([
    [until, 100],
    [addDays(until, -1), 0],
  ])
  const heat = fragment(
    <CalendarHeat
      t={t}
      title="Čtvrt roku"
      values={values}
      until={until}
      selected={until}
      hrefOf={(day) => `/days/${day}`}
    />,
  )
  expect(heat.match(/<th scope="col"/g)).toHaveLength(13)
  expect(heat.match(/href="\/days\//g)).toHaveLength(2)
  expect(heat).toContain('aria-current="date"')
  expect(heat).toContain('pátek 20. listopadu 2026: 100 událostí')
  expect(heat).not.toContain('21. listopadu')
})

test('a moment at the very end of a timeline is still drawn inside it', () => {
  const bar = fragment(
    <TimelineBar
      t={t}
      title="30 dní"
      now={now}
      from={now - 1_000}
      to={now}
      spans={[{ from: now, to: now, label: hostile, href: '/e' }]}
    />,
  )
  expect(bar).toContain('x="992"')
  expect(bar).not.toContain('<script')
})

test('no chart carries a style of its own: the policy would drop it', () => {
  const strip = fragment(<HourStrip t={t} title="Den" points={points('2026-11-20')} />)
  expect(strip).not.toMatch(/style[=>]/)
})
