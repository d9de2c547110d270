/** `hsoc members`: the register of organisations. */
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { createInterface } from 'node:readline/promises'
import { applyImport } from '../modules/members/apply-import.ts'
import { noFaults } from '../modules/members/import/faults.ts'
import { parseMembers } from '../modules/members/import/parse.ts'
import { type Plan, planImport } from '../modules/members/import/plan.ts'
import { printFaults, printPlan } from '../modules/members/import/print.ts'
import type { MemberFile } from '../modules/members/import/types.ts'
import { readGrid } from '../modules/members/lists/grid.ts'
import { isList } from '../modules/members/lists/lines.ts'
import { currentOrgs, list, type MemberLine } from '../modules/members/members.ts'
import { asActor } from '../platform/access.ts'
import { asEngine } from '../platform/database.ts'
import { type Call, type Command, unreadable } from './command.ts'
import { importList } from './signature-lists.ts'
import { table } from './table.ts'
import type { Installation } from './terminal.ts'

/** The bytes of a file, or a sentence that names it. */
export function readGiven(file: string, call: Call): Buffer {
  try {
    return readFileSync(file)
  } catch (error) {
    throw unreadable(file, error, call.t)
  }
}

const changes = (plan: Plan): number => plan.created.length + plan.changed.length

/** A table with a column of institutions and one of signatories; YAML and anything that cannot be read are not. */
async function isSignatories(bytes: Buffer, file: string): Promise<boolean> {
  if (/\.ya?ml$/i.test(file)) return false
  const rows = await readGrid(bytes, file, noFaults('en'))
  return rows !== null && isList(rows)
}

async function importMembers(call: Call): Promise<number> {
  const { terminal, t } = call
  const [file = ''] = call.operands
  const bytes = readGiven(file, call)
  if (await isSignatories(bytes, file))
    return importList(call, bytes, path.basename(file), (name) => readGiven(name, call))
  const read = await parseMembers(bytes, file, t.lang)
  const faults = printFaults([...read.errors, ...read.notes], t.lang).trimEnd()
  if (faults !== '') terminal.err(faults)
  if (read.errors.length > 0) {
    terminal.err(t('cli.import_refused', { n: read.errors.length }))
    return 1
  }
  return terminal.installation((open) => carryOut(call, open, read))
}

async function carryOut(call: Call, open: Installation, read: MemberFile): Promise<number> {
  const { terminal, t } = call
  const plan = await asEngine(open.db, async (tx) => planImport(read.rows, await currentOrgs(tx)))
  terminal.out(printPlan(plan, t.lang).trimEnd())
  if (call.on('dry-run')) {
    terminal.out(t('cli.dry_run'))
    return plan.unclear.length > 0 ? 1 : 0
  }
  if (changes(plan) > 0) {
    if (!(await isWanted(call, plan))) {
      terminal.err(t('cli.not_done'))
      return 1
    }
    const done = await asEngine(open.db, (tx) => applyImport(tx, read.rows, open.operator, terminal.now()))
    terminal.out(t('cli.imported', { n: changes(done) }))
  }
  return plan.unclear.length > 0 ? 1 : 0
}

/** Ending what a member holds, and adding what may stand in the register already, is asked about at a terminal. */
async function isWanted(call: Call, plan: Plan): Promise<boolean> {
  const ended = plan.changed.reduce((n, one) => n + one.prefixesEnded.length + one.domainsEnded.length, 0)
  const alike = new Set(plan.alike.map(({ row }) => row.line)).size
  const questions = [
    ...(ended > 0 ? [call.t('cli.import_ends', { n: ended })] : []),
    ...(alike > 0 ? [call.t('cli.import_alike', { n: alike })] : []),
  ]
  if (call.on('yes') || !process.stdin.isTTY) return true
  for (const question of questions) if (!(await isYes(question))) return false
  return true
}

async function isYes(question: string): Promise<boolean> {
  const asking = createInterface({ input: process.stdin, output: process.stderr })
  const said = await asking.question(`${question} `)
  asking.close()
  return /^(y|yes|a|ano)$/i.test(said.trim())
}

async function everyMember(open: Installation, now: number): Promise<MemberLine[]> {
  const all: MemberLine[] = []
  for (;;) {
    const after = all.at(-1)?.id
    const page = await asActor(open.db, open.operator, now, (tx) =>
      list(tx, { limit: 500, ...(after ? { after } : {}) }),
    )
    all.push(...page)
    if (page.length < 500) return all
  }
}

async function listMembers(call: Call): Promise<number> {
  const { terminal, t } = call
  const rows = await terminal.installation((open) => everyMember(open, terminal.now()))
  if (call.on('json')) terminal.json(rows)
  else if (rows.length === 0) terminal.out(t('cli.no_members'))
  else
    terminal.out(
      table(
        [
          t('cli.col.name'),
          t('cli.col.kind'),
          t('cli.col.region'),
          t('cli.col.prefixes'),
          t('cli.col.people'),
        ],
        rows.map((row) => [row.name, row.kind, row.region, row.prefixes.join(' '), row.people]),
      ),
    )
  return 0
}

export const memberCommands: Command[] = [
  {
    words: 'members import',
    operands: ['FILE'],
    flags: { 'dry-run': {}, yes: {}, memorandum: { value: 'NUMBER' }, decisions: { value: 'FILE' } },
    run: importMembers,
  },
  { words: 'members list', operands: [], flags: { json: {} }, run: listMembers },
]
