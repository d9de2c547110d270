/** The program itself as a process of its own, started as `npm start` does: its configuration is the environment. */
import { loadConfig } from '../src/platform/config.ts'
import { program } from './product.ts'

const { start } = await program()
const running = await start(loadConfig())
process.send?.({ ready: running.ports })
let stopping = false
const stop = (): void => {
  if (stopping) return
  stopping = true
  running.stop().then(
    () => process.exit(0),
    () => process.exit(1),
  )
}
process.on('message', stop)
process.on('disconnect', stop)
process.on('SIGTERM', stop)
process.on('SIGINT', () => {})
