/** `hsoc user`: people and their roles. The first coordinator is made here. */
import { resetMeans } from '../modules/members/means.ts'
import { addPerson, disable, setPassword } from '../modules/members/people.ts'
import { asActor, type Role, roles } from '../platform/access.ts'
import { asEngine } from '../platform/database.ts'
import { Invalid, NotFound } from '../platform/errors.ts'
import { langs } from '../platform/i18n.ts'
import { strongRoles } from '../platform/strength.ts'
import { type Call, type Command, Misuse } from './command.ts'
import { memberOf } from './figures.ts'
import { nearestWord } from './nearest.ts'
import { asksForSecond } from './second-factor.ts'
import { table } from './table.ts'
import type { Installation } from './terminal.ts'

interface PersonLine {
  id: number
  email: string
  name: string
  disabled: boolean
  roles: { role: Role; member: string | null }[]
}

async function people(open: Installation, now: number): Promise<PersonLine[]> {
  return asActor(open.db, open.operator, now, async (tx) => {
    const { rows } = await tx.query<PersonLine>(
      `select p.id, p.email, p.name, p.disabled_at is not null as disabled,
         coalesce(json_agg(json_build_object('role', e.role, 'member', o.name) order by e.role, o.name) filter (where e.id is not null), '[]') as roles
       from people p
       left join engagements e on e.person_id = p.id and e.valid_to > (select actor_now())
       left join organisations o on o.id = e.org_id
       group by p.id order by lower(p.email)`,
    )
    return rows
  })
}

async function personOf(open: Installation, email: string, call: Call): Promise<PersonLine> {
  const all = await people(open, call.terminal.now())
  const found = all.find((one) => one.email.toLowerCase() === email.toLowerCase())
  if (found) return found
  const near = nearestWord(
    email,
    all.map((one) => one.email),
  )
  throw new NotFound(
    call.t('cli.no_person', { email }) + (near ? ` ${call.t('cli.did_you_mean', { near })}` : ''),
  )
}

function roleOf(call: Call): Role {
  const word = call.text('role') ?? ''
  const role = roles.find((one) => one === word)
  if (role) return role
  const near = nearestWord(word, roles)
  throw new Misuse(
    call.t('cli.unknown_role', { role: word, roles: roles.join(', ') }) +
      (near ? ` ${call.t('cli.did_you_mean', { near })}` : ''),
  )
}

/** One line of standard input; at a terminal it is asked for and not shown. */
export async function readPassword(call: Call): Promise<string> {
  if (process.stdin.isTTY) process.stderr.write(`${call.t('cli.type_password')} `)
  const text = process.stdin.isTTY ? await typed() : await piped()
  if (text === '') throw new Invalid(call.t('cli.no_password'))
  return text
}

async function piped(): Promise<string> {
  const parts: Buffer[] = []
  for await (const part of process.stdin) parts.push(part as Buffer)
  return (Buffer.concat(parts).toString('utf8').split(/\r?\n/)[0] ?? '').normalize('NFC')
}

function typed(): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = ''
    process.stdin.setRawMode(true).setEncoding('utf8').resume()
    const done = (): void => {
      process.stdin.setRawMode(false).pause().off('data', hear)
      process.stderr.write('\n')
    }
    const hear = (keys: string): void => {
      for (const key of keys) {
        if (key === '\r' || key === '\n' || key === '\u0004') {
          done()
          resolve(text.normalize('NFC'))
          return
        }
        if (key === '\u0003') {
          done()
          reject(new Misuse('^C'))
          return
        }
        text = key === '\u007f' || key === '\b' ? text.slice(0, -1) : text + key
      }
    }
    process.stdin.on('data', hear)
  })
}

async function add(call: Call): Promise<number> {
  const { terminal, t } = call
  const [email = ''] = call.operands
  const role = roleOf(call)
  const central = role === 'coordinator' || role === 'operator'
  const member = call.text('member') ?? null
  if (central && member !== null) throw new Misuse(t('cli.role_without_member', { role }))
  if (!central && member === null) throw new Misuse(t('cli.role_needs_member', { role }))
  const said = call.text('language')
  const language = langs.find((one) => one === said)
  if (said !== undefined && !language)
    throw new Misuse(t('cli.one_of', { flag: '--language', word: said, words: 'cs, en' }))
  const password = call.on('password-stdin') ? await readPassword(call) : null
  return terminal.installation(async (open) => {
    await memberOf(call, open) // says what was probably meant
    const wanted = {
      email,
      name: call.text('name') ?? null,
      role,
      member,
      password,
      ...(language ? { language } : {}),
    }
    const { created } = await asEngine(open.db, (tx) => addPerson(tx, wanted, open.operator, terminal.now()))
    terminal.out(t(created ? 'cli.person_added' : 'cli.role_added', { email, role }))
    if (password === null && created) terminal.out(t('cli.password_by_mail'))
    if (password !== null && !created) terminal.out(t('cli.password_set', { email }))
    if (strongRoles.includes(role) && asksForSecond(open.config)) terminal.out(t('strength.first'))
    return 0
  })
}

async function list(call: Call): Promise<number> {
  const { terminal, t } = call
  const rows = await terminal.installation((open) => people(open, terminal.now()))
  if (call.on('json')) terminal.json(rows)
  else if (rows.length === 0) terminal.out(t('cli.no_people'))
  else
    terminal.out(
      table(
        [t('cli.col.email'), t('cli.col.name'), t('cli.col.roles')],
        rows.map((row) => [
          row.email,
          row.name,
          row.disabled
            ? t('cli.disabled')
            : row.roles.map((one) => (one.member ? `${one.role} (${one.member})` : one.role)).join(', '),
        ]),
      ),
    )
  return 0
}

async function end(call: Call): Promise<number> {
  const { terminal } = call
  return terminal.installation(async (open) => {
    const person = await personOf(open, call.operands[0] ?? '', call)
    await asEngine(open.db, (tx) => disable(tx, person.id, open.operator, terminal.now()))
    terminal.out(call.t('cli.person_disabled', { email: person.email }))
    return 0
  })
}

async function password(call: Call): Promise<number> {
  const { terminal } = call
  if (!call.on('password-stdin') && !process.stdin.isTTY) throw new Misuse(call.t('cli.say_password_stdin'))
  const fresh = await readPassword(call)
  return terminal.installation(async (open) => {
    const person = await personOf(open, call.operands[0] ?? '', call)
    await asEngine(open.db, (tx) => setPassword(tx, person.id, fresh, open.operator, terminal.now()))
    terminal.out(call.t('cli.password_set', { email: person.email }))
    return 0
  })
}

async function reset(call: Call): Promise<number> {
  const { terminal } = call
  return terminal.installation(async (open) => {
    const person = await personOf(open, call.operands[0] ?? '', call)
    await asEngine(open.db, (tx) => resetMeans(tx, person.id, open.operator, terminal.now()))
    terminal.out(call.t('cli.means_reset', { email: person.email }))
    return 0
  })
}

export const userCommands: Command[] = [
  {
    words: 'user add',
    operands: ['EMAIL'],
    flags: {
      role: { value: 'ROLE', needed: true },
      member: { value: 'NAME' },
      name: { value: 'NAME' },
      language: { value: 'cs|en' },
      'password-stdin': {},
    },
    run: add,
  },
  { words: 'user list', operands: [], flags: { json: {} }, run: list },
  { words: 'user disable', operands: ['EMAIL'], flags: {}, run: end },
  { words: 'user password', operands: ['EMAIL'], flags: { 'password-stdin': {} }, run: password },
  { words: 'user reset', operands: ['EMAIL'], flags: {}, run: reset },
]
