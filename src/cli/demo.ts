/** `hsoc demo`: a made-up sector on this machine, whose sensors replay a day through the public intake. */
import { type ChildProcess, fork } from 'node:child_process'
import { randomInt } from 'node:crypto'
import path from 'node:path'
import { demoCommunity } from '../demo/community.ts'
import { fill } from '../demo/fill.ts'
import { openMailSink } from '../demo/mail-sink.ts'
import type { ReplayJob, ReplayMessage } from '../demo/replay.ts'
import { demoSector, demoSensors } from '../demo/sector.ts'
import { seedFor } from '../demo/seed.ts'
import {
  type DemoDay,
  type DemoState,
  isForeign,
  readState,
  removeAll,
  runningIn,
  writeState,
} from '../demo/state.ts'
import { loadConfig } from '../platform/config.ts'
import { projectRoot } from '../platform/content.ts'
import { addDays, clock, dayOf, isDay } from '../platform/dates.ts'
import { Invalid, WrongState } from '../platform/errors.ts'
import { serverCertificate } from '../platform/tls.ts'
import { type Call, type Command, counted, Misuse } from './command.ts'
import { certificates, configure, logTo, nextFree } from './demo-ground.ts'
import { type Program, requirePorts, sayMigrated, untilStopped } from './serve.ts'
import type { Installation, Terminal } from './terminal.ts'

const scaledEvents = 200_000

const wholeEvents = 1_990_000

/** Real time that a replay takes unless a speed is given. */
const scaledMs = 120_000

const wholeMs = 600_000

const dayMs = 86_400_000

const zone = 'Europe/Prague'

interface Wishes {
  day: string | null
  events: number
  /** Null: one that shows a warned hospital early. */
  seed: string | null
  /** Null: as fast as it goes. */
  speed: number | null
}

function wishesOf(call: Call): Wishes {
  const { t } = call
  const day = call.text('day') ?? null
  if (day !== null && !isDay(day)) throw new Misuse(t('cli.not_a_day', { word: day }))
  const said = call.text('events')
  if (said !== undefined && (!/^\d+$/.test(said) || Number(said) < 2_000 || Number(said) > 5_000_000))
    throw new Misuse(t('cli.not_events', { word: said, most: 5_000_000 }))
  const events = said !== undefined ? Number(said) : call.on('full') ? wholeEvents : scaledEvents
  const word = call.text('speed')
  if (word !== undefined && word !== 'max' && !(Number(word) >= 1 && Number(word) <= 100_000))
    throw new Misuse(t('cli.demo.not_speed', { word }))
  const usual = dayMs / (events > 500_000 ? wholeMs : scaledMs)
  const speed = word === 'max' ? null : word === undefined ? usual : Number(word)
  return { day, events, seed: call.text('seed') ?? null, speed }
}

const demoFolder = (): string => path.resolve(process.env.HSOC_DATA || path.join(projectRoot, 'data', 'demo'))

/** The state to go on with; makes or unmakes the folder as asked. */
function begun(call: Call, folder: string): DemoState {
  const { t, terminal } = call
  if (process.env.HSOC_DATABASE_URL) throw new Invalid(t('cli.demo.own_database'))
  if (isForeign(folder)) throw new WrongState(t('cli.demo.not_ours', { folder }))
  const pid = runningIn(readState(folder))
  if (pid !== null) throw new WrongState(t('cli.demo.running', { pid: String(pid) }))
  if (call.on('reset') && readState(folder)) {
    removeAll(folder)
    terminal.err(t('cli.demo.reset'))
  }
  const state = readState(folder) ?? {
    password: `ukazka-${randomInt(100_000, 999_999)}-hsoc`,
    pid: null,
    days: [],
  }
  state.pid = process.pid
  writeState(folder, state)
  return state
}

/** The hospital is that of the first sign-in that belongs to one. */
function chosenSeed(day: string, events: number): string {
  const { organisations, people } = demoSector()
  const slug = people.flatMap(({ roles }) => roles).find(({ organisation }) => organisation)?.organisation
  return slug ? seedFor(slug, { day, events, organisations }) : '1'
}

/** Yesterday, unless a day was asked for; a day begun before is gone on with. */
function dayToPlay(state: DemoState, wishes: Wishes, now: number): DemoDay {
  const unfinished = state.days.find((one) => !one.over && (wishes.day === null || one.day === wishes.day))
  if (unfinished) return unfinished
  const day = wishes.day ?? addDays(dayOf(now, zone), -1)
  const played = state.days.find((one) => one.day === day)
  if (played) return played
  const maxAgeMs = Math.min(900_000, Math.max(1_000, Math.round((wishes.speed ?? 3_600) * 1_000)))
  const seed = wishes.seed ?? chosenSeed(day, wishes.events)
  const fresh = { day, seed, events: wishes.events, maxAgeMs, done: {}, sent: 0, over: false }
  state.days.push(fresh)
  return fresh
}

/** How the other commands find this installation; a name with blanks is quoted. */
const commandIn = (folder: string): string =>
  `HSOC_DATA=${/\s/.test(folder) ? JSON.stringify(folder) : folder} ${path.join(projectRoot, 'bin', 'hsoc')} help`

