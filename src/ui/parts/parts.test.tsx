import { describe, expect, test } from 'vitest'
import { translator } from '../../platform/i18n.ts'
import {
  Button,
  Code,
  Field,
  FilterBar,
  Form,
  fragment,
  KeysetPager,
  Live,
  Notice,
  SeverityBadge,
  severityNames,
  Table,
  Tabs,
  Time,
  TlpChip,
} from '../index.ts'

const t = translator('cs')
const now = Date.parse('2026-11-20T21:42:10Z')
const hostile = '"><img src=x onerror=alert(1)>'

describe('severity and sharing are told by words', () => {
  test.each(severityNames.map((name, level) => [name, level] as const))(
    '%s has its word and its shape',
    (name, level) => {
      const badge = fragment(<SeverityBadge t={t} severity={name} />)
      expect(badge).toContain(t(`ui.severity.${name}`))
      expect(badge).toContain('aria-hidden="true"')
      expect(fragment(<SeverityBadge t={t} severity={level as 0 | 1 | 2 | 3 | 4} />)).toBe(badge)
    },
  )

  test('the TLP label is written as the standard writes it, with its meaning on hover', () => {
    expect(fragment(<TlpChip t={t} tlp="AMBER+STRICT" />)).toBe(
      '<abbr class="tlp tlp-amber-strict" title="Jen uvnitř organizace příjemce">TLP:AMBER+STRICT</abbr>',
    )
  })
})

test('a time shows its distance, and its exact moment on hover and on paper', () => {
  const time = fragment(<Time t={t} at={now - 360_000} now={now} />)
  expect(time).toContain('datetime="2026-11-20T21:36:10.000Z"')
  expect(time).toContain('před 6 minutami')
  expect(time).toContain('SEČ')
})

describe('a field', () => {
  test('ties label, hint and error to its control', () => {
    const field = fragment(
      <Field label="E-mail" name="email" type="email" hint="Služební" error="Chybí zavináč." required />,
    )
    const id = /<label for="([^"]+)"/.exec(field)?.[1]
    expect(field).toContain(`id="${id}"`)
    expect(field).toContain(`aria-describedby="${id}-hint ${id}-error"`)
    expect(field).toContain('aria-invalid="true"')
    expect(field).toContain('required')
  })

  test.each(['text', 'textarea', 'select'] as const)(
    'of type %s keeps a hostile value as a value',
    (type) => {
      const options = [{ value: hostile, label: hostile }]
      const field = fragment(<Field label={hostile} name="q" type={type} value={hostile} options={options} />)
      expect(field).not.toContain('<img')
    },
  )

  test('of several with one name have different ids', () => {
    const form = fragment(
      <Form action="/x" csrf="token">
        <Field label="A" name="q" />
        <Field label="B" name="q" />
      </Form>,
    )
    const ids = [...form.matchAll(/<input id="([^"]+)"/g)].map((match) => match[1])
    expect(new Set(ids).size).toBe(2)
    expect(form).toContain('name="_csrf" value="token"')
  })
})

test('a disabled button says why, to everybody', () => {
  const button = fragment(<Button disabledReason="Kritické nelze vypnout.">Vypnout</Button>)
  const id = /aria-describedby="([^"]+)"/.exec(button)?.[1]
  expect(button).toContain('disabled')
  expect(button).toContain(`id="${id}">Kritické nelze vypnout.`)
})

test('a link that looks like a button but may not be used is no link', () => {
  const button = fragment(
    <Button href="/danger" disabledReason="Nemáte právo.">
      Smazat
    </Button>,
  )
  expect(button).not.toContain('href')
})

describe('a table', () => {
  const rows = [
    { address: hostile, events: 1_200 },
    { address: '2001:db8::1', events: 3 },
  ]
  const table = fragment(
    <Table
      caption="Zdroje"
      rows={rows}
      rowKey={(row) => row.address}
      rowHref={(row) => `/sources/${encodeURIComponent(row.address)}`}
      yours={(row) => row.events === 3}
      columns={[
        { key: 'address', label: 'Adresa', main: true, kind: 'mono', cell: (row) => row.address },
        {
          key: 'events',
          label: 'Události',
          kind: 'number',
          sort: { href: '?sort=events', direction: 'desc' },
          cell: (row) => t.number(row.events),
        },
      ]}
    />,
  )

  test('names its columns, its rows, and each cell for the cards of a phone', () => {
    expect(table).toContain('<caption>Zdroje</caption>')
    expect(table.match(/scope="row"/g)).toHaveLength(2)
    expect(table).toContain('aria-sort="descending"')
    expect(table.match(/data-label="Události"/g)).toHaveLength(2)
    expect(table).toContain('<tr class="yours"')
  })

  test('keeps hostile cells as text', () => {
    expect(table).not.toContain('<img')
  })

  test('without rows shows what to do instead', () => {
    const empty = fragment(
      <Table caption="Zdroje" rows={[]} rowKey={String} columns={[]} empty={<p>Nic dnes nepřišlo.</p>} />,
    )
    expect(empty).toBe('<p>Nic dnes nepřišlo.</p>')
  })
  test('marks a cell that says nothing, which a card on a phone leaves out', () => {
    const table = fragment(
      <Table
        caption="Zařízení"
        rows={[{ name: 'Pumpa', zone: '–' }]}
        rowKey={(row) => row.name}
        columns={[
          { key: 'name', label: 'Název', main: true, cell: (row) => row.name },
          { key: 'zone', label: 'Zóna', cell: (row) => row.zone },
        ]}
      />,
    )
    expect(table).toContain('<td class="cell-blank" data-label="Zóna">–</td>')
  })
})

test('a pager offers only the ways that exist', () => {
  expect(fragment(<KeysetPager t={t} shown={50} />)).toBe('')
  expect(fragment(<KeysetPager t={t} shown={0} total={0} />)).toBe('')
  expect(fragment(<KeysetPager t={t} shown={4} total={4} />)).toContain('celkem 4')
  const pager = fragment(<KeysetPager t={t} shown={50} older="/warnings?after=7" />)
  expect(pager).toContain('rel="next"')
  expect(pager).not.toContain('rel="prev"')
})

test('the tab we are in is marked for those who do not see it', () => {
  const tabs = fragment(
    <Tabs
      t={t}
      label="Pohled"
      active="own"
      tabs={[{ key: 'own', label: 'Naše', href: '/own', count: 1_200 }]}
    />,
  )
  expect(tabs).toContain('aria-current="page"')
  expect(tabs).toContain('1\u00a0200')
})

test('a filter is a GET form, so that its state is an address', () => {
  const bar = fragment(
    <FilterBar t={t} action="/warnings" reset="/warnings">
      <Field label="Slovo" name="q" />
    </FilterBar>,
  )
  expect(bar).toContain('method="get"')
  expect(bar).toContain('type="submit"')
})

test('what went wrong interrupts a screen reader, the rest waits', () => {
  expect(fragment(<Notice kind="wrong" title="Nic jsme nezměnili" />)).toContain('role="alert"')
  expect(fragment(<Notice>Hotovo</Notice>)).toContain('role="status"')
})

test('an address to copy is text first; the button waits for the script', () => {
  const code = fragment(<Code t={t} text={hostile} copy />)
  expect(code).toContain(' hidden>Kopírovat</button>')
  expect(code).not.toContain('<img')
})

test('a live part is its content when there is no script', () => {
  const live = fragment(
    <Live id="list" topic="warnings">
      <p>Tři varování</p>
    </Live>,
  )
  expect(live).toContain('data-live-apply="wait"')
  expect(live).toContain('<p>Tři varování</p>')
})
