/** What the lines of a file would do to the inventory. Where that is not plain, a person decides; nothing is guessed. */
import { type Asset, type AssetField, type AssetValues, differing } from '../asset.ts'
import { type Keys, keysBy, serialKey } from '../normal.ts'
import { mostQuantity, understand } from '../understand.ts'
import type { Line } from './line.ts'
import { makersOf } from './makers.ts'

/** add: as a new item; take: into the item it was compared with; merge: into the earlier line; skip: leave out. */
export const decisions = ['add', 'take', 'merge', 'skip'] as const
export type Decision = (typeof decisions)[number]

/**
 * new: nothing like it; same: stands there already; changed: the same item with other particulars; version: the same product in
 * another version; double: the same as an earlier line; stranger: names a number that is none of the inventory.
 */
export const kindsOfLine = ['new', 'same', 'changed', 'version', 'double', 'stranger'] as const
export type KindOfLine = (typeof kindsOfLine)[number]

/** What made it look like another one. */
export type Why = 'number' | 'serial' | 'identity' | 'product' | 'none'

export interface Proposed {
  line: Line
  kind: KindOfLine
  why: Why
  /** The item that it was compared with. */
  asset: Asset | null
  /** The earlier line, of a double. */
  twin: number | null
  /** What it would be: of `take` the item afterwards, else a new one. */
  values: AssetValues
  /** In which fields `values` differ from the item. */
  fields: AssetField[]
  options: Decision[]
  /** What is proposed; it counts only once somebody said so, but for `new` and `same`. */
  proposal: Decision
  decided: Decision | null
}

const optionsOf: Record<KindOfLine, Decision[]> = {
  new: ['add', 'skip'],
  same: ['skip'],
  changed: ['take', 'add', 'skip'],
  version: ['take', 'add', 'skip'],
  double: ['merge', 'add', 'skip'],
  stranger: ['add', 'skip'],
}

/** As a new item, by what the file says alone. */
export const freshValues = (line: Line): AssetValues => understand({ ...line.fresh, ...line.given }).values
const changedValues = (line: Line, asset: Asset): AssetValues => {
  const { values, faults } = understand(line.given, asset)
  // Fewer pieces than serial numbers that stand there: the numbers tell.
  return faults.quantity ? { ...values, quantity: Math.max(values.serials.length, asset.quantity) } : values
}

/** Two of the same as one: pieces and serial numbers together, a serial number in both counting once. */
export function together(a: AssetValues, b: AssetValues): AssetValues {
  const known = new Set(a.serials.map(serialKey))
  const further = b.serials.filter((serial) => !known.has(serialKey(serial)))
  const twice = b.serials.length - further.length
  return {
    ...a,
    serials: [...a.serials, ...further],
    quantity: Math.min(mostQuantity, a.quantity + b.quantity - twice),
  }
}

interface Known {
  keys: Keys
  byId: Map<number, Asset>
  bySerial: Map<string, Asset[]>
  byIdentity: Map<string, Asset[]>
  byProduct: Map<string, Asset[]>
  /** Those that a line has been compared with. */
  used: Set<number>
}

function push(map: Map<string, Asset[]>, key: string, asset: Asset): void {
  const list = map.get(key)
  if (list) list.push(asset)
  else map.set(key, [asset])
}

function knownOf(assets: readonly Asset[]): Known {
  const keys = keysBy(makersOf())
  const known: Known = {
    keys,
    byId: new Map(assets.map((asset) => [asset.id, asset])),
    ...{ bySerial: new Map(), byIdentity: new Map(), byProduct: new Map(), used: new Set() },
  }
  for (const asset of assets) {
    for (const serial of asset.serials) push(known.bySerial, serialKey(serial), asset)
    push(known.byIdentity, keys.identity(asset), asset)
    push(known.byProduct, keys.product(asset), asset)
  }
  return known
}

/** Each line beside the inventory as it stands and the decisions so far. */
export function plan(
  lines: readonly Line[],
  assets: readonly Asset[],
  said: ReadonlyMap<number, Decision>,
): Proposed[] {
  const known = knownOf(assets)
  const merged = mergedBefore(lines, known)
  const found = lines.map((line) => (merged.has(line.line) ? merged.get(line.line) : match(line, known)))
  const versions = versionsOf(lines, found, known)
  const first: First = { keys: known.keys, byIdentity: new Map(), bySerial: new Map() }
  return lines.map((line, at) => {
    const asset = found[at]
    const proposed =
      line.id !== null && !asset
        ? of(line, 'stranger', 'number')
        : asset
          ? beside(line, asset, merged.has(line.line))
          : (doubleOf(line, first) ?? newVersion(line, versions.get(line.line)))
    remember(first, line, proposed)
    const decided = said.get(line.line)
    return {
      ...proposed,
      decided:
        decided && proposed.options.includes(decided)
          ? decided
          : proposed.kind === 'new' || proposed.kind === 'same'
            ? proposed.proposal
            : null,
    }
  })
}

function of(line: Line, kind: KindOfLine, why: Why, more: Partial<Proposed> = {}): Proposed {
  const options = optionsOf[kind]
  const plain = { asset: null, twin: null, fields: [], decided: null }
  return {
    line,
    kind,
    why,
    ...plain,
    values: freshValues(line),
    options,
    proposal: options[0] ?? 'skip',
    ...more,
  }
}

