/** The command line: what was typed, to a command, to an exit code. 0 done, 1 not done, 2 typed wrong. */
import { find, readCall } from './cli/arguments.ts'
import { type Command, Misuse } from './cli/command.ts'
import { helpOfAll, helpOfCommand } from './cli/help.ts'
import { type Program, serveCommands } from './cli/serve.ts'
import { openTerminal, terminalLang } from './cli/terminal.ts'
import { type T, translator } from './platform/i18n.ts'
import { withoutSecrets } from './platform/log.ts'

/** The program itself is read only when it is started: other commands begin the quicker. */
const program: Program = {
  start: async (config, migrated) => (await import('./main.ts')).start(config, migrated),
}

/** What runs for months reads no more than it needs. */
const commandsFor = async (words: string[]): Promise<Command[]> =>
  words.length === 1 && words[0] === 'start'
    ? serveCommands(program)
    : (await import('./cli/commands.ts')).commandsOf(program)

async function run(words: string[], t: T): Promise<number> {
  const terminal = openTerminal(t)
  let way = 'hsoc help'
  try {
    const commands = await commandsFor(words)
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
if (process.argv[2] === '_replay' && process.send) (await import('./demo/replay.ts')).replayForParent()
else process.exit(await run(process.argv.slice(2), translator(terminalLang(process.env))))
