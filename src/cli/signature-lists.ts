/** `hsoc members import` of a list of signatories: what it may mean first; recorded when everything is decided. */

import { listed, noFaults } from '../modules/members/import/faults.ts'
import { printFaults } from '../modules/members/import/print.ts'
import { apply } from '../modules/members/lists/apply.ts'
import { readDecisions, type WrittenDecisions } from '../modules/members/lists/decisions.ts'
import { type ListFile, readList } from '../modules/members/lists/lines.ts'
import { figuresOf } from '../modules/members/lists/outcome.ts'
import type { Proposed } from '../modules/members/lists/propose.ts'
import { acceptProposals, decide, type Preview, preview, takeIn } from '../modules/members/lists/store.ts'
import { decisionIn, type Field, reasonsIn } from '../modules/members/pages/list-words.ts'
import { asEngine, type Tx } from '../platform/database.ts'
import { Invalid } from '../platform/errors.ts'
import type { Call } from './command.ts'
import { Misuse } from './command.ts'
import type { Installation } from './terminal.ts'

/** Carries what was found out of a transaction that is to leave nothing behind. */
class OnlyLooked extends Error {
  override name = 'OnlyLooked'
}

interface Looked {
  found: Preview
  /** Recorded now, or by an earlier import of the same bytes. */
  state: 'open' | 'recorded' | 'known'
}

export async function importList(
  call: Call,
  bytes: Buffer,
  fileName: string,
  readGiven: (file: string) => Buffer,
): Promise<number> {
  const { terminal, t } = call
  const file = await readList(bytes, fileName, t.lang)
  const decided = await writtenDecisions(call, readGiven)
  const faults = printFaults([...file.errors, ...file.notes, ...decided.errors], t.lang).trimEnd()
  if (faults !== '') terminal.err(faults)
  const wrong = file.errors.length + decided.errors.length
  if (wrong > 0) {
    terminal.err(t('cli.import_refused', { n: wrong }))
    return 1
  }
  const version = call.text('memorandum')
  if (!version || !/^\d{1,3}$/.test(version)) throw new Misuse(t('cli.list_needs_version'))
  const looked = await terminal.installation((open) =>
    carryOut(call, open, { bytes, fileName, file, version: Number(version) }, decided.read),
  )
  return answer(call, looked)
}

async function writtenDecisions(call: Call, readGiven: (file: string) => Buffer) {
  const name = call.text('decisions')
  const faults = noFaults(call.t.lang)
  const none: WrittenDecisions = { lines: new Map(), slashes: null }
  const read = name ? await readDecisions(readGiven(name), name, faults) : none
  return { read, errors: listed(faults).errors }
}

async function carryOut(
  call: Call,
  open: Installation,
  given: { bytes: Buffer; fileName: string; version: number; file: ListFile },
  decided: WrittenDecisions,
): Promise<Looked> {
  const { terminal } = call
  let looked: Looked | undefined
  const work = async (tx: Tx): Promise<void> => {
    const { id } = await takeIn(tx, given, open.operator, terminal.now())
    if ((await preview(tx, id)).list.appliedAt !== null) {
      looked = { found: await preview(tx, id), state: 'known' }
      return
    }
    await decide(tx, id, { lines: decided.lines, slashes: decided.slashes ?? undefined })
    if (call.on('yes')) await acceptProposals(tx, id)
    const found = await preview(tx, id)
    looked = { found, state: 'open' }
    const isReady = found.outcome.undecided.length === 0 && !found.outcome.needsSlashes
    if (call.on('dry-run') || !isReady || !(call.on('yes') || call.text('decisions'))) throw new OnlyLooked()
    await apply(tx, id, open.operator, terminal.now())
    looked = { found, state: 'recorded' }
  }
  await asEngine(open.db, work).catch((error: unknown) => {
    if (!(error instanceof OnlyLooked)) throw error
  })
  if (!looked) throw new Invalid('Nothing was found out about the list.')
  return looked
}

function answer({ terminal, t, on }: Call, { found, state }: Looked): number {
  const { outcome, proposed, list } = found
  if (state === 'known') {
    terminal.out(t('cli.list_known'))
    return 0
  }
  for (const one of proposed) for (const text of linesOf(one, found, t)) terminal.out(text)
  terminal.out(t('lists.figures', wordsOfFigures(found, t)))
  if (state === 'recorded') {
    terminal.out(t('cli.list_recorded'))
    return 0
  }
  if (outcome.needsSlashes)
    terminal.out(t('cli.list_slashes', { proposal: list.slashesProposed ?? t('lists.question') }))
  const waits = outcome.undecided.length + (outcome.needsSlashes ? 1 : 0)
  terminal.out(waits > 0 ? t('cli.list_waits', { n: waits }) : t('cli.list_ready'))
  return on('yes') && waits > 0 ? 1 : 0
}

/** A line as read; below it, marked `?`, what waits for a decision, with the words that decide it. */
function linesOf(one: Proposed, found: Preview, t: Call['t']): string[] {
  const { line, decided } = one
  const read = [line.number, line.institution, line.signatory, line.day, line.email]
    .filter(Boolean)
    .join(' | ')
  const about = (field: Field): string[] => {
    if (decided.org === 'skip' && field === 'person') return []
    const { certain, decision, options } = one[field]
    const said = decided[field]
    if (said)
      return certain && said === decision ? [] : [`    = ${said}: ${decisionIn(said, field, found, t)}`]
    const why = `    ? ${reasonsIn(one[field], t)}`
    return [why, ...[...options, 'new'].map((word) => `      ${word}: ${decisionIn(word, field, found, t)}`)]
  }
  return [`${line.line}: ${read}`, ...about('org'), ...about('person')]
}

const wordsOfFigures = ({ outcome }: Preview, t: Call['t']): Record<string, string> =>
  Object.fromEntries(
    Object.entries(figuresOf(outcome)).map(([key, n]) => [key, t(`lists.figure.${key}`, { n })]),
  )
