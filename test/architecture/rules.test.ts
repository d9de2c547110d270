/** Each rule of the architecture test fires on what it forbids and is silent on its nearest lawful neighbour. */
import { describe, expect, it } from 'vitest'
import { lostPaths } from './documents.ts'
import { idleClasses } from './looks.ts'
import { parse } from './parse.ts'
import * as rules from './rules.ts'
import { idleWords } from './words.ts'
import { strangeWriters, writtenTables } from './writers.ts'

const at = 'src/modules/warnings/warnings.ts'

describe('one writer per table', () => {
  const migrations = [
    { path: 'migrations/0001-members.sql', sql: 'create table people (id int);' },
    { path: 'migrations/0002-all.sql', sql: '-- module: warnings\ncreate table warnings (id int);\n' },
  ]
  const check = (path: string, sql: string): string[] =>
    strangeWriters([parse(path, `export const sql = \`${sql}\``)], migrations, {})

  it.each([
    'insert into people (id) values (1)',
    'INSERT INTO public.people select 1',
    'update people set id = 2',
    'update only people as p set id = 2',
    'with gone as (delete from people returning id) select * from gone',
    'merge into people using x on true when matched then delete',
    'truncate people',
    'copy people (id) from stdin',
  ])('"%s" is refused to a stranger', (sql) => {
    expect(check(at, sql)).toEqual([`${at}: writes to people, which belongs to members`])
    expect(check('src/modules/members/people.ts', sql)).toEqual([])
  })

  it('a table put in at run time is refused', () => {
    expect(check(at, `delete from \${table}`)).toEqual([
      `${at}: writes to a table that the source does not name`,
    ])
  })

  it('the program above the modules and the platform own nothing of theirs', () => {
    expect(check('src/cli.ts', 'delete from warnings')).toHaveLength(1)
    expect(check('src/platform/db.ts', 'delete from warnings')).toHaveLength(1)
  })

  it('a migration may not write to the table of another module', () => {
    const sql =
      '-- module: events\ncreate function f() returns void language sql as $$ delete from people $$;'
    expect(strangeWriters([], [...migrations, { path: 'migrations/0003-x.sql', sql }], {})).toEqual([
      'migrations/0003-x.sql: writes to people, which belongs to members',
    ])
  })

  it('reading, locking, granting and talking about a table are no writes', () => {
    const sql = `select * from people for update of people skip locked; grant insert, update on people to a;
      create policy p on people for update to a using (true); insert into warnings values (1) on conflict do update set id = 1`
    expect(writtenTables(sql)).toEqual(['warnings'])
    const remark = [
      ...migrations,
      { path: 'migrations/0003-events.sql', sql: "comment on table e is 'delete from people';" },
    ]
    expect(strangeWriters([parse(at, '// delete from people\nexport {}')], remark, {})).toEqual([])
  })

  it('an exception carries its reason, and goes when it is no longer needed', () => {
    const file = parse(at, "export const sql = 'delete from people'")
    expect(strangeWriters([file], migrations, { [`${at} people`]: 'because' })).toEqual([])
    expect(strangeWriters([], migrations, { [`${at} people`]: 'because' })).toHaveLength(1)
  })
})

