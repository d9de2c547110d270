/** `hsoc secrets`: what is sealed under which secret of the installation, and sealing it anew after a change. */
import { rotate, type Survey, survey } from '../platform/sealed.ts'
import type { Call, Command } from './command.ts'
import { table } from './table.ts'

async function runCheck(call: Call): Promise<number> {
  return call.terminal.installation(async (open) => {
    const found = await survey(open.db, open.config)
    if (call.on('json')) call.terminal.json(found)
    else show(call, found)
    return found.unopened > 0 || found.left > 0 ? 1 : 0
  })
}

async function runRotate(call: Call): Promise<number> {
  const { terminal, t } = call
  return terminal.installation(async (open) => {
    const bar = terminal.progress(t('secrets.step'), null)
    const sealed = await rotate(open.db, open.config, open.operator, terminal.now(), (done) =>
      bar.at(done),
    ).finally(() => bar.end())
    const found = await survey(open.db, open.config)
    if (call.on('json')) terminal.json({ sealed, ...found })
    else {
      terminal.out(t('secrets.sealed', { n: sealed }))
      show(call, found)
    }
    return found.unopened > 0 || found.left > 0 ? 1 : 0
  })
}

function show({ terminal, t }: Call, found: Survey): void {
  const [present = ''] = found.secrets
  const standing = (key: string | null): string =>
    key === null
      ? t('secrets.nameless')
      : key === present
        ? t('secrets.present')
        : t(found.secrets.includes(key) ? 'secrets.earlier' : 'secrets.unknown')
  const lines = [
    ...found.places.flatMap(({ place, under }) => under.map(({ key, n }) => ({ place, key, n }))),
    ...found.keyed.map(({ place, key, n }) => ({ place: t(`secrets.place.${place}`), key, n })),
  ]
  terminal.out(t('secrets.configured', { present, earlier: found.secrets.slice(1).join(', ') || '–' }))
  if (lines.length > 0)
    terminal.out(
      table(
        [t('secrets.col.place'), t('secrets.col.key'), t('secrets.col.standing'), t('secrets.col.n')],
        lines.map(({ place, key, n }) => [place, key ?? '–', standing(key), t.number(n)]),
      ),
    )
  for (const { place, under, unopened, rows } of found.places.filter((one) => one.unopened > 0)) {
    const keys = under.flatMap(({ key }) => (key && !found.secrets.includes(key) ? [key] : []))
    terminal.err(
      t('secrets.unopened', { n: unopened, place, keys: keys.join(', ') || '–', rows: rows.join(', ') }),
    )
  }
  if (found.left > 0) terminal.out(t('secrets.left', { n: found.left }))
  if (found.waiting > 0) terminal.out(t('secrets.waiting', { n: found.waiting }))
  if (found.unopened === 0 && found.left === 0 && found.waiting === 0) terminal.out(t('secrets.fine'))
}

export const secretCommands: Command[] = [
  { words: 'secrets check', operands: [], flags: { json: {} }, run: runCheck },
  { words: 'secrets rotate', operands: [], flags: { json: {} }, run: runRotate },
]
