/** One node of a call, started and killed by the measurement: what the worker does each second, and nothing else. */
import type { Context } from '../src/platform/context.ts'
import { openDatabase } from '../src/platform/database.ts'
import { servingUrls } from '../src/platform/migrate.ts'
import { calls, channels, warnings } from './product.ts'
import { secret, zone } from './stage.ts'

const { BENCH_DATABASE = '', BENCH_SMTP = '', BENCH_SMS = '0', BENCH_PUSH = '' } = process.env
const pushHosts = BENCH_PUSH ? [BENCH_PUSH] : []
const { openMailer, openWays, work: workChannels } = await channels()
const { rollcallLetter, rollcallShort, understandReply, work } = await calls()
const { mailWriters } = await warnings()
const say = (fields: object): void => console.error(fields)
const context: Context = {
  db: openDatabase(servingUrls(BENCH_DATABASE, secret), { app: 3, engine: 8 }),
  bus: { on: () => () => {}, onAgain: () => () => {}, close: async () => {} },
  log: { info: () => {}, warn: say, error: say },
  settings: {
    ...{ baseUrl: 'https://hsoc.example', zone, secret, coordinatorPhone: null, listsDir: null, rawDays: 90 },
    demo: false,
    pushHosts,
  },
  clock: () => Date.now(),
}
const mailer = openMailer(
  { smtpUrl: BENCH_SMTP, mailFrom: 'hSOC <hsoc@hsoc.example>', dkim: null },
  { ...mailWriters, rollcall: rollcallLetter },
)
const sms =
  BENCH_SMS === '0'
    ? null
    : {
        by: 'smpp' as const,
        host: '127.0.0.1',
        port: Number(BENCH_SMS),
        secure: false,
        user: 'hsoc',
        password: 'hush',
        from: 'hSOC',
      }
const ways = openWays(
  context,
  { sms, pushHosts, pushRate: null },
  { understand: [understandReply], rollcall: rollcallShort },
)

/** Again and again, as the worker's loops do; a failure is said and tried again. */
async function loop(once: () => Promise<unknown>, restMs: number, busyMs = restMs): Promise<never> {
  for (;;) {
    const done = await once().catch(say)
    await new Promise((wake) => setTimeout(wake, done ? busyMs : restMs))
  }
}
process.send?.('at work')
await Promise.all([
  loop(() => work(context, Date.now()), 1_000),
  loop(() => workChannels(context, mailer, Date.now()), 500, 20),
  loop(() => ways.work(Date.now()), 1_000, 20),
])
