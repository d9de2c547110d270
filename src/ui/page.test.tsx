import { expect, test } from 'vitest'
import { translator } from '../platform/i18n.ts'
import { html, Page } from './index.ts'

const now = Date.parse('2026-11-21T11:30:05Z')
const hostile = '"><script>alert(1)</script>'

function frame(lang: 'cs' | 'en') {
  const t = translator(lang)
  return html(
    <Page
      t={t}
      title={hostile}
      path={`/warnings?q=${hostile}`}
      nonce="abc"
      now={now}
      csrf="token"
      actor={{
        name: 'Jana Nováková',
        organisations: [{ id: 1, name: 'Nemocnice Lipová' }],
        roles: ['admin'],
      }}
      nav={[{ key: 'home', href: '/', label: 'Co se nás týká', count: 3 }]}
      active="home"
    >
      <p>{hostile}</p>
    </Page>,
  )
}

test('a page is a complete document in the reader’s language', () => {
  const page = frame('cs')
  expect(page).toMatch(/^<!doctype html><html lang="cs"/)
  expect(page).toContain('href="#content"')
  expect(page).toContain('aria-current="page"')
  expect(page).toContain('Nemocnice Lipová')
  expect(frame('en')).toContain('IT administrator')
})

test('hostile text stays text, in titles, attributes and content', () => {
  const page = frame('cs')
  expect(page).not.toContain('<script>alert')
  expect(page.match(/&lt;script>|&lt;script&gt;/g)?.length).toBeGreaterThanOrEqual(3)
})

test('a page carries no inline style, no inline script and no foreign address', () => {
  const page = frame('cs')
  expect(page).not.toMatch(/\sstyle=/)
  expect(page).not.toMatch(/\son[a-z]+=/)
  expect(page).not.toMatch(/<script(?![^>]*src=)/)
  expect(page).not.toMatch(/(src|href)="(https?:)?\/\//)
})

test('what is used seldom stands behind "More" in its part; the place we are in stands in the row', () => {
  const t = translator('en')
  const nav = [
    { key: 'home', href: '/', label: 'Today' },
    { key: 'keys', href: '/keys', label: 'API keys', more: 'care' as const },
    { key: 'groups', href: '/groups', label: 'Groups', more: 'community' as const },
  ]
  const props = { t, title: 'T', path: '/', nonce: 'abc', now, nav }
  const [row, more] = html(<Page {...props} active="groups" />).split('nav-more')
  expect(row).toContain('<a href="/groups" aria-current="page">')
  expect(more).toContain('Administration')
  expect(more).toContain('href="/keys"')
  expect(more).not.toContain('Community')
  expect(html(<Page {...props} nav={nav.slice(0, 1)} />)).not.toContain('nav-more')
})
