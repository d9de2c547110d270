/** `hsoc advisories`: where advisories come from, and documents taken from files. */
import { openReader } from '../modules/advisories/csaf/reader.ts'
import {
  fileSource,
  filesAt,
  importCatalogue,
  importFile,
  isCatalogue,
  type Told,
} from '../modules/advisories/import-files.ts'
import { type AdvisoryTlp, advisoryTlps } from '../modules/advisories/labels.ts'
import { addSource, allowHosts, type Source, sources, switchSource } from '../modules/advisories/sources.ts'
import { asActor } from '../platform/access.ts'
import type { Tx } from '../platform/database.ts'
import { Invalid, NotFound } from '../platform/errors.ts'
import { type Call, type Command, listed, Misuse } from './command.ts'
import { readGiven } from './members.ts'
import { nearestWord } from './nearest.ts'
import { table } from './table.ts'
import type { Installation } from './terminal.ts'

const as = <R>(open: Installation, call: Call, work: (tx: Tx) => Promise<R>): Promise<R> =>
  asActor(open.db, open.operator, call.terminal.now(), work)

/** By its number or its name. Throws NotFound, with the nearest name there is. */
async function found(tx: Tx, call: Call, word: string): Promise<Source> {
  const all = await sources(tx)
  const one = all.find(({ id, label }) => String(id) === word || label.toLowerCase() === word.toLowerCase())
  if (one) return one
  const near = nearestWord(
    word,
    all.map(({ label }) => label),
  )
  throw new NotFound(
    call.t('cli.no_advisory_source', { word }) + (near ? ` ${call.t('cli.did_you_mean', { near })}` : ''),
  )
}

/** What is wrong, in the words of the form that coordinators fill in. */
const inWords =
  ({ t }: Call) =>
  (error: unknown): never => {
    if (!(error instanceof Invalid) || Object.keys(error.fields).length === 0) throw error
    throw new Invalid(
      [...new Set(Object.values(error.fields))].map((code) => t(`advisories.wrong.${code}`)).join(' '),
    )
  }

const iso = (at: number | null): string | null => (at === null ? null : new Date(at).toISOString())

const shown = (one: Source) => ({
  id: one.id,
  kind: one.kind,
  label: one.label,
  url: one.url,
  tlp: one.tlp,
  every_minutes: one.everyMinutes,
  enabled: one.enabled,
  advisories: one.advisories,
  set_aside: one.aside,
  tried_at: iso(one.triedAt),
  succeeded_at: iso(one.succeededAt),
  failed_at: iso(one.failedAt),
  failure: one.failure,
})

async function list(call: Call): Promise<number> {
  const { terminal, t } = call
  const rows = await terminal.installation((open) => as(open, call, sources))
  const state = (one: Source): string =>
    one.enabled ? (one.failure ? t(`advisories.failure.${one.failure}`) : '') : t('advisories.source.off')
  if (call.on('json')) terminal.json(rows.map(shown))
  else if (rows.length === 0) terminal.out(t('advisories.sources.none'))
  else
    terminal.out(
      table(
        [
          t('cli.col.number'),
          t('cli.col.name'),
          t('advisories.source.kind'),
          'TLP',
          t('advisories.count'),
          t('cli.col.state'),
        ],
        rows.map((one) => [String(one.id), one.label, one.kind, one.tlp, one.advisories, state(one)]),
      ),
    )
  return 0
}

async function add(call: Call): Promise<number> {
  const { terminal, t } = call
  const [url = ''] = call.operands
  const keyFile = call.text('key')
  const hosts = listed(call.text('private-host'))
  const wanted = {
    kind: call.text('kind') ?? '',
    label: call.text('label') ?? (URL.canParse(url) ? new URL(url).host : ''),
    url,
    tlp: call.text('tlp') ?? 'CLEAR',
    everyMinutes: call.text('every') ?? '',
    key: keyFile === undefined ? '' : readGiven(keyFile, call).toString('utf8'),
  }
  return terminal.installation(async (open) => {
    const id = await as(open, call, (tx) =>
      addSource(tx, wanted, open.operator, terminal.now(), hosts.length > 0),
    ).catch(inWords(call))
    // Coordinators may not open the way into our own networks; who sits at the server may.
    if (hosts.length > 0) await allowHosts(open.db.engine, id, hosts)
    terminal.out(t('cli.advisory_source_added', { id, label: wanted.label }))
    return 0
  })
}

