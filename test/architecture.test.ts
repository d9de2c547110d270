/** The rules of the house that run as checks, each shown to fire on a planted violation. */
import { readFileSync } from 'node:fs'
import { posix } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import * as allowed from './architecture/allowed.ts'
import { type Cruise, cruise, cruisePlanted } from './architecture/cruise.ts'
import { lostPaths } from './architecture/documents.ts'
import { idleClasses } from './architecture/looks.ts'
import { parseFile, type Source } from './architecture/parse.ts'
import * as rules from './architecture/rules.ts'
import * as tree from './architecture/tree.ts'
import { idleWords } from './architecture/words.ts'
import { type Migration, strangeWriters } from './architecture/writers.ts'

const files: Source[] = tree.code().map(parseFile)
const product = files.filter((file) => file.path.startsWith('src/') && !tree.isTest(file.path))
const styles = tree.styles().map((path) => ({ path, text: readFileSync(path, 'utf8') }))
const paths = tree.everything()
const migrations: Migration[] = tree.migrations().map((path) => ({ path, sql: readFileSync(path, 'utf8') }))
const words = paths
  .filter((path) => path.startsWith('locales/') && path.endsWith('.json'))
  .map((path): [string, string] => [path, readFileSync(path, 'utf8')])

const none: string[] = []

describe('the project keeps the rules', () => {
  it('and was read at all', () => {
    expect(files.length).toBeGreaterThan(0)
    expect(files.some((file) => file.path.endsWith('.tsx'))).toBe(true)
    expect(styles.length).toBeGreaterThan(0)
    expect(migrations.length).toBeGreaterThan(0)
    expect(words.length).toBeGreaterThan(0)
  })
  it('one writer per table', () => {
    expect(strangeWriters(files, migrations, allowed.writers, allowed.handedOver)).toEqual(none)
  })
  it('files are one thought long', () => {
    expect(rules.sizes([...files, ...styles], allowed.long)).toEqual(none)
  })
  it('no drawers', () => {
    expect(rules.drawerNames(paths)).toEqual(none)
  })
  it('no names of ceremony', () => {
    expect(rules.ceremonyNames(files)).toEqual(none)
  })
  it('configuration is read in one place', () => {
    expect(rules.environment(files)).toEqual(none)
  })
  it('modules are handed the time and chance', () => {
    expect(rules.ambientState(files, allowed.ambient)).toEqual(none)
  })
  it('every module has a README and a door', () => {
    expect(rules.moduleFaces(paths)).toEqual(none)
  })
  it('no circles between parts', () => {
    expect(rules.folderCycles(files)).toEqual(none)
  })
  it('no style and no words are left of what is gone', () => {
    expect(idleClasses(styles, product)).toEqual(none)
    expect(idleWords(words, product)).toEqual(none)
  })
  it('documents name what is there', () => {
    const documents = tree.documents().map((path) => ({ path, text: readFileSync(path, 'utf8') }))
    expect(documents.map(({ path }) => path)).toEqual(
      expect.arrayContaining(['README.md', 'docs/coverage.md']),
    )
    expect(lostPaths(documents, tree.named())).toEqual(none)
  })
  it('Czech and English words come in pairs', () => {
    expect(rules.localePairs(words)).toEqual(none)
  })
})

describe('imports follow the order of the house', () => {
  let seen: Cruise
  beforeAll(() => {
    seen = cruise('.')
  })

  it('in every file, pages included', () => {
    const sources = seen.modules.map((one) => one.source)
    expect(sources.length).toBeGreaterThan(0)
    expect(sources.filter((path) => path.endsWith('.tsx')).length).toBeGreaterThan(0)
    expect(
      files.map((file) => file.path).filter((path) => path.startsWith('src/') && !sources.includes(path)),
    ).toEqual(none)
  })

  it('with no import overlooked', () => {
    const imports = new Map(seen.modules.map((one) => [one.source, one.imports]))
    const known = new Set(files.map((file) => file.path))
    const missed = files
      .filter((file) => file.path.startsWith('src/'))
      .flatMap((file) =>
        writtenImports(file).filter((to) => known.has(to) && !imports.get(file.path)?.includes(to)),
      )
    expect(missed).toEqual(none)
  })

  it('without a violation', () => {
    expect(seen.violations).toEqual(none)
  })
})

