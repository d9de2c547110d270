/**
 * The built program as a region would run it: three hospitals, people in their roles, sensors at the Warden door, a mail
 * server, and browsers that sign in, press buttons and listen. Nothing of the program is replaced.
 */
import { writeFileSync } from 'node:fs'
import https from 'node:https'
import path from 'node:path'
import type { ParsedMail } from 'mailparser'
import { ask, type Reply } from '../faults/asking.ts'
import { build, openProgram, type Program, until } from '../faults/program.ts'
import { openPostOffice, type PostOffice } from '../post-office.ts'

const members = `name,kind,region,prefixes,domains,contact_email,language
Nemocnice Horní Výmysl,hospital,Kraj Vysočina,192.0.2.0/25,vymysl.example,it@vymysl.example,cs
Nemocnice Dolní Smyšlenka,hospital,Kraj Vysočina,192.0.2.128/25,smyslenka.example,it@smyslenka.example,cs
Nemocnice Třetí Báchorka,hospital,Kraj Vysočina,198.51.100.0/25,bachorka.example,it@bachorka.example,cs
`
export const [horni, dolni] = ['Nemocnice Horní Výmysl', 'Nemocnice Dolní Smyšlenka']
const treti = 'Nemocnice Třetí Báchorka'
const password = 'čtyři tiché zelené lampy'
const [wall, rehearsal] = ['example.journey.wall', 'example.journey.rehearsal']

const roles = {
  coordinator: [['coordinator', null]],
  admin: [['admin', horni]],
  foreign: [['admin', treti]],
  both: [
    ['duty', horni],
    ['duty', dolni],
  ],
} satisfies Record<string, [string, string | null][]>
export type Who = keyof typeof roles
export const mailOf = (who: Who): string => `${who}@journey.example`

/** Somebody signed in. */
export interface Person {
  get(url: string): Promise<Reply>
  /** A form of a page. */
  post(url: string, form: Record<string, string>): Promise<Reply>
  /** The list as programs get it, with a filter of its address. */
  warnings(query?: string): Promise<Told[]>
  /** What the open page is told from now on. */
  listen(): Promise<{ heard(): string; close(): void }>
}

/** A warning as the API tells it. */
export interface Told {
  id: number
  number: string
  rule: string
  severity: string
  state: string
  answer: string
  answered_at: string | null
  answered_by: string | null
  opened_at: string
  organisation: { id: number; name: string } | null
  assignee: string | null
  exercise: string | null
}

export interface Happening {
  category: string
  source: string
  target?: string
  exercise?: string
}

export interface Journey {
  program: Program
  post: PostOffice
  people: Record<Who, Person>
  /** A visitor without any session: whoever opens a link of a mail. */
  visitor: Pick<Person, 'get' | 'post'>
  /** Sent through the Warden door as it happens; nothing was stopped on the way. */
  happen(...happenings: Happening[]): Promise<void>
  /** The person's mails whose subject has this text, once there are so many. */
  mails(who: Who, text: string, least?: number): Promise<ParsedMail[]>
  /** The warnings of a filter, once they are as wished. */
  warned(who: Who, query: string, good: (told: Told[]) => boolean): Promise<Told[]>
  close(): Promise<void>
}

export async function openJourney(): Promise<Journey> {
  build()
  const post = await openPostOffice()
  const program = await openProgram({ HSOC_SMTP_URL: post.url, HSOC_COORDINATOR_PHONE: '+420 555 010 010' })
  const close = async (): Promise<void> => {
    await program.remove()
    await post.close()
  }
  try {
    await program.start()
    const secrets = await settle(program)
    const names = Object.keys(roles) as Who[]
    const signed = await Promise.all(names.map((who) => signIn(program, mailOf(who))))
    const people = Object.fromEntries(names.map((who, i) => [who, signed[i]])) as Record<Who, Person>
    const visitor = personOf(program, {}, {})
    const warned: Journey['warned'] = async (who, query, good) => {
      let told: Told[] = []
      await until(`${who} sees the warnings ${query}`, async () => {
        told = await people[who].warnings(query)
        return good(told)
      })
      return told
    }
    const mails: Journey['mails'] = async (who, text, least = 1) => {
      const found = () => post.to(mailOf(who)).filter((mail) => mail.subject?.includes(text))
      await until(`${who} has ${least} mails of ${text}`, () => found().length >= least)
      return found()
    }
    return {
      program,
      post,
      people,
      visitor,
      happen: (...all) => send(program, secrets, all),
      mails,
      warned,
      close,
    }
  } catch (error) {
    await close()
    throw new Error(`${(error as Error).message}\n${program.said().slice(-2_000)}`, { cause: error })
  }
}