function showSignIns({ err, t }: Terminal, password: string): void {
  const sector = demoSector()
  const named = new Map(sector.organisations.map((one) => [one.slug, one.name]))
  err(t('cli.demo.sign_ins', { password }))
  const [first, ...members] = sector.people
  // The second coordinator beside the first: what one writes, another confirms.
  const people = [
    ...(first ? [first] : []),
    ...demoCommunity().people.filter((one) => one.signsIn),
    ...members,
  ]
  const width = Math.max(...people.map((one) => one.email.length))
  for (const person of people) {
    const [one, second] = person.roles.map(({ organisation }) =>
      organisation ? (named.get(organisation) ?? '') : '',
    )
    const place = second ? t('cli.demo.both', { first: one ?? '', second }) : one
    const role = t(`cli.demo.roles.${person.roles[0]?.role}`)
    err(`  ${person.email.padEnd(width)}  ${place ? t('cli.demo.role', { role, place }) : role}`)
  }
}

interface Replay {
  over: Promise<void>
  end(): Promise<void>
}

/** Starts the sensors' process and shows how far they are. */
function replay(call: Call, job: ReplayJob, day: DemoDay, keep: () => void): Replay {
  const { terminal, t } = call
  const bar = terminal.progress(t('cli.demo.accepted'), job.events)
  const refused = new Set<string>()
  let kept = 0
  const child: ChildProcess = fork(process.argv[1] ?? '', ['_replay'], { execArgv: process.execArgv })
  const exited = new Promise<void>((done) => child.once('exit', () => done()))
  const over = new Promise<void>((done) => {
    child.on('message', (message: ReplayMessage) => {
      if (message.kind === 'sent') {
        day.done[message.sensor] = message.requests
        day.sent += message.events
        bar.at(day.sent, t('cli.demo.at', { time: clock(message.atMs, t, zone) }))
        if (terminal.now() - kept > 1_000) {
          kept = terminal.now()
          keep()
        }
      } else if (message.kind === 'waiting') bar.at(day.sent, t('cli.demo.waiting'))
      else if (message.kind === 'refused' && !refused.has(message.sensor)) {
        refused.add(message.sensor)
        bar.end()
        terminal.err(t('cli.demo.refused', { sensor: message.sensor, why: message.why }))
      } else if (message.kind === 'over') {
        day.over = true
        keep()
        bar.end()
        done()
      }
    })
    child.once('exit', () => done())
  })
  child.send(job)
  return {
    over,
    end: async () => {
      bar.end()
      child.kill('SIGTERM')
      await exited
    },
  }
}

async function play(
  call: Call,
  open: Installation,
  state: DemoState,
  wishes: Wishes,
  folder: string,
): Promise<Replay | null> {
  const { terminal, t } = call
  const day = dayToPlay(state, wishes, terminal.now())
  if (day.over) {
    terminal.err(t('cli.demo.again', { day: day.day }))
    return null
  }
  const job: ReplayJob = {
    ...day,
    organisations: demoSector().organisations,
    speed: wishes.speed,
    port: open.config.sensorPort,
    ca: (await serverCertificate(open.config.dataDir, new URL(open.config.baseUrl).hostname, terminal.now()))
      .cert,
    sensors: await certificates(folder, open, terminal.now()),
  }
  const speed =
    wishes.speed === null ? t('cli.demo.speed_max') : t('cli.demo.speed', { n: Math.round(wishes.speed) })
  terminal.err(
    t('cli.demo.replay', {
      day: day.day,
      sensors: demoSensors().length,
      speed,
      ...counted({ events: day.events }, t),
    }),
  )
  terminal.err(t('cli.demo.history'))
  if (day.sent > 0) terminal.err(t('cli.demo.continued', { n: day.sent }))
  const running = replay(call, job, day, () => writeState(folder, state))
  void running.over.then(() => {
    if (day.over) terminal.err(t('cli.demo.played', { day: day.day, ...counted({ events: day.sent }, t) }))
  })
  return running
}

async function demo(call: Call, program: Program): Promise<number> {
  const { terminal, t } = call
  const wishes = wishesOf(call)
  const folder = demoFolder()
  const state = begun(call, folder)
  const stopped = untilStopped()
  const sink = await openMailSink(path.join(folder, 'mails'), await nextFree(8025))
  try {
    const pagesKey = await configure(folder, sink.smtpPort)
    await requirePorts(loadConfig(), t, pagesKey)
    logTo(path.join(folder, 'hsoc.log'))
    await terminal.installation(async (open) => {
      terminal.err(t('cli.demo.preparing'))
      await fill(open.context, { password: state.password, secret: open.config.secret }, terminal.now())
      const running = await Promise.race([program.start(open.config, sayMigrated(terminal)), stopped])
      if (!running) return
      terminal.err(`\n${t('cli.demo.banner')}`)
      if (open.config.secondFactor === 'off') terminal.err(t('strength.demo'))
      terminal.err(t('cli.pages_at', { url: open.config.baseUrl }))
      terminal.err(t('cli.sensors_at', { url: `https://127.0.0.1:${open.config.sensorPort}/warden3` }))
      terminal.err(
        t('cli.demo.mails', { url: `http://127.0.0.1:${sink.pagePort}`, folder: path.join(folder, 'mails') }),
      )
      terminal.err(t('cli.demo.command', { command: commandIn(folder) }))
      showSignIns(terminal, state.password)
      terminal.err('')
      const replaying = await play(call, open, state, wishes, folder)
      await stopped
      terminal.err(`\n${t('cli.stopping')}`)
      await replaying?.end()
      await running.stop()
    })
  } finally {
    await sink.close()
    writeState(folder, { ...state, pid: null })
  }
  terminal.err(t('cli.stopped'))
  return 0
}

export const demoCommands = (program: Program): Command[] => [
  {
    words: 'demo',
    operands: [],
    flags: {
      speed: { value: 'N' },
      day: { value: 'DAY' },
      events: { value: 'N' },
      full: {},
      seed: { value: 'N' },
      reset: {},
    },
    run: (call) => demo(call, program),
  },
]
