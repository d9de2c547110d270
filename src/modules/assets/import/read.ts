/** A file with assets, whichever of the formats it is: told by its content, not by its name. */
import type { T } from '../../../platform/i18n.ts'
import { decode, listed, noFaults, readGrid } from '../../members/index.ts'
import { linesOfJson, linesOfXmlBom } from './cyclonedx.ts'
import { mostBytes, mostLines, type Read, Unreadable } from './line.ts'
import { linesOfNmap } from './nmap.ts'
import { linesOfTable } from './table.ts'
import { readXml, record } from './xml.ts'

/** What keeps a file from being read, in the reader's words. */
export interface Problem {
  line: number
  value: string
  problem: string
}

export type Outcome = { read: Read; problems: [] } | { read: null; problems: Problem[] }

/** Lines and refusals, or what keeps the file from being read. `fallback` is the kind of what does not say one. Never throws for bad input. */
export async function readAssets(bytes: Buffer, fileName: string, fallback: string, t: T): Promise<Outcome> {
  try {
    if (bytes.length === 0) throw new Unreadable('empty')
    if (bytes.length > mostBytes) throw new Unreadable('tooLarge')
    const read = readKnown(bytes, fallback)
    if (read) return { read, problems: [] }
    const faults = noFaults(t.lang)
    const rows = await readGrid(bytes, fileName, faults, {
      ...{ bytes: mostBytes, lines: mostLines + 1, computed: true },
    })
    if (rows === null) return { read: null, problems: listed(faults).errors }
    return { read: linesOfTable(rows, fallback), problems: [] }
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error
    return {
      read: null,
      problems: [{ line: 0, value: '', problem: t(`assets.file.${error.message}`, { about: error.about }) }],
    }
  }
}

/** JSON and XML by their first character; null for anything that is to be tried as a table. */
function readKnown(bytes: Buffer, fallback: string): Read | null {
  const first = /^(?:\xef\xbb\xbf)?\s*([{<])/.exec(bytes.toString('latin1', 0, 1_000))?.[1]
  if (!first) return null
  const decoded = decode(bytes)
  if (!decoded.ok) throw new Unreadable('encoding')
  const text = decoded.text.replace(/^\uFEFF/, '')
  if (first === '{') return linesOfJson(text, fallback)
  const document = readXml(text)
  if ('nmaprun' in document) return linesOfNmap(record(document.nmaprun))
  const read = linesOfXmlBom(document, text, fallback)
  if (!read) throw new Unreadable('otherXml')
  return read
}