/** Fills the running program by its commands; answers the sensors' secrets. */
async function settle(program: Program): Promise<Record<string, string>> {
  const file = path.join(program.dir, 'members.csv')
  writeFileSync(file, members)
  const run = async (words: string[], input?: string): Promise<string> => {
    const { status, out, err } = await program.hsoc(words, input)
    if (status !== 0) throw new Error(`hsoc ${words.join(' ')}: ${err || out}`)
    return out.trim()
  }
  const sensor = (name: string, ...more: string[]): Promise<string> =>
    run(['sensor', 'add', name, '--secret', '--rights', 'write', ...more])
  const user = async ([who, engagements]: [string, [string, string | null][]]): Promise<void> => {
    for (const [role, member] of engagements) {
      const at = member === null ? [] : ['--member', member]
      const words = ['user', 'add', mailOf(who as Who), '--role', role, ...at, '--password-stdin']
      await run(words, `${password}\n`)
    }
  }
  await run(['members', 'import', file])
  const [first, second] = await Promise.all([
    sensor(wall),
    sensor(rehearsal, '--exercise'),
    ...(Object.entries(roles) as [string, [string, string | null][]][]).map(user),
  ])
  const secrets = { [wall]: first as string, [rehearsal]: second as string }
  await until('the sensors are let in', async () => {
    const doors = Object.values(secrets).map((secret) => `/warden3/getInfo?secret=${secret}`)
    const replies = await Promise.all(doors.map((door) => ask({ port: program.sensorPort, path: door })))
    return replies.every(({ status }) => status === 200)
  })
  return secrets
}

let serial = 0

async function send(program: Program, secrets: Record<string, string>, all: Happening[]): Promise<void> {
  const sensor = all.some(({ exercise }) => exercise) ? rehearsal : wall
  const events = all.map(({ category, source, target, exercise }) => ({
    Format: 'IDEA0',
    ID: `journey-${++serial}`,
    DetectTime: new Date().toISOString(),
    Category: [category],
    Source: [{ IP4: [source] }],
    ...(target ? { Target: [{ IP4: [target], Port: [443], Proto: ['tcp'] }] } : {}),
    Node: [{ Name: sensor, Type: ['Flow'], SW: ['Suricata'] }],
    _HSOC: { Verdict: 'passed', ...(exercise ? { Exercise: exercise } : {}) },
  }))
  const { status, text } = await ask({
    port: program.sensorPort,
    path: `/warden3/sendEvents?client=${sensor}&secret=${secrets[sensor]}`,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(events),
  })
  if (status !== 200) throw new Error(`the Warden door answered ${status} ${text}`)
}

async function signIn(program: Program, email: string): Promise<Person> {
  const form = new URLSearchParams({ email, password }).toString()
  const headers = { 'content-type': 'application/x-www-form-urlencoded', accept: 'text/html' }
  const answer = await ask({ port: program.port, path: '/sign-in', headers, body: form })
  if (answer.status !== 303) throw new Error(`${email} was not let in: ${answer.status}`)
  const cookie = `${(answer.headers['set-cookie'] ?? []).map((one) => one.split(';')[0]).join('; ')}; lang=en`
  const session = await ask({ port: program.port, path: '/api/v1/session', headers: { cookie } })
  return personOf(program, { cookie }, { _csrf: JSON.parse(session.text).csrf })
}

function personOf({ port }: Program, cookie: Record<string, string>, hidden: Record<string, string>): Person {
  const get = (url: string): Promise<Reply> =>
    ask({ port, path: url, headers: { ...cookie, accept: 'text/html', 'accept-language': 'en' } })
  return {
    get,
    post: (url, form) =>
      ask({
        port,
        path: url,
        headers: { ...cookie, accept: 'text/html', 'content-type': 'application/x-www-form-urlencoded' },
        body: new URLSearchParams({ ...hidden, ...form }).toString(),
      }),
    warnings: async (query = '') => {
      const { status, text } = await get(`/api/v1/warnings${query}`)
      if (status !== 200) throw new Error(`the list answered ${status} ${text.slice(0, 300)}`)
      return JSON.parse(text).warnings
    },
    listen: async () => {
      let heard = ''
      const options = { host: '127.0.0.1', port, path: '/live', agent: false, headers: cookie }
      const request = https.get({ ...options, rejectUnauthorized: false }, (response) => {
        response.on('data', (piece: Buffer) => {
          heard += piece.toString()
        })
        response.on('error', () => {})
      })
      request.on('error', () => {})
      await until('the page listens', () => heard.includes('retry:'))
      heard = ''
      return { heard: () => heard, close: () => request.destroy() }
    },
  }
}
