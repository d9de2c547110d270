/** Search over addresses, episodes and detectors, as far as the actor may know them. */
import type { Tx } from '../../../platform/database.ts'
import { parseNet } from '../../../values/address.ts'
import { bounds } from '../../../values/inet.ts'
import { categories, describeClass } from '../classes.ts'
import { type EpisodeRow, episodesOf } from './episodes.ts'
import type { Whose } from './scope.ts'
import { sourceText } from './source.ts'

export interface FoundSource {
  address: string
  kind: string
}

export interface Found {
  /** The query is one address: its own page is the best answer. */
  address: string | null
  sources: FoundSource[]
  /** More than the list shows. */
  more: boolean
  episodes: EpisodeRow[]
  detectors: { id: number; name: string }[]
}

const most = 50

/** What `q` finds: an address, a prefix (`192.0.2.0/24`, or the beginning `192.0.2.`), words of kinds, names of detectors. */
export async function search(tx: Tx, q: string, whose: Whose): Promise<Found> {
  const text = q.trim().slice(0, 200)
  const nothing: Found = { address: null, sources: [], more: false, episodes: [], detectors: [] }
  if (text === '') return nothing
  const net = parseNet(text) ?? beginning(text)
  if (net) {
    const [from, to] = bounds(net)
    const { rows } = await tx.query<{ text: string; kind: string }>(
      `select k.text, k.kind from keys_between($1::inet, $2::inet, $3) f (id) join source_keys k on k.id = f.id
       where k.addr is not null group by 1, 2, k.addr order by k.addr`,
      [from, to, most + 1],
    )
    const one = net.lo === net.hi
    return {
      ...nothing,
      address: one ? net.text : null,
      sources: rows.slice(0, most).map((row) => ({ address: row.text, kind: row.kind })),
      more: rows.length > most,
      episodes: one ? (await episodesOf(tx, { whose, source: net.text }, {}, 20)).rows : [],
    }
  }
  return {
    ...nothing,
    sources: await exactKeys(tx, text),
    episodes: await episodesOfKind(tx, text, whose),
    detectors: await detectorsLike(tx, text),
  }
}

/** `192.0.2.` or `192.0` as the prefix that it begins. */
function beginning(text: string): ReturnType<typeof parseNet> {
  const parts = /^(\d{1,3}(?:\.\d{1,3}){0,2})\.?$/.exec(text)?.[1]?.split('.')
  if (!parts || (parts.length === 1 && !text.endsWith('.'))) return null
  return parseNet(`${[...parts, '0', '0', '0'].slice(0, 4).join('.')}/${parts.length * 8}`)
}

async function exactKeys(tx: Tx, text: string): Promise<FoundSource[]> {
  const { rows } = await tx.query<{ text: string; kind: string }>(
    'select distinct text, kind from source_keys where text = any ($1) order by 1',
    [[text, sourceText(text)]],
  )
  return rows.map((row) => ({ address: row.text, kind: row.kind }))
}

const plain = (text: string): string => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase()

/** Newest episodes of kinds whose name, in either language, holds the words; a number is an episode's own. */
async function episodesOfKind(tx: Tx, text: string, whose: Whose): Promise<EpisodeRow[]> {
  const wanted = plain(text).replace(/^#/, '')
  const { rows: families } = await tx.query<{ name: string }>('select distinct family as name from classes')
  const tops = new Set(
    categories
      .filter((c) => plain(`${c.cs} ${c.en} ${c.category}`).includes(wanted))
      .map((c) => c.top.toLowerCase()),
  )
  const names = families
    .map((row) => row.name)
    .filter(
      (name) =>
        tops.has(name.split('-')[0] ?? '') ||
        plain(`${name} ${describeClass(name, 'cs')} ${describeClass(name, 'en')}`).includes(wanted),
    )
  if (names.length === 0 || wanted.length < 2) return []
  const recent = await episodesOf(tx, { whose }, {}, 500)
  return recent.rows.filter((row) => names.includes(row.family)).slice(0, 20)
}

async function detectorsLike(tx: Tx, text: string): Promise<{ id: number; name: string }[]> {
  const { rows } = await tx.query<{ id: number; name: string }>(
    `select id, name from detectors where strpos(name, $1) > 0 order by name limit 20`,
    [text.toLowerCase()],
  )
  return rows
}