describe('files and names', () => {
  it('a file past 300 lines needs its reason, and the reason needs the file', () => {
    const long = parse(at, 'export {}\n'.repeat(301))
    const fits = parse(at, 'export {}\n'.repeat(300))
    expect(rules.sizes([long], {})).toHaveLength(1)
    expect(rules.sizes([fits], {})).toEqual([])
    expect(rules.sizes([long], { [at]: 'one table' })).toEqual([])
    expect(rules.sizes([fits], { [at]: 'one table' })).toHaveLength(1)
    const sheet = { path: 'src/ui/styles/all.css', text: 'a {}\n'.repeat(301) }
    expect(rules.sizes([sheet], {})).toEqual([
      expect.stringContaining('src/ui/styles/all.css: more than 300'),
    ])
  })

  it('drawers are found as folders and as files', () => {
    expect(
      rules.drawerNames(['src/utils/a.ts', 'src/ui/helpers.ts', 'src/core', 'test/common/b.ts']),
    ).toHaveLength(4)
    expect(rules.drawerNames(['src/ui/corefile.ts', 'src/platform/commons-licence.ts'])).toEqual([])
  })

  it('names of ceremony are found on types and files', () => {
    expect(rules.ceremonyNames([parse(at, 'export class WarningService {}')])).toHaveLength(1)
    expect(rules.ceremonyNames([parse(at, 'interface MailManager { a: 1 }')])).toHaveLength(1)
    expect(rules.ceremonyNames([parse('src/platform/mail-service.ts', 'export {}')])).toHaveLength(1)
    expect(rules.ceremonyNames([parse(at, 'interface Service { port: 1 }')])).toEqual([])
    expect(rules.ceremonyNames([parse(at, "export const role = 'security_manager'")])).toEqual([])
  })

  it('a module without README or door is found', () => {
    expect(
      rules.moduleFaces(['src/modules/lab', 'src/modules/lab/lab.ts', 'src/modules/lab/index.ts']),
    ).toEqual(['src/modules/lab/README.md: missing'])
    expect(rules.moduleFaces(['src/modules/lab/README.md', 'src/modules/lab/index.ts'])).toEqual([])
    expect(rules.moduleFaces(['src/modules/lab/README.md', 'src/modules/lab/pages.ts'])).toEqual([])
    expect(rules.moduleFaces(['src/modules/lab/README.md', 'src/modules/lab/lab.ts'])).toEqual([
      'src/modules/lab/index.ts or src/modules/lab/pages.ts: missing',
    ])
  })

  it('words missing in one language are found', () => {
    const cs: [string, string] = ['locales/cs/lab.json', '{"a":"1","b":"2"}']
    expect(rules.localePairs([cs])).toEqual(['locales/cs/lab.json: has no locales/en/lab.json'])
    expect(rules.localePairs([cs, ['locales/en/lab.json', '{"a":"1"}']])).toEqual([
      'locales/en/lab.json: lacks "b"',
    ])
    expect(rules.localePairs([cs, ['locales/en/lab.json', '{"b":"1","a":"2"}']])).toEqual([])
  })
})

describe('ambient state', () => {
  const environment = (path: string, text: string): string[] => rules.environment([parse(path, text)])

  it('the environment is read in the configuration and at the start only', () => {
    expect(environment('src/platform/db.ts', 'export const url = process.env.HSOC_PORT')).toHaveLength(1)
    expect(environment(at, "export const { HSOC_PORT } = process['env']")).toHaveLength(1)
    expect(environment('src/platform/config.ts', 'export const url = process.env.HSOC_PORT')).toEqual([])
    expect(environment('src/main.ts', 'export const url = process.env.HSOC_PORT')).toEqual([])
    expect(environment(at, '// process.env\nexport const word = "process.env"')).toEqual([])
  })

  it.each(['Date.now()', 'Math.random()', 'new Date()', 'new Date', 'later(Date.now)'])(
    '%s is found in a module',
    (code) => {
      expect(rules.ambientState([parse(at, `export const x = ${code}`)], {})).toHaveLength(1)
      expect(rules.ambientState([parse(at, `export const x = ${code}`)], { [at]: 'because' })).toEqual([])
      expect(rules.ambientState([parse('src/platform/clock.ts', `export const x = ${code}`)], {})).toEqual([])
    },
  )

  it('a given time is no ambient one', () => {
    expect(rules.ambientState([parse(at, 'export const x = (now: number) => new Date(now)')], {})).toEqual([])
  })
})

describe('circles between parts', () => {
  const file = (path: string, to: string) => parse(path, `import type { X } from '${to}'\nexport type Y = X`)

  it('are told once, by the shortest way', () => {
    const ring = [
      file('src/modules/assets/a.ts', '../library/index.ts'),
      file('src/modules/library/a.ts', '../learning/index.ts'),
      file('src/modules/learning/a.ts', '../assets/index.ts'),
    ]
    expect(rules.folderCycles(ring)).toEqual(['assets > library > learning > assets'])
    expect(rules.folderCycles(ring.slice(1))).toEqual([])
  })

  it('do not count imports inside a part', () => {
    expect(rules.folderCycles([file('src/ui/a.ts', './b.ts'), file('src/ui/b.ts', './a.ts')])).toEqual([])
  })
})

