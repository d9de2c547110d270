/** The command line: what was typed, to a command, to an exit code. 0 done, 1 not done, 2 typed wrong. */
import { find, readCall } from './cli/arguments.ts'
import { backupCommands } from './cli/backups.ts'
import { checkCommands } from './cli/checks.ts'
import { type Command, Misuse } from './cli/command.ts'
import { demoCommands } from './cli/demo.ts'
import { figureCommands } from './cli/figures.ts'
import { helpOfAll, helpOfCommand } from './cli/help.ts'
import { ingestCommands } from './cli/ingest.ts'
import { memberCommands } from './cli/members.ts'
import { sensorCommands } from './cli/sensors.ts'
import { type Program, serveCommands } from './cli/serve.ts'
import { simulateCommands } from './cli/simulate.ts'
import { openTerminal, terminalLang } from './cli/terminal.ts'
import { userCommands } from './cli/users.ts'
import { replayForParent } from './demo/replay.ts'
import { type T, translator } from './platform/i18n.ts'
import { withoutSecrets } from './platform/log.ts'

/** The program itself is read only when it is started: other commands begin the quicker. */
const program: Program = {
  start: async (config, say) => (await import('./main.ts')).start(config, say),
}

const commands: Command[] = [
  ...demoCommands(program),
  ...serveCommands(program),
  ...memberCommands,
  ...userCommands,
  ...sensorCommands,
  ...ingestCommands,
  ...figureCommands,
  ...checkCommands,
  ...simulateCommands,
  ...backupCommands,
]

async function run(words: string[], t: T): Promise<number> {
  const terminal = openTerminal(t)
  let way = 'hsoc help'
  try {
    const found = find(words, commands, t)
    if ('help' in found) {
      const { help } = found
      terminal.out(
        help === null || typeof help === 'string' ? helpOfAll(commands, help, t) : helpOfCommand(help, t),
      )
      return 0
    }
    way = `hsoc ${found.command.words} --help`
    return await found.command.run({ ...readCall(found, t), terminal })
  } catch (error) {
    const { message, stack } = error as Error
    terminal.err(withoutSecrets(isOurs(error) ? message : t('cli.failed', { why: message })))
    if (!isOurs(error) && process.env.HSOC_LOG_LEVEL === 'debug') terminal.err(stack ?? '')
    if (!(error instanceof Misuse)) return 1
    terminal.err(t('cli.try_help', { command: way }))
    return 2
  }
}

/** Errors whose sentence was written for whoever reads it. */
const isOurs = (error: unknown): boolean =>
  ['Misuse', 'NotFound', 'Forbidden', 'WrongState', 'Invalid', 'Unavailable'].includes((error as Error).name)

/** A reader that has seen enough (`hsoc sensor list | head`) is no failure. */
process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1))

// The demonstration's sensors are this program once more, in a process of their own.
if (process.argv[2] === '_replay' && process.send) replayForParent()
else process.exit(await run(process.argv.slice(2), translator(terminalLang(process.env))))