/** Relative imports as a plain search sees them: a second opinion on what the checker was given. */
function writtenImports(file: Source): string[] {
  const found = file.text.matchAll(/^(?:import|export|\})[^'"\n]*?from '(\.[^']+)'/gm)
  return [...found].map((match) => posix.join(posix.dirname(file.path), match[1] ?? ''))
}

describe('a planted import is found', () => {
  const name = 'export const x = 1\n'
  const use = (path: string): string => `import { x } from '${path}'\nexport const y = x\n`
  const page = (path: string): string => `import { x } from '${path}'\nexport const Page = () => <p>{x}</p>\n`
  const packages = {
    'package.json':
      '{ "dependencies": { "fastify": "1.0.0", "@fastify/cookie": "1.0.0" }, "devDependencies": { "planted-tool": "1.0.0" } }',
    ...Object.fromEntries(
      ['fastify', '@fastify/cookie', 'planted-tool'].flatMap((one) => [
        [`node_modules/${one}/package.json`, `{ "name": "${one}", "version": "1.0.0", "main": "index.js" }`],
        [`node_modules/${one}/index.js`, name],
      ]),
    ),
  }
  const cases: [rule: string, from: string, text: string, to: string][] = [
    ['values-stay-pure', 'src/values/tlp.ts', use('../platform/db.ts'), 'src/platform/db.ts'],
    ['values-stay-pure', 'src/values/id.ts', use('node:os'), 'os'],
    ['platform-below-all', 'src/platform/mail.ts', use('../ui/page.tsx'), 'src/ui/page.tsx'],
    [
      'platform-below-all',
      'src/platform/jobs.ts',
      use('../modules/members/index.ts'),
      'src/modules/members/index.ts',
    ],
    ['ui-knows-no-duty', 'src/ui/form.tsx', page('../platform/db.ts'), 'src/platform/db.ts'],
    ['islands-run-in-the-browser', 'src/islands/live.ts', use('../platform/db.ts'), 'src/platform/db.ts'],
    ['islands-are-bundled-apart', 'src/cli/chart.tsx', page('../islands/strip.ts'), 'src/islands/strip.ts'],
    ['nobody-imports-the-top', 'src/modules/home/a.ts', use('../../app.ts'), 'src/app.ts'],
    ['nobody-imports-the-top', 'src/modules/home/b.ts', use('../../cli/day.ts'), 'src/cli/day.ts'],
    [
      'module-by-its-door',
      'src/modules/home/c.ts',
      use('../members/people.ts'),
      'src/modules/members/people.ts',
    ],
    [
      'only-the-pages-process-holds-pages',
      'src/worker-process.ts',
      use('./work.ts'),
      'src/modules/warnings/routes.ts',
    ],
    ['ui-from-pages-and-mails', 'src/modules/events/intake.ts', use('../../ui/page.tsx'), 'src/ui/page.tsx'],
    ['verbs-know-no-http', 'src/modules/events/episodes.ts', use('fastify'), 'node_modules/fastify/index.js'],
    [
      'verbs-know-no-http',
      'src/modules/events/sums.ts',
      use('@fastify/cookie'),
      'node_modules/@fastify/cookie/index.js',
    ],
    ['module-has-a-rung', 'src/modules/weather/index.ts', use('../../values/day.ts'), 'src/values/day.ts'],
    ['ladder-members', 'src/modules/members/a.ts', use('../events/index.ts'), 'src/modules/events/index.ts'],
    [
      'ladder-groups',
      'src/modules/channels/a.ts',
      use('../warnings/index.ts'),
      'src/modules/warnings/index.ts',
    ],
    [
      'ladder-events',
      'src/modules/events/pages/a.tsx',
      page('../../home/index.ts'),
      'src/modules/home/index.ts',
    ],
    ['ladder-warnings', 'src/modules/warnings/a.ts', use('../home/index.ts'), 'src/modules/home/index.ts'],
    ['product-never-imports-tests', 'src/cli.ts', use('../test/harness.ts'), 'test/harness.ts'],
    ['product-never-imports-tests', 'src/app.ts', use('./values/day.test.ts'), 'src/values/day.test.ts'],
    ['no-cycles', 'src/values/one.ts', use('./two.ts'), 'src/values/two.ts'],
    ['import-exists', 'src/ui/three.ts', use('./nowhere.ts'), './nowhere.ts'],
    ['shipped-with-the-product', 'src/main.ts', use('planted-tool'), 'node_modules/planted-tool/index.js'],
  ]
  const harmless: Record<string, string> = {
    ...packages,
    'src/platform/db.ts': use('../values/day.ts'),
    'src/platform/i18n.ts': name,
    'src/ui/page.tsx': page('../platform/i18n.ts'),
    'src/islands/strip.ts': use('../values/day.ts'),
    'src/values/day.ts': name,
    'src/values/two.ts': use('./one.ts'),
    'src/values/day.test.ts': use('../../test/harness.ts'),
    'src/modules/members/people.ts': use('../../platform/db.ts'),
    'src/modules/members/index.ts': use('./people.ts'),
    'src/modules/events/index.ts': use('../members/index.ts'),
    'src/modules/warnings/index.ts': use('../events/index.ts'),
    'src/modules/warnings/routes.ts': use('fastify'),
    'src/modules/events/warden/routes.ts': use('fastify'),
    'src/modules/warnings/pages/list.tsx': page('fastify'),
    'src/modules/warnings/pages/show.tsx': page('../../../ui/page.tsx'),
    'src/modules/warnings/mails.tsx': page('../../ui/page.tsx'),
    'src/modules/home/index.ts': use('../warnings/index.ts'),
    'src/work.ts': use('./modules/warnings/routes.ts'),
    'src/cli/day.ts': use('../modules/events/index.ts'),
    'test/harness.ts': use('../src/platform/db.ts'),
  }

  it('by the rule it breaks, and only there', () => {
    const planted = cases.map(([, path, text]) => [path, text])
    const { violations } = cruisePlanted({ ...harmless, ...Object.fromEntries(planted) })
    expect(violations).toEqual(cases.map(([rule, from, , to]) => `${rule}: ${from} > ${to}`).sort())
  })
})