describe('styles of what is gone', () => {
  const found = (css: string, page: string) =>
    idleClasses([{ path: 'src/ui/styles/a.css', text: css }], [{ path: 'src/ui/a.tsx', text: page }])

  it('are named by their class', () => {
    expect(found('.row { & > .row-old { top: .5em } }', '<p class="row" />')).toEqual([
      'src/ui/styles/a.css: no page sets .row-old',
    ])
  })

  it('are not those that a page puts together, nor words of remarks and addresses', () => {
    expect(found('.tlp-red {}', `const look = \`tlp-\${label}\``)).toEqual([])
    expect(found("/* as .old was */ @import './gone.css'; .a { src: url(a.svg) }", 'class="a"')).toEqual([])
  })
})

describe('words that nobody says', () => {
  const found = (code: string, key: string) =>
    idleWords([['locales/cs/lists.json', JSON.stringify({ [key]: 'Slovo' })]], [parse(at, code)])

  it('are named by their key', () => {
    const told = ['locales/cs/lists.json: nobody says "lists.gone.hint"']
    expect(found("t('lists.gone')", 'old')).toHaveLength(1)
    expect(found("t('lists.here'); // lists.gone.hint", 'gone.hint')).toEqual(told)
    expect(found(`record(\`lists.\${verb}\`)`, 'gone.hint')).toEqual(told)
  })

  it.each([
    ["t('lists.here')", 'here'],
    ["wordsOf(error, 'lists.wrong')", 'wrong.day'],
    [`t(\`lists.for.\${purpose}\`)`, 'for.out.of'],
    [`t(\`lists.\${field}.label\`)`, 'day.label'],
    [`\`\${a}, \${t(\`lists.unit.\${b}\`)}\``, 'unit.%'],
  ])('are not those of %s', (code, key) => {
    expect(found(code, key)).toEqual([])
  })
})

describe('documents name what is there', () => {
  const paths = ['bin/setup', 'docs', 'src/modules/events', 'src/modules/events/lists']
  const files = [
    'src/modules/events/feed.ts',
    'src/modules/events/lists/a.test.ts',
    'src/modules/events/lists/b.ts',
  ]
  const check = (path: string, text: string): string[] =>
    lostPaths([{ path, text }], [...paths, ...files]).map((line) => line.replace(`${path}: names `, ''))

  it('by a path, by what several have in common, by a link', () => {
    expect(
      check(
        'README.md',
        '`bin/setup` `src/modules/events/{feed.ts,lists/}` `src/modules/events/lists/*.test.ts` `events/feed.ts`',
      ),
    ).toEqual([])
    expect(check('docs/a.md', '[setup](../bin/setup#how) [net](https://hsoc.example/x)')).toEqual([])
    expect(
      check(
        'docs/a.md',
        '`src/gone.ts` `src/modules/events/{feed,gone}.ts` `src/modules/events/*.md` [x](gone.md)',
      ),
    ).toEqual(
      ['src/gone.ts', 'src/modules/events/{feed,gone}.ts', 'src/modules/events/*.md', 'docs/gone.md'].map(
        (path) => `${path}, which is not there`,
      ),
    )
  })

  it('and in the table of coverage by a module, and by names beside one that was named', () => {
    const row = (cell: string): string[] => check('docs/coverage.md', `| x | ${cell} | y |`)
    expect(row('`events/lists/b.ts`, `a.test.ts`, `feed.ts`')).toEqual([])
    expect(row('`events/lists/b.ts`, `gone.ts`')).toEqual(['gone.ts, which is not there'])
    expect(row('`feed.ts`')).toEqual(['feed.ts, which is not there'])
    expect(row('`events/gone/`')).toEqual(['src/modules/events/gone/, which is not there'])
  })
})
