import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fits, longestBody, toHtml } from './markdown.ts'

const tags = /^(p|h[2-6]|ul|ol|li|em|strong|s|code|pre|blockquote|hr|br|a|table|thead|tbody|tr|th|td|div)$/
/** An empty address is the page itself. */
const link = /^(https?:\/\/|mailto:|\/(?!\/)|#|$)/i

/** Everything in the HTML that is not on the list of what a text may become. */
function strange(html: string): string[] {
  const found: string[] = []
  for (const [whole, name = '', rest = ''] of html.matchAll(/<\/?([a-zA-Z0-9]*)([^>]*)>/g)) {
    if (!tags.test(name)) found.push(whole)
    for (const [, attribute = '', value = ''] of rest.matchAll(/([^\s=]+)="([^"]*)"/g)) {
      if (attribute === 'href' && !link.test(value)) found.push(whole)
      if (!['href', 'title', 'class', 'start', 'tabindex'].includes(attribute)) found.push(whole)
    }
  }
  return found
}

describe('the Markdown of a text', () => {
  it('becomes headings under the title, lists, tables and links', () => {
    const html = toHtml(
      '# Nadpis\n\n- jedna\n- **dvě**\n\n[odkaz](https://hsoc.example/cs)\n\n| a | b |\n|--|--:|\n| 1 | 2 |',
    )
    expect(html).toContain('<h2>Nadpis</h2>')
    expect(html).toContain('<strong>dvě</strong>')
    expect(html).toContain('<a href="https://hsoc.example/cs">odkaz</a>')
    expect(html).toContain('<td class="cell-number">2</td>')
    expect(strange(html)).toEqual([])
    expect(html).toContain('<div class="table-frame" tabindex="0"><table>')
  })

  it('has headings in order, whatever levels were written', () => {
    expect(toHtml('# a\n\n#### b\n\n## c\n\n### d').match(/<h\d>/g)).toEqual(['<h2>', '<h3>', '<h2>', '<h3>'])
    expect(toHtml('###### a\n\nb\n===').match(/<\/h\d>/g)).toEqual(['</h2>', '</h2>'])
  })

  it('shows HTML as text', () => {
    const html = toHtml('<script>alert(1)</script>\n\n<img src=x onerror=alert(1)> a <b>b</b>')
    expect(html).not.toMatch(/<(script|img|b)\b/)
    expect(html).toContain('&lt;script&gt;')
  })

  it.each([
    'javascript:alert(1)',
    'JaVaScRiPt:alert(1)',
    'data:text/html,x',
    'vbscript:x',
    'file:///etc/passwd',
    '//foreign.example/x',
    '/\\foreign.example',
    'ftp://foreign.example',
    'java&#10;script:alert(1)',
  ])('makes no link of %s', (address) => {
    expect(toHtml(`[odkaz](${address})`)).not.toContain('<a ')
    expect(toHtml(`[odkaz](<${address}>)`)).not.toContain('<a ')
  })

  it('links to web, mail and our own pages', () => {
    for (const address of [
      'https://a.example/?x=1',
      'http://a.example',
      'mailto:csirt@hsoc.example',
      '/cs/kontakt',
      '#dole',
    ])
      expect(toHtml(`[odkaz](${address})`)).toContain('<a href=')
  })

  it('leaves pictures out', () => {
    expect(toHtml('![sledování](https://foreign.example/x.gif)')).not.toContain('<img')
  })

  it('is refused when its page would be too long', () => {
    expect(fits('')).toBe(true)
    expect(fits('a'.repeat(longestBody))).toBe(true)
    expect(fits('a'.repeat(longestBody + 1))).toBe(false)
    expect(fits('&'.repeat(longestBody))).toBe(false)
  })

  it('stays harmless whatever is written', { timeout: 120_000 }, () => {
    const piece = fc.oneof(
      fc.string({ maxLength: 40 }),
      fc.string({ unit: 'binary', maxLength: 40 }),
      fc.constantFrom(
        '<script>',
        '<img src=x onerror=y>',
        '[a](',
        'javascript:',
        ')',
        '![',
        '](',
        '<a href="',
        '"',
        "'",
        '`',
        '> ',
        '|',
        '--',
        '\n',
        '\n\n',
        '#',
        '&#106;',
        '\\',
        '//x.example',
        '<http://x>',
        '<',
        '\t',
      ),
    )
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 25 }), (pieces) => {
        expect(strange(toHtml(pieces.join('')))).toEqual([])
      }),
      { numRuns: 10_000 },
    )
  })

  it('takes deep nesting without trouble', () => {
    for (const mark of ['> ', '- ', '[', '*', '`', '1. '])
      expect(strange(toHtml(`${mark.repeat(6_000)}x`))).toEqual([])
  })
})
