/** Recordings of real sensors, which stay outside the project, and `hsoc ingest` on a test's database. */
import { existsSync } from 'node:fs'
import path from 'node:path'
import { find, readCall } from '../../src/cli/arguments.ts'
import { ingestCommands } from '../../src/cli/ingest.ts'
import type { Installation, Terminal } from '../../src/cli/terminal.ts'
import type { Summary } from '../../src/modules/events/feed.ts'
import type { Context } from '../../src/platform/context.ts'
import { translator } from '../../src/platform/i18n.ts'

const folder = process.env.HSOC_TEST_DATA ?? '../shared/data'

/** A recording's path, and a sentence on screen when it is not here. */
export function recording(name: string): { file: string; missing: boolean } {
  const file = path.join(folder, name)
  const missing = !existsSync(file)
  if (missing)
    process.stderr.write(
      `Skipped: the recording ${file} is not here; set HSOC_TEST_DATA to the folder of recordings.\n`,
    )
  return { file, missing }
}

export interface Ingested {
  code: number
  summary: Summary
  err: string[]
}

/** Runs `hsoc ingest … --json` on the database of a context, with its clock. */
export async function ingest(context: Context, words: string[]): Promise<Ingested> {
  const t = translator('en')
  const said: unknown[] = []
  const err: string[] = []
  const installation = {
    config: { zone: context.settings.zone },
    db: context.db,
    context,
    operator: {
      person: 0,
      name: 'operator at the terminal',
      email: 'terminal',
      language: 'en',
      engagements: [{ org: null, orgName: null, role: 'coordinator' }],
    },
    serverRuns: async () => false,
  } as unknown as Installation
  const terminal: Terminal = {
    lang: 'en',
    t,
    out: () => {},
    err: (text) => void err.push(text),
    json: (value) => void said.push(value),
    now: context.clock,
    progress: () => ({ at: () => {}, end: () => {} }),
    installation: (work) => work(installation),
  }
  const found = find(['ingest', ...words, '--json'], ingestCommands, t)
  if ('help' in found) throw new Error('help was asked for')
  const code = await found.command.run({ ...readCall(found, t), terminal })
  return { code, summary: said[0] as Summary, err }
}
