/** A public register as a file that the operator loads: organisations with their number, name, address, region and kind. */
import { createHash } from 'node:crypto'
import { CsvError, parse } from 'csv-parse/sync'
import type { Actor } from '../../platform/access.ts'
import { record } from '../../platform/audit.ts'
import type { Tx } from '../../platform/database.ts'
import { Invalid } from '../../platform/errors.ts'
import { COORDINATORS } from '../../values/scopes.ts'
import { decode, fold, kindNamed, readIco, regionNamed } from '../members/index.ts'

export interface RegisterEntry {
  ico: string
  name: string
  address: string
  /** Code of NUTS 3, and one of our kinds; null where the file says nothing that we know. */
  nuts3: string | null
  kind: string | null
}

export interface RegisterFile {
  entries: RegisterEntry[]
  /** Lines that were left out, with the reason; the first hundred. */
  left: { line: number; why: 'ico' | 'name' }[]
  /** How many were left out in all. */
  leftOut: number
}

export const mostRegisterBytes = 64 * 1024 * 1024
const mostEntries = 300_000
const longestName = 300
const mostLeft = 100

/** How files call their columns, folded: Czech registers of providers and of economic subjects, and plain English. */
const titles = {
  ico: ['ico', 'ic', 'identifikacni cislo', 'registration number'],
  name: ['name', 'nazev', 'obchodni firma', 'nazev poskytovatele', 'poskytovatel', 'hospital name'],
  address: ['address', 'adresa', 'sidlo', 'adresa sidla'],
  region: ['region', 'kraj', 'nuts3', 'nuts 3', 'kraj kod'],
  kind: ['kind', 'druh', 'typ', 'druh zarizeni', 'typ zarizeni', 'facility type'],
} satisfies Record<string, string[]>
type Column = keyof typeof titles

/** Understands the file. Throws `Invalid` with a sentence for a file that cannot be read at all; single bad lines are left out and told. */
export function readRegister(bytes: Buffer): RegisterFile {
  if (bytes.length > mostRegisterBytes) throw new Invalid('The file is larger than 64 MB.', { file: 'large' })
  const decoded = decode(bytes)
  if (!decoded.ok) throw new Invalid('The file is neither UTF-8 nor windows-1250 text.', { file: 'encoding' })
  const [heading, ...rows] = rowsOf(decoded.text)
  const places = placesOf(heading ?? [])
  const file: RegisterFile = { entries: [], left: [], leftOut: 0 }
  for (const [index, row] of rows.entries()) take(file, row, places, index + 2)
  if (file.entries.length === 0) throw new Invalid('There is no organisation in the file.', { file: 'empty' })
  if (file.entries.length > mostEntries)
    throw new Invalid('The file has more than 300000 organisations.', { file: 'long' })
  return file
}

function rowsOf(text: string): string[][] {
  const first = text.split(/\r?\n/, 1)[0] ?? ''
  const delimiter = [';', '\t', ','].reduce((best, one) =>
    first.split(one).length > first.split(best).length ? one : best,
  )
  try {
    return parse(text, {
      bom: true,
      delimiter,
      max_record_size: 100_000,
      relax_column_count: true,
      relax_quotes: true,
      skip_records_with_empty_values: true,
      to: mostEntries + 2,
      trim: true,
    })
  } catch (error) {
    if (error instanceof CsvError)
      throw new Invalid('The file is no table of separated values.', { file: 'table' })
    throw error
  }
}

function placesOf(heading: string[]): Record<Column, number> {
  const folded = heading.map(fold)
  const place = (column: Column): number => folded.findIndex((title) => titles[column].includes(title))
  const places = {
    ico: place('ico'),
    name: place('name'),
    address: place('address'),
    region: place('region'),
    kind: place('kind'),
  }
  if (places.ico < 0 || places.name < 0)
    throw new Invalid('The first line has to name the columns, among them ico and name.', { file: 'heading' })
  return places
}

