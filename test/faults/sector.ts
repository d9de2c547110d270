/** Two fictional hospitals, three sensors and a coordinator in a running program, and what the sensors report. */
import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { ask } from './asking.ts'
import { type Program, until } from './program.ts'

export interface Reporter {
  name: string
  secret: string
}

export interface Sector {
  /** The first may read as well. */
  sensors: [Reporter, Reporter, Reporter]
  email: string
  password: string
}

const members = `name,kind,region,prefixes,domains,contact_email,language
Nemocnice Horní Výmysl,hospital,Kraj Vysočina,192.0.2.0/25 2001:db8:1::/48,vymysl.example,it@vymysl.example,cs
Nemocnice Dolní Smyšlenka,hospital,Kraj Vysočina,192.0.2.128/25,smyslenka.example,it@smyslenka.example,cs
`

/** Fills a program that runs; throws with the words of the command that failed. */
export async function settle(program: Program): Promise<Sector> {
  const file = path.join(program.dir, 'members.csv')
  writeFileSync(file, members)
  const run = async (words: string[], input?: string): Promise<string> => {
    const { status, out, err } = await program.hsoc(words, input)
    if (status !== 0) throw new Error(`hsoc ${words.join(' ')}: ${err || out}`)
    return out.trim()
  }
  await run(['members', 'import', file])
  const email = 'koordinace@faults.example'
  const password = 'čtyři tiché zelené lampy'
  const sensor = async (name: string, ...rights: string[]): Promise<Reporter> => ({
    name,
    secret: await run(['sensor', 'add', name, '--secret', '--rights', ...rights]),
  })
  const [first, second, third] = await Promise.all([
    sensor('example.faults.first', 'write,read', '--scope', 'all'),
    sensor('example.faults.second', 'write'),
    sensor('example.faults.third', 'write'),
    run(['user', 'add', email, '--role', 'coordinator', '--password-stdin'], `${password}\n`),
  ])
  const sector: Sector = { sensors: [first, second, third], email, password }
  await known(program, sector)
  return sector
}

/** Resolves when the doors of a program let all sensors in; they hear of new ones within a second. */
export const known = (program: Program, { sensors }: Sector): Promise<void> =>
  until('the sensors are known', async () => {
    const replies = await Promise.all(
      sensors.map(({ secret }) =>
        ask({ port: program.sensorPort, path: `/warden3/getInfo?secret=${secret}` }),
      ),
    )
    return replies.every((reply) => reply.status === 200)
  })

/** A repeatable source of chance: the same seed gives the same numbers from 0 to 1 (mulberry32). */
export function chance(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = Math.imul(state ^ (state >>> 15), state | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }
}

const categories = ['Recon.Scanning', 'Attempt.Login', 'Malware', 'Intrusion.UserCompromise']

/** One IDEA event about a member's address; `id` has to be its own. */
export function eventOf(sensor: string, id: string, random: () => number, atMs: number): object {
  const byte = (most: number): number => Math.floor(random() * most)
  return {
    Format: 'IDEA0',
    ID: id,
    DetectTime: new Date(atMs - byte(600_000)).toISOString(),
    Category: [categories[byte(categories.length)]],
    ConnCount: 1 + byte(20),
    Source: [{ IP4: [`198.51.100.${byte(256)}`], Proto: ['tcp'] }],
    Target: [{ IP4: [`192.0.2.${byte(256)}`], Port: [22 + byte(3)], Proto: ['tcp'] }],
    Node: [{ Name: sensor, Type: ['Connection'], SW: ['probe'] }],
  }
}
