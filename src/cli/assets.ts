/** `hsoc assets`: a file into the inventory of one organisation, and a newer table of dates of end of support. */
import path from 'node:path'
import { kinds } from '../modules/assets/asset.ts'
import { titleOf } from '../modules/assets/assets.ts'
import { apply } from '../modules/assets/import/apply.ts'
import type { Read } from '../modules/assets/import/line.ts'
import { type Figures, figuresOf, type Proposed, plan } from '../modules/assets/import/plan.ts'
import { readAssets } from '../modules/assets/import/read.ts'
import { decide, takeIn } from '../modules/assets/import/store.ts'
import { everyAsset } from '../modules/assets/queries.ts'
import { loadTable, readTable } from '../modules/assets/support/load.ts'
import { organisationNamed } from '../modules/members/index.ts'
import type { Actor } from '../platform/access.ts'
import { asEngine, type Tx } from '../platform/database.ts'
import { Invalid, NotFound } from '../platform/errors.ts'
import { type Call, type Command, Misuse } from './command.ts'
import { readGiven } from './members.ts'
import type { Installation } from './terminal.ts'

/** Questions that are told at most. */
const mostTold = 50

async function importAssets(call: Call): Promise<number> {
  const { terminal, t } = call
  const [file = ''] = call.operands
  const kind = call.text('kind') ?? 'medical'
  if (!kinds.some((one) => one === kind))
    throw new Misuse(t('cli.one_of', { flag: '--kind', word: kind, words: kinds.join(', ') }))
  const bytes = readGiven(file, call)
  const fileName = path.basename(file)
  const { read, problems } = await readAssets(bytes, fileName, kind, t)
  for (const one of problems)
    terminal.err(
      one.line > 0 ? `${t('assets.files.line', { n: String(one.line) })}: ${one.problem}` : one.problem,
    )
  if (read === null) return 1
  terminal.out(t('assets.cli.read', { file: fileName, n: read.lines.length, refused: read.refused.length }))
  for (const { line, what, why } of read.refused.slice(0, mostTold))
    terminal.err(t('assets.cli.refused', { line: String(line), what, why: t(`assets.error.${why}`) }))
  return terminal.installation((open) => carryOut(call, open, { bytes, fileName, read }))
}

interface Given {
  bytes: Buffer
  fileName: string
  read: Read
}

async function carryOut(call: Call, open: Installation, given: Given): Promise<number> {
  const { terminal, t } = call
  const name = call.text('org') ?? ''
  return asEngine(open.db, async (tx) => {
    const found = await organisationNamed(tx, name)
    if (typeof found === 'string') throw new NotFound(t('cli.no_member', { name }))
    // Whoever sits at the terminal of the server does what the organisation's administrator may.
    const by: Actor = {
      ...open.operator,
      engagements: [{ org: found.id, orgName: found.name, role: 'admin' }],
    }
    const proposed = plan(given.read.lines, await everyAsset(tx, found.id), new Map())
    tellQuestions(call, proposed)
    const figures = figuresOf(proposed)
    terminal.out(t('assets.cli.would', { ...figures }))
    if (call.on('dry-run')) {
      terminal.out(t('cli.dry_run'))
      return figures.undecided > 0 && !call.on('accept') ? 1 : 0
    }
    if (figures.undecided > 0 && !call.on('accept')) {
      terminal.err(t('assets.cli.undecided', { n: figures.undecided }))
      return 1
    }
    if (figures.added + figures.changed + figures.undecided === 0) return 0
    const done = await write(tx, found.id, given, by, terminal.now())
    terminal.out(t('assets.cli.done', { added: done.added, changed: done.changed }))
    return 0
  })
}

async function write(tx: Tx, org: number, given: Given, by: Actor, now: number): Promise<Figures> {
  const sheet = await takeIn(tx, { org, ...given }, by, now)
  await decide(tx, { org, sheet }, new Map(), 'proposals', by)
  return apply(tx, { org, sheet }, by, now)
}

function tellQuestions({ terminal, t }: Call, proposed: readonly Proposed[]): void {
  for (const one of proposed.filter(({ decided }) => decided === null).slice(0, mostTold))
    terminal.out(
      t('assets.cli.question', {
        line: String(one.line.line),
        what: one.line.what,
        looks: t(`assets.looks.${one.kind}.${one.why}`, {
          line: String(one.twin ?? ''),
          n: String(one.line.id ?? ''),
        }),
        asset: one.asset ? titleOf(one.asset) : '',
      }),
    )
}

async function importSupport(call: Call): Promise<number> {
  const { terminal, t } = call
  const [file = ''] = call.operands
  const bytes = readGiven(file, call)
  try {
    const table = readTable(bytes)
    const given = { bytes, fileName: path.basename(file), table }
    const isNew = call.on('dry-run')
      ? true
      : await terminal.installation((open) =>
          asEngine(open.db, (tx) => loadTable(tx, given, open.operator, terminal.now())),
        )
    const words = { version: table.version, n: table.rows.length }
    terminal.out(t(isNew ? 'assets.cli.support_loaded' : 'assets.cli.support_known', words))
    if (call.on('dry-run')) terminal.out(t('cli.dry_run'))
    return 0
  } catch (error) {
    if (!(error instanceof Invalid)) throw error
    for (const [place, problem] of Object.entries(error.fields))
      terminal.err(t('assets.cli.support_fault', { place, problem }))
    throw error
  }
}

export const assetCommands: Command[] = [
  {
    words: 'assets import',
    operands: ['FILE'],
    flags: {
      org: { value: 'NAME', needed: true },
      kind: { value: 'KIND' },
      accept: {},
      'dry-run': {},
    },
    run: importAssets,
  },
  { words: 'assets support import', operands: ['FILE'], flags: { 'dry-run': {} }, run: importSupport },
]
