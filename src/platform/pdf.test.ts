import { describe, expect, it } from 'vitest'
import { tuesday } from '../../test/harness.ts'
import { readPdf } from '../../test/pdf-text.ts'
import { Invalid, Unavailable } from './errors.ts'
import { pdfHeaders, pdfOf, type Sheet } from './pdf.ts'

const sheet = (more: Partial<Sheet> = {}): Sheet => ({
  lang: 'cs',
  title: 'Příliš žluťoučký kůň: ě š č ř ž ď ť ň',
  mark: 'TLP:AMBER',
  head: 'hSOC · HSOC-2026-0007 v2',
  foot: 'Vytištěno 3. 3. 2026 9:00, Jana Správná',
  watermark: null,
  blocks: [{ kind: 'text', text: 'Zablokujte přílohy ZIP.' }],
  ...more,
})

describe('a document for paper', () => {
  it('says what it was given in Czech, with its label and who printed it on each page', async () => {
    const rows = Array.from({ length: 120 }, (_, n) => [`Služba ${n}`, '+420 555 010 010'])
    const made = await pdfOf(
      'sheet',
      sheet({ blocks: [{ kind: 'table', columns: ['Kdo', 'Kam'], widths: [1, 1], rows }] }),
      tuesday,
    )
    expect(made.subarray(0, 5).toString()).toBe('%PDF-')
    const read = await readPdf(made)
    expect(read.pages.length).toBeGreaterThan(2)
    for (const page of read.pages) {
      expect(page.match(/TLP:AMBER/g)).toHaveLength(2)
      expect(page).toContain('Vytištěno 3. 3. 2026 9:00, Jana Správná')
      expect(page).toContain('Kdo')
    }
    expect(read.pages[0]).toContain('Příliš žluťoučký kůň: ě š č ř ž ď ť ň')
    expect(read.pages.at(-1)).toContain('Služba 119')
  })

  it('can be read aloud: tagged, with its title and language', async () => {
    const read = await readPdf(await pdfOf('sheet', sheet({ lang: 'en', title: 'Phishing' }), tuesday))
    expect(read).toMatchObject({ tagged: true, title: 'Phishing' })
    expect((await pdfOf('sheet', sheet({ lang: 'en' }), tuesday)).toString('latin1')).toContain('/Lang (en)')
  })

  it('shows markup that somebody wrote as it was written, and runs none of it', async () => {
    const hostile = [
      '#read("/etc/passwd") #sys.version #panic("x") #import "sheet.typ": *',
      '*b* _i_ `k` $x^2$ [a](b) <l> @r = Nadpis // kom /* ant */ \\u{41} ~ -- ... "',
      '"); #eval("1+1") //',
      '{"kind":"heading"}',
    ]
    const made = await pdfOf(
      'sheet',
      sheet({
        title: '#set page(width: 1pt) \\',
        head: '#h',
        foot: '$f$',
        watermark: '#w',
        blocks: [
          ...hostile.map((text) => ({ kind: 'text' as const, text })),
          { kind: 'facts', rows: [['#a', '*b*']] },
          { kind: 'strong', text: '\u0000\u202e]#x \ud800 🏥 漢字' },
        ],
      }),
      tuesday,
    )
    const text = (await readPdf(made)).pages.join(' ')
    expect(text).toContain('#read("/etc/passwd") #sys.version')
    expect(text).toContain('*b* _i_ `k` $x^2$ [a](b) <l> @r = Nadpis // kom /* ant */')
    expect(text).toContain('#eval("1+1")')
    expect(text).toContain('#set page(width: 1pt)')
    expect(text).not.toContain('root:')
  })

  it('keeps long words on the page and empty texts quiet', async () => {
    const made = await pdfOf(
      'sheet',
      sheet({
        title: ' ',
        mark: null,
        blocks: [
          { kind: 'text', text: `${'a'.repeat(2_000)}\n\n\n\n` },
          { kind: 'text', text: '' },
        ],
      }),
      tuesday,
    )
    expect((await readPdf(made)).pages).toHaveLength(1)
  })

  it('is refused when it is too much, and given up when it takes too long or too much memory; the next is made', async () => {
    const huge = sheet({ blocks: [{ kind: 'text', text: 'a'.repeat(600_000) }] })
    await expect(pdfOf('sheet', huge, tuesday)).rejects.toBeInstanceOf(Invalid)
    await expect(pdfOf('sheet', sheet(), tuesday, { longestMs: 1 })).rejects.toBeInstanceOf(Unavailable)
    await expect(pdfOf('sheet', sheet(), tuesday, { pdfBytes: 100 })).rejects.toBeInstanceOf(Unavailable)
    await expect(pdfOf('sheet', { ...sheet(), blocks: 'x' as never }, tuesday)).rejects.toBeInstanceOf(
      Unavailable,
    )
    const limits = { atOnce: 1, waiting: 1 }
    const made = await Promise.allSettled([1, 2, 3].map(() => pdfOf('sheet', sheet(), tuesday, limits)))
    expect(made.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected'])
  })

  it('goes out under its name and is kept by nobody', () => {
    expect(pdfHeaders('HSOC-2026-0007-v2"\r\nX: y')).toMatchObject({
      'content-type': 'application/pdf',
      'content-disposition': 'attachment; filename="HSOC-2026-0007-v2-X-y.pdf"',
      'cache-control': 'no-store',
    })
  })
})
