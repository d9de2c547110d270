/** `hsoc audit verify`: has anybody changed, taken out or cut off what stands in the trail? */
import { readHead, type Verified, verifyTrail } from '../modules/trail/verify.ts'
import { type Call, type Command, counted, Misuse } from './command.ts'

async function runVerify(call: Call): Promise<number> {
  const text = call.text('head')
  const head = text === undefined ? null : readHead(text)
  if (text !== undefined && !head) throw new Misuse(call.t('cli.trail_no_head', { word: text }))
  return call.terminal.installation(async (open) => {
    const bar = call.terminal.progress(call.t('cli.step.trail'), null)
    const found = await verifyTrail(open.db, head, (done) => bar.at(done)).finally(() => bar.end())
    if (call.on('json')) call.terminal.json(found)
    else show(call, found)
    return found.ok ? 0 : 1
  })
}

function show({ terminal, t }: Call, found: Verified): void {
  const said = counted({ lines: found.lines, heads: found.heads }, t)
  terminal.out(found.ok ? t('cli.trail_fine', said) : t('cli.trail_differs', { ...said, n: found.differing }))
  for (const { seq, line, fault } of found.differences)
    terminal.out(t(`cli.trail.${fault}`, { seq, line: line ?? '–' }))
  if (found.erased > 0)
    terminal.out(t('cli.trail_erased', { lines: t('cli.count.lines', { n: found.erased }) }))
  if (found.waiting > 0)
    terminal.out(t('cli.trail_waiting', { lines: t('cli.count.lines', { n: found.waiting }) }))
  if (found.head) terminal.out(t('cli.trail_head', { head: found.head }))
}

export const auditCommands: Command[] = [
  { words: 'audit verify', operands: [], flags: { head: { value: 'HEAD' }, json: {} }, run: runVerify },
]
