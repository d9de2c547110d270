/** What a measurement answers, and how it is shown. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'

export interface Options {
  /** Events of a round. */
  events: number
  rounds: number
  /** Keys of thirty days that stand in the database beforehand. */
  keys: number
  seed: string
  parallel: number
  connections: 'kept' | 'new'
  /** Days loaded for the views. */
  days: number[]
  /** Seeds of the synthetic days for the notices. */
  seeds: string[]
  /** Hosts reported compromised while latency is measured. */
  plants: number
  /** Open first pages that ask at every news meanwhile. */
  open: number
  /** Warnings for the visibility rule. */
  warnings: number
  /** Members that an emergency calls. */
  members: number
  /** Events of each of the sector's days: 1,990,000 in full. */
  dayEvents: number
}

export interface Figure {
  name: string
  what: string
  value: number
  unit: string
  must: number | null
  aim: number | null
  /** Less is better. */
  smaller?: boolean
  detail?: Record<string, unknown>
}

const meets = (figure: Figure, limit: number | null): boolean =>
  limit !== null && (figure.smaller ? figure.value <= limit : figure.value >= limit)

export function judged(figure: Figure): string {
  if (figure.must === null) return ''
  return meets(figure, figure.aim) ? 'aim' : meets(figure, figure.must) ? 'must' : 'NOT MET'
}

const limit = (value: number | null, figure: Figure): string =>
  value === null ? '-' : `${figure.smaller ? '≤' : '≥'} ${value}`

/** A table for the terminal, one figure a line, its details below. */
export function tableOf(figures: Figure[]): string {
  const head = ['figure', 'value', 'unit', 'must', 'aim', 'reached']
  const rows = figures.map((f) => [
    f.name,
    String(f.value),
    f.unit,
    limit(f.must, f),
    limit(f.aim, f),
    judged(f),
  ])
  const widths = head.map((title, i) => Math.max(title.length, ...rows.map((row) => (row[i] ?? '').length)))
  const line = (cells: string[]): string =>
    cells
      .map((cell, i) => cell.padEnd(widths[i] ?? 0))
      .join('  ')
      .trimEnd()
  const details = figures.map(
    (f) => `${f.name}: ${f.what}${f.detail ? `\n    ${JSON.stringify(f.detail)}` : ''}`,
  )
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line), '', ...details].join(
    '\n',
  )
}

/**
 * Writes `bench/results/latest.json`, which is not kept with the sources: each figure as last measured, with when and
 * how, so that measurements may be made one after another.
 */
export function write(figures: Figure[], options: Options, at: Date): string {
  const file = path.join(import.meta.dirname, 'results', 'latest.json')
  mkdirSync(path.dirname(file), { recursive: true })
  const machine = {
    cpu: os.cpus()[0]?.model ?? '',
    cores: os.availableParallelism(),
    memory_gb: Math.round(os.totalmem() / 2 ** 30),
    node: process.version,
  }
  const kept = existsSync(file)
    ? (JSON.parse(readFileSync(file, 'utf8')) as { figures: Figure[] }).figures
    : []
  const fresh = figures.map((figure) => ({ ...figure, at: at.toISOString(), options }))
  const others = kept.filter((old) => !figures.some(({ name }) => name === old.name))
  writeFileSync(file, `${JSON.stringify({ machine, figures: [...others, ...fresh] }, null, 2)}\n`)
  return file
}
