/**
 * Documents for paper: a template of `content/print/` with data. Each is made in a process of its own, without our secrets and within limits
 * of time and memory; text of people goes in as data and is never read as markup.
 */
import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { projectRoot } from './content.ts'
import { clock, dayOf, dayShort } from './dates.ts'
import { Invalid, Unavailable } from './errors.ts'
import type { Lang, T } from './i18n.ts'

/** A part of a sheet. `widths` are relative; a row has a cell for each column. */
export type SheetBlock =
  | { kind: 'heading' | 'text' | 'strong'; text: string }
  | { kind: 'facts'; rows: [label: string, value: string][] }
  | { kind: 'table'; columns: string[]; widths: number[]; rows: string[][] }

export interface Sheet {
  lang: Lang
  title: string
  /** At the head and foot of each page, such as `TLP:AMBER`; null for none. */
  mark: string | null
  /** At the head of each page: what and from whom. */
  head: string
  /** At the foot of each page: who printed it and when. */
  foot: string
  /** Across each page, faintly; null for none. */
  watermark: string | null
  blocks: SheetBlock[]
}

/** The data of each template. */
export interface Templates {
  sheet: Sheet
}

/** As this file itself was loaded: from the sources or as built. */
const maker = path.join(import.meta.dirname, `pdf-maker${import.meta.url.endsWith('.ts') ? '.ts' : '.js'}`)

/** All that the process may read of the disk: neither the data folder nor a file of settings. */
const readable = ['package.json', 'content/print', 'node_modules', 'src', 'dist']

export interface PdfLimits {
  longestMs: number
  /** Of data, as JSON, and of the document. */
  dataBytes: number
  pdfBytes: number
  /** What the process may hold. A page takes 80 MB, most of it the compiler and its fonts. */
  memoryBytes: number
  /** At work at once, and waiting for their turn. */
  atOnce: number
  waiting: number
}

const usual: PdfLimits = {
  longestMs: 20_000,
  dataBytes: 500_000,
  pdfBytes: 20_000_000,
  memoryBytes: 400_000_000,
  atOnce: 2,
  waiting: 20,
}

// Of signs that show nothing only the line break stays; those that turn the order of others around could make it say something else.
const unseen = /(?!\n)[\p{Cc}\p{Cs}\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu
const printable = (_: string, value: unknown): unknown =>
  typeof value === 'string' ? value.replace(/\r\n?/g, '\n').replace(unseen, ' ') : value

let working = 0
const turns: (() => void)[] = []

/** `Invalid` for more than fits on paper, `Unavailable` where it took too long or too much, or too many wait. */
export async function pdfOf<Name extends keyof Templates>(
  template: Name,
  data: Templates[Name],
  now: number,
  limits: Partial<PdfLimits> = {},
): Promise<Buffer> {
  const within = { ...usual, ...limits }
  const job = JSON.stringify({ template, data: JSON.stringify(data, printable), at: Math.floor(now / 1000) })
  if (Buffer.byteLength(job) > within.dataBytes) throw new Invalid('This is more than fits into one document')
  await turn(within)
  try {
    return await make(job, within)
  } finally {
    working--
    turns.shift()?.()
  }
}

async function turn({ atOnce, waiting }: PdfLimits): Promise<void> {
  if (working >= atOnce) {
    if (turns.length >= waiting) throw new Unavailable('Many documents are being made: try again in a minute')
    await new Promise<void>((go) => turns.push(go))
  }
  working++
}

function make(job: string, { longestMs, pdfBytes, memoryBytes }: PdfLimits): Promise<Buffer> {
  return new Promise((done, fail) => {
    const child = spawn(
      process.execPath,
      [
        ...[
          '--max-old-space-size=64',
          '--disable-warning=ExperimentalWarning',
          '--disable-warning=SecurityWarning',
        ],
        ...[
          '--permission',
          '--allow-addons',
          ...readable.map((one) => `--allow-fs-read=${path.join(projectRoot, one)}`),
        ],
        maker,
      ],
      // The environment holds the database's password and the secret: none of it goes along.
      { env: {}, cwd: '/', stdio: ['pipe', 'pipe', 'pipe'] },
    )
    const parts: Buffer[] = []
    let size = 0
    let said = ''
    const giveUp = (why: string): void => {
      said = why
      child.kill('SIGKILL')
    }
    const timer = setTimeout(() => giveUp('time'), longestMs)
    const watch = setInterval(() => {
      if (child.pid && heldBy(child.pid) > memoryBytes) giveUp('memory')
    }, 50)
    child.stdout.on('data', (part: Buffer) => {
      size += part.length
      if (size > pdfBytes) giveUp('size')
      else parts.push(part)
    })
    child.stderr.on('data', (part: Buffer) => {
      said = (said + part.toString('utf8')).slice(0, 1000)
    })
    child.stdin.on('error', () => {})
    child.on('error', (error) => {
      said = error.message
    })
    child.on('close', (code) => {
      clearTimeout(timer)
      clearInterval(watch)
      if (code === 0) done(Buffer.concat(parts))
      else fail(new Unavailable('The document could not be made', { cause: said }))
    })
    child.stdin.end(job)
  })
}

/** Bytes of memory that a process holds; 0 where the system does not say (only Linux does so by a file). */
function heldBy(pid: number): number {
  try {
    return Number(readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ')[1]) * 4096
  } catch {
    return 0
  }
}

/** Who printed it and when, at the foot and across each page (sharing.md 6); without a person the site alone. */
export function printedBy(
  t: T,
  { name, site }: { name: string | null; site: string },
  now: number,
  zone: string,
): Pick<Sheet, 'foot' | 'watermark'> {
  const when = `${dayShort(dayOf(now, zone), t, true)} ${clock(now, t, zone)}`
  if (name === null) return { foot: t('print.foot.nobody', { when, site }), watermark: null }
  return { foot: t('print.foot', { when, name }), watermark: t('print.watermark', { when, name }) }
}

/** A document as an answer: kept by nobody on the way, under its name. */
export const pdfHeaders = (name: string): Record<string, string> => ({
  'content-type': 'application/pdf',
  'content-disposition': `attachment; filename="${name.replace(/[^\w.+-]+/g, '-')}.pdf"`,
  'cache-control': 'no-store',
  'x-robots-tag': 'noindex',
})
