/** All commands, in the order of the help. */

import { advisoryCommands } from './advisories.ts'
import { assetCommands } from './assets.ts'
import { auditCommands } from './audit.ts'
import { backupCommands } from './backups.ts'
import { checkCommands } from './checks.ts'
import type { Command } from './command.ts'
import { contactCommands } from './contacts.ts'
import { demoCommands } from './demo.ts'
import { figureCommands } from './figures.ts'
import { groupCommands } from './groups.ts'
import { ingestCommands } from './ingest.ts'
import { keyCommands } from './keys.ts'
import { mailCommands } from './mail.ts'
import { memberCommands } from './members.ts'
import { personCommands } from './people.ts'
import { registerFileCommands } from './register-file.ts'
import { registryCommands } from './registry.ts'
import { secretCommands } from './secrets.ts'
import { sensorCommands } from './sensors.ts'
import { type Program, serveCommands } from './serve.ts'
import { signingKeyCommands } from './signing-key.ts'
import { simulateCommands } from './simulate.ts'
import { userCommands } from './users.ts'
import { watchCommands } from './watch.ts'

export const commandsOf = (program: Program): Command[] => [
  ...demoCommands(program),
  ...serveCommands(program),
  ...memberCommands,
  ...registryCommands,
  ...contactCommands,
  ...assetCommands,
  ...mailCommands,
  ...registerFileCommands,
  ...userCommands,
  ...personCommands,
  ...groupCommands,
  ...advisoryCommands,
  ...keyCommands,
  ...sensorCommands,
  ...ingestCommands,
  ...figureCommands,
  ...checkCommands,
  ...auditCommands,
  ...secretCommands,
  ...signingKeyCommands,
  ...simulateCommands,
  ...backupCommands,
  ...watchCommands,
]