const switching =
  (enabled: boolean) =>
  async (call: Call): Promise<number> => {
    const { terminal, t } = call
    const [word = ''] = call.operands
    return terminal.installation(async (open) => {
      const { id, label } = await as(open, call, async (tx) => {
        const one = await found(tx, call, word)
        await switchSource(tx, one.id, enabled, open.operator, terminal.now())
        return one
      })
      terminal.out(t(enabled ? 'cli.advisory_source_enabled' : 'cli.advisory_source_disabled', { id, label }))
      return 0
    })
  }

function labelOf(call: Call): AdvisoryTlp {
  const said = call.text('tlp') ?? 'CLEAR'
  const tlp = advisoryTlps.find((one) => one === said)
  if (!tlp)
    throw new Misuse(call.t('cli.one_of', { flag: '--tlp', word: said, words: advisoryTlps.join(', ') }))
  return tlp
}

/** Exit code 1 when any file was refused. */
async function take(call: Call): Promise<number> {
  const { terminal, t } = call
  const [path = ''] = call.operands
  const tlp = labelOf(call)
  const files = filesAt(path)
  const now = terminal.now()
  const reader = openReader()
  return terminal.installation(async (open) => {
    const told: Told[] = []
    const bar = terminal.progress(t('cli.advisory_files'), files.length)
    try {
      for (const file of files) {
        const isKev = isCatalogue(file)
        const label = call.text('source') ?? t(isKev ? 'cli.advisory_kev' : 'cli.advisory_files')
        const source = await fileSource(open.db, label, tlp, isKev ? 'kev' : 'csaf-file', now).catch(
          inWords(call),
        )
        told.push(
          isKev
            ? await importCatalogue(open.db, file, source, now)
            : await importFile(open.db, reader, file, source, now),
        )
        bar.at(told.length)
      }
    } finally {
      bar.end()
      await reader.close()
    }
    report(call, told)
    return told.some(({ outcome }) => outcome === 'refused') ? 1 : 0
  })
}

function report(call: Call, told: Told[]): void {
  const { terminal, t } = call
  if (call.on('json')) {
    terminal.json(told)
    return
  }
  for (const { file, reason, said } of told)
    if (reason)
      terminal.err(`${file}: ${t(`advisories.refused.${reason}`)} ${(said ?? '').split('\n')[0]}`.trim())
  const waiting = told.filter(({ waits }) => waits).length
  if (waiting > 0) terminal.err(t('cli.advisories_wait', { n: waiting }))
  const count = (outcome: Told['outcome']): number => told.filter((one) => one.outcome === outcome).length
  terminal.out(
    t('cli.advisories_taken', {
      fresh: count('new') + count('catalogue'),
      next: count('next'),
      same: count('same') + count('older'),
      refused: count('refused'),
    }),
  )
}

export const advisoryCommands: Command[] = [
  { words: 'advisories source list', operands: [], flags: { json: {} }, run: list },
  {
    words: 'advisories source add',
    operands: ['URL'],
    flags: {
      kind: { value: 'csaf-provider|csaf-directory|csaf-file|kev|feed', needed: true },
      label: { value: 'NAME' },
      tlp: { value: 'TLP' },
      every: { value: 'MINUTES' },
      key: { value: 'FILE' },
      'private-host': { value: 'HOST,…' },
    },
    run: add,
  },
  { words: 'advisories source disable', operands: ['NAME'], flags: {}, run: switching(false) },
  { words: 'advisories source enable', operands: ['NAME'], flags: {}, run: switching(true) },
  {
    words: 'advisories import',
    operands: ['FILE|FOLDER'],
    flags: { source: { value: 'NAME' }, tlp: { value: 'TLP' }, json: {} },
    run: take,
  },
]