function beside(line: Line, { asset, why }: Match, isMerged: boolean): Proposed {
  const values = isMerged ? asset : changedValues(line, asset)
  const fields = differing(asset, values)
  return fields.length === 0
    ? of(line, 'same', why, { asset, values })
    : of(line, 'changed', why, { asset, values, fields })
}

function newVersion(line: Line, asset: Asset | undefined): Proposed {
  if (!asset) return of(line, 'new', 'none')
  const values = changedValues(line, asset)
  return of(line, 'version', 'product', { asset, values, fields: differing(asset, values) })
}

interface Match {
  asset: Asset
  why: Why
}

/** By its number, by a serial number, or by name, version and department; one that equals it before one that differs. */
function match(line: Line, known: Known): Match | undefined {
  if (line.id !== null) {
    const asset = known.byId.get(line.id)
    if (asset) known.used.add(asset.id)
    return asset && { asset, why: 'number' }
  }
  const own = freshValues(line)
  const free = (list: Asset[] | undefined): Asset[] => (list ?? []).filter((one) => !known.used.has(one.id))
  const serials = own.serials.flatMap((serial) => free(known.bySerial.get(serialKey(serial))))
  const candidates: Match[] = [
    ...serials.map((asset) => ({ asset, why: 'serial' as const })),
    ...free(known.byIdentity.get(known.keys.identity(own))).map((asset) => ({
      asset,
      why: 'identity' as const,
    })),
  ]
  const equal = candidates.find(({ asset }) => differing(asset, changedValues(line, asset)).length === 0)
  const chosen = equal ?? candidates[0]
  if (chosen) known.used.add(chosen.asset.id)
  return chosen
}

/** Lines of one thing that were merged when the file came before: together they are what stands there. */
function mergedBefore(lines: readonly Line[], known: Known): Map<number, Match> {
  const groups = new Map<string, Line[]>()
  for (const line of lines) {
    if (line.id !== null) continue
    const key = known.keys.identity(freshValues(line))
    const group = groups.get(key)
    if (group) group.push(line)
    else groups.set(key, [line])
  }
  const found = new Map<number, Match>()
  for (const [key, group] of groups) {
    const [asset, ...others] = known.byIdentity.get(key) ?? []
    if (group.length < 2 || !asset || others.length > 0) continue
    const [one, ...rest] = group.map(freshValues)
    if (!one) continue
    const sum = rest.reduce(together, one)
    if (sum.quantity !== asset.quantity || !sameSerials(sum, asset)) continue
    known.used.add(asset.id)
    for (const line of group) found.set(line.line, { asset, why: 'identity' })
  }
  return found
}

const sameSerials = (a: AssetValues, b: AssetValues): boolean =>
  a.serials.map(serialKey).sort().join() === b.serials.map(serialKey).sort().join()

/** The only item of that product and department that no line means, for the only line that nothing else explains. */
function versionsOf(
  lines: readonly Line[],
  found: readonly (Match | undefined)[],
  known: Known,
): Map<number, Asset> {
  const open = new Map<string, Line[]>()
  for (const [at, line] of lines.entries()) {
    if (found[at] || line.id !== null) continue
    const key = known.keys.product(freshValues(line))
    const group = open.get(key)
    if (group) group.push(line)
    else open.set(key, [line])
  }
  const versions = new Map<number, Asset>()
  for (const [key, group] of open) {
    const free = (known.byProduct.get(key) ?? []).filter((asset) => !known.used.has(asset.id))
    const [line, asset] = [group[0], free[0]]
    if (line && asset && group.length === 1 && free.length === 1) versions.set(line.line, asset)
  }
  return versions
}

interface First {
  keys: Keys
  byIdentity: Map<string, number>
  bySerial: Map<string, number>
}

function doubleOf(line: Line, first: First): Proposed | null {
  const values = freshValues(line)
  const serial = values.serials
    .map((one) => first.bySerial.get(serialKey(one)))
    .find((one) => one !== undefined)
  const twin = first.byIdentity.get(first.keys.identity(values)) ?? serial
  if (twin === undefined) return null
  return of(line, 'double', serial === twin ? 'serial' : 'identity', { twin })
}

/** A double stands for its twin, so that a third line is compared with the first. */
function remember(first: First, line: Line, proposed: Proposed): void {
  const values = freshValues(line)
  const at = proposed.twin ?? line.line
  const key = first.keys.identity(values)
  if (!first.byIdentity.has(key)) first.byIdentity.set(key, at)
  for (const serial of values.serials)
    if (!first.bySerial.has(serialKey(serial))) first.bySerial.set(serialKey(serial), at)
}

export interface Figures {
  added: number
  changed: number
  same: number
  skipped: number
  undecided: number
}

/** What would come of it by the decisions so far. */
export function figuresOf(proposed: readonly Proposed[]): Figures {
  const count = (test: (one: Proposed) => boolean): number => proposed.filter(test).length
  return {
    added: count((one) => one.decided === 'add'),
    changed: count((one) => one.decided === 'take' || one.decided === 'merge'),
    same: count((one) => one.kind === 'same'),
    skipped: count((one) => one.decided === 'skip' && one.kind !== 'same'),
    undecided: count((one) => one.decided === null),
  }
}