function take(file: RegisterFile, row: string[], places: Record<Column, number>, line: number): void {
  const cell = (column: Column): string =>
    (row[places[column]] ?? '').replaceAll('\0', '').normalize('NFC').replace(/\s+/g, ' ').trim()
  const ico = readIco(cell('ico'))
  const name = cell('name')
  const why = ico === null ? 'ico' : name === '' || name.length > longestName ? 'name' : null
  if (ico === null || why !== null) {
    file.leftOut += 1
    if (file.left.length < mostLeft) file.left.push({ line, why: why ?? 'ico' })
    return
  }
  file.entries.push({
    ico,
    name,
    address: cell('address').slice(0, longestName),
    nuts3: regionNamed(cell('region')),
    kind: kindNamed(cell('kind')),
  })
}

/** Puts the file in the place of the one before, whole or not at all. In the program's own transaction. */
export async function loadEntries(
  tx: Tx,
  given: { entries: RegisterEntry[]; fileName: string; bytes: Buffer },
  by: Actor | null,
  now: number,
): Promise<void> {
  const { entries, fileName } = given
  const sha256 = createHash('sha256').update(given.bytes).digest('hex')
  await tx.query(`select pg_advisory_xact_lock(hashtext('register file'))`)
  await tx.query('delete from register_entries')
  for (let from = 0; from < entries.length; from += 5_000) {
    const some = entries.slice(from, from + 5_000)
    await tx.query(
      `insert into register_entries (ico, name, address, nuts3, kind) select * from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[])`,
      [
        some.map((one) => one.ico),
        some.map((one) => one.name),
        some.map((one) => one.address),
        some.map((one) => one.nuts3),
        some.map((one) => one.kind),
      ],
    )
  }
  await tx.query(
    'insert into register_loads (file_name, sha256, entries, loaded_at) values ($1, $2, $3, $4)',
    [fileName, sha256, entries.length, new Date(now).toISOString()],
  )
  await record(tx, {
    at: now,
    actor: by,
    verb: 'joining.load-register',
    object: 'register file',
    detail: { file: fileName, sha256, entries: entries.length },
    readers: [COORDINATORS],
  })
}

export interface RegisterMatch extends RegisterEntry {
  /** Found by the number, or by the name where no number was given or known. */
  by: 'ico' | 'name'
  /** The name is another than the one asked with: the number may be somebody else's. */
  differs: boolean
}

/** What the register says of the number, else of the name; at most five. */
export async function registerMatches(
  tx: Tx,
  asked: { name: string; ico: string | null },
): Promise<RegisterMatch[]> {
  const select = 'select ico, name, address, nuts3, kind from register_entries'
  const found = asked.ico
    ? (
        await tx.query<RegisterEntry & Record<string, unknown>>(
          `${select} where ico = $1 order by id limit 5`,
          [asked.ico],
        )
      ).rows
    : []
  if (found.length > 0) {
    // A number may have several sites, and any of their names will do.
    const differs = !found.some((one) => fold(one.name) === fold(asked.name))
    return found.map((one) => ({ ...one, by: 'ico', differs }))
  }
  const { rows } = await tx.query<RegisterEntry & Record<string, unknown>>(
    `${select} where lower(name) = lower($1) order by id limit 5`,
    [asked.name],
  )
  return rows.map((one) => ({ ...one, by: 'name', differs: asked.ico !== null }))
}

export interface RegisterLoad {
  fileName: string
  entries: number
  loadedAt: number
}

/** The file that counts, or null when none was loaded. */
export async function lastLoad(tx: Tx): Promise<RegisterLoad | null> {
  const { rows } = await tx.query<RegisterLoad & Record<string, unknown>>(
    `select file_name as "fileName", entries, (extract(epoch from loaded_at) * 1000)::float8 as "loadedAt" from register_loads order by id desc limit 1`,
  )
  return rows[0] ?? null
}
