/**
 * Understood events as the arrays that `store_batch` takes, one a column, written here because that is several times quicker than
 * having the driver serialise every element. Numbers go in PostgreSQL's binary form (`array_recv`), what is rare as text.
 */
import type { Dictionary } from './dictionary.ts'
import type { SourceKey } from './event.ts'
import type { Understood } from './understand.ts'

/** The driver sends a buffer as binary and a string as text. */
export type Column = Buffer | string

const laneCode = { real: 0, test: 1, exercise: 2 } as const
const array = (values: unknown[]): string => `{${values.join(',')}}`
const text = (value: string | null): string =>
  value === null ? 'NULL' : `"${value.replace(/[\\"]/g, '\\$&')}"`

/** Element types by their numbers in PostgreSQL (`pg_type.oid`), with their sizes in bytes. */
const int4 = { oid: 23, size: 4 }
const int8 = { oid: 20, size: 8 }
const float8 = { oid: 701, size: 8 }
const bool = { oid: 16, size: 1 }

/** One dimension from 1: number of dimensions, whether there are nulls, type, length, lower bound; then each element with its size, -1 for null. */
function binary<V>(
  { oid, size }: typeof int4,
  n: number,
  valueAt: (i: number) => V | null,
  write: (to: Buffer, value: V, at: number) => void,
): Buffer {
  const to = Buffer.allocUnsafe(n === 0 ? 12 : 20 + n * (4 + size))
  to.writeInt32BE(n === 0 ? 0 : 1, 0)
  to.writeInt32BE(0, 4)
  to.writeInt32BE(oid, 8)
  if (n === 0) return to
  to.writeInt32BE(n, 12)
  to.writeInt32BE(1, 16)
  let at = 20
  for (let i = 0; i < n; i++) {
    const value = valueAt(i)
    to.writeInt32BE(value === null ? -1 : size, at)
    at += 4
    if (value === null) to.writeInt32BE(1, 4)
    else {
      write(to, value, at)
      at += size
    }
  }
  return to.subarray(0, at)
}

const int4s = (n: number, of: (i: number) => number | null): Buffer =>
  binary(int4, n, of, (to, value, at) => to.writeInt32BE(value, at))
/** 64 bits from 16 hexadecimal digits. */
const int8s = (n: number, of: (i: number) => string): Buffer =>
  binary(int8, n, of, (to, value, at) => {
    to.writeUInt32BE(Number.parseInt(value.slice(0, 8), 16), at)
    to.writeUInt32BE(Number.parseInt(value.slice(8), 16), at + 4)
  })
const float8s = (n: number, of: (i: number) => number): Buffer =>
  binary(float8, n, of, (to, value, at) => to.writeDoubleBE(value, at))
const bools = (n: number, of: (i: number) => boolean): Buffer =>
  binary(bool, n, of, (to, value, at) => to.writeUInt8(value ? 1 : 0, at))

/** The `e_*` parameters in their order. */
export function eventColumns(events: Understood[], dictionary: Dictionary): Column[] {
  const n = events.length
  const one = (i: number): Understood => events[i] as Understood
  const numbers = (of: (event: Understood) => number | null): Buffer => int4s(n, (i) => of(one(i)))
  const texts = (of: (event: Understood) => string): string => array(events.map(of))
  return [
    int8s(n, (i) => one(i).key),
    numbers((e) => dictionary.detectorId(e.derived.detector)),
    float8s(n, (i) => one(i).derived.detectedMs / 1000),
    numbers((e) => e.derived.hour),
    numbers((e) => laneCode[e.derived.lane]),
    bools(n, (i) => one(i).derived.archive),
    bools(n, (i) => one(i).matches.length > 0),
    numbers((e) => dictionary.classId(e.derived.targetClass)),
    numbers((e) => e.derived.targetSeverity),
    numbers((e) => e.derived.verdict),
    numbers((e) => e.derived.shareMicro),
    numbers((e) => Math.min(e.derived.weight, 2_147_483_647)),
    numbers((e) => dictionary.keyId(e.derived.keys[0] as SourceKey)),
    texts((e) =>
      e.derived.keys.length > 1
        ? `"{${e.derived.keys
            .slice(1)
            .map((k) => dictionary.keyId(k))
            .join(',')}}"`
        : 'NULL',
    ),
    texts((e) => e.derived.target ?? 'NULL'),
    numbers((e) => e.derived.port ?? null),
    numbers((e) => e.flags),
    texts((e) => text(e.derived.exercise)),
    numbers((e) => e.item.off),
    numbers((e) => e.item.len),
  ]
}

/** The `m_*` parameters in their order. */
export function matchColumns(events: Understood[], dictionary: Dictionary): Column[] {
  const found = events.flatMap((event, i) => event.matches.map((match) => ({ at: i + 1, match })))
  type Found = (typeof found)[number]
  const numbers = (of: (one: Found) => number | null): Buffer =>
    int4s(found.length, (i) => of(found[i] as Found))
  return [
    numbers((m) => m.at),
    numbers((m) => m.match.org),
    numbers((m) => m.match.side),
    numbers((m) => dictionary.classId(m.match.className)),
    numbers((m) => dictionary.keyId(m.match.key)),
    numbers((m) => m.match.severity),
    numbers((m) => m.match.network ?? null),
    array(found.map((m) => m.match.host ?? 'NULL')),
    array(found.map((m) => m.match.peer ?? 'NULL')),
  ]
}
