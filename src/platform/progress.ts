/** How far a long work has come, for somebody who waits at a terminal: one line that is written over, on standard error. */

export interface Progress {
  /** `done` of the total; `note` is shown behind the figures. */
  at(done: number, note?: string): void
  /** Takes the line away, so that a result can be written in its place. */
  end(): void
}

interface Out {
  isTTY?: boolean
  write(text: string): unknown
}

const redrawMs = 150
/** A log file gets a line only now and then. */
const plainMs = 10_000
const barWidth = 24

/**
 * A progress line. `total` null: how much there is to do is not known. On something else than a terminal a plain line
 * is written every ten seconds.
 */
export function openProgress(
  label: string,
  total: number | null,
  shown: (n: number) => string,
  out: Out = process.stderr,
): Progress {
  const began = Date.now()
  const every = out.isTTY ? redrawMs : plainMs
  let last = out.isTTY ? 0 : began
  let drawn = false
  return {
    at: (done, note = '') => {
      const now = Date.now()
      if (now - last < every) return
      last = now
      const line = [label, figures(done, total, shown, now - began), note].filter(Boolean).join('  ')
      out.write(out.isTTY ? `\r\x1b[2K${line.slice(0, 110)}` : `${line}\n`)
      drawn = true
    },
    end: () => {
      if (drawn && out.isTTY) out.write('\r\x1b[2K')
    },
  }
}

function figures(done: number, total: number | null, shown: (n: number) => string, passedMs: number): string {
  if (total === null || total <= 0) return shown(done)
  const share = Math.min(1, done / total)
  const full = Math.round(share * barWidth)
  const left = share > 0.02 && share < 1 ? `  ~${clock((passedMs / share) * (1 - share))}` : ''
  return `[${'#'.repeat(full)}${'.'.repeat(barWidth - full)}] ${Math.floor(share * 100)} %  ${shown(done)} / ${shown(total)}${left}`
}

function clock(ms: number): string {
  const seconds = Math.ceil(ms / 1000)
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`
}
