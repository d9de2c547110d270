/**
 * Who may import whom. The order of the house: values < platform < ui < modules < app, main, cli; among modules the ladder below.
 * Tests may import anything, so that a test beside a file can use the whole product; the product never imports a test.
 */
import swc from '@swc/core'
import { parseFile } from './test/architecture/parse.ts'

/**
 * dependency-cruiser reads TypeScript through `typescript` before 7 or through swc, and its swc visitor stops at JSX and at
 * newer syntax. So the import list comes from our parser and is handed over in the shape swc would give.
 */
swc.parseFileSync = (path) => ({
  type: 'Module',
  body: parseFile(path).imports.map((value) => ({
    type: 'ImportDeclaration',
    source: { type: 'StringLiteral', value },
    specifiers: [],
  })),
})

/** Lower rungs never import higher ones; a lower module tells a higher one by a fact. */
const ladder = [
  ['members'],
  ['groups', 'channels', 'trail', 'network', 'assets', 'library', 'services', 'learning'],
  ['events', 'advisories', 'duty', 'risk', 'surveys', 'cloud', 'lab'],
  ['warnings'],
  ['emergency', 'matches'],
  ['incidents'],
  ['exchange', 'site', 'privacy', 'home', 'joining'],
]

const test = '[.]test[.]tsx?$'
const top = ['^src/[^/]+[.]tsx?$', '^src/(app|main|cli)/']
const one = (names) => `^src/modules/(${names.join('|')})/`

const inModule = (rest) => `^src/modules/[^/]+/${rest}`

const refuse = (name, comment, from, to) => ({
  name,
  comment,
  severity: 'error',
  from: { ...from, pathNot: [test, ...(from.pathNot ?? [])] },
  to,
})

const layers = [
  refuse(
    'values-stay-pure',
    'values import nothing but values',
    { path: '^src/values/' },
    { pathNot: '^src/values/' },
  ),
  refuse(
    'platform-below-all',
    'platform imports values and platform',
    { path: '^src/platform/' },
    { path: '^src/', pathNot: '^src/(values|platform)/' },
  ),
  refuse(
    'ui-knows-no-duty',
    'ui imports values, ui, platform/i18n, platform/dates and platform/content',
    { path: '^src/ui/' },
    { path: '^src/', pathNot: ['^src/(values|ui)/', '^src/platform/(i18n|dates|content)[/.]'] },
  ),
  refuse(
    'islands-run-in-the-browser',
    'islands import values, islands and the words for "6 minutes ago"',
    { path: '^src/islands/' },
    { path: '^src/', pathNot: ['^src/(values|islands)/', '^src/platform/relative[.]ts$'] },
  ),
  refuse(
    'islands-are-bundled-apart',
    'the server never imports a browser script',
    { path: '^src/(?!islands/)' },
    { path: '^src/islands/' },
  ),
  refuse(
    'nobody-imports-the-top',
    'app, main and cli are imported by nobody below',
    { path: '^src/(values|platform|ui|islands|modules)/' },
    { path: top },
  ),
]

const doors = [
  refuse(
    'module-by-its-door',
    'another module is reached through its doors: index.ts (verbs and data), pages.ts (for pages and routes), machines.ts',
    { path: '^src/modules/([^/]+)/' },
    { path: '^src/modules/', pathNot: ['^src/modules/$1/', inModule('(index|pages|machines)[.]ts$')] },
  ),
  {
    name: 'only-the-pages-process-holds-pages',
    comment: 'what runs behind the pages never loads routes: they bring every page, and memory for nothing',
    severity: 'error',
    from: { path: '^src/(worker|intake)-process[.]ts$' },
    to: { path: inModule('(pages|routes)[.]ts$'), reachable: true },
  },
  refuse(
    'ui-from-pages-and-mails',
    'inside a module only pages and mails see ui',
    { path: '^src/modules/', pathNot: [inModule('pages/'), inModule('mails[/.]')] },
    { path: '^src/ui/' },
  ),
  refuse(
    'verbs-know-no-http',
    'inside a module only routes and pages see the web framework',
    {
      path: '^src/modules/',
      pathNot: [inModule('pages/'), inModule('routes[/.]'), inModule('[^/]+/routes[.]')],
    },
    { path: ['^@?fastify', 'node_modules/@?fastify'] },
  ),
  refuse(
    'module-has-a-rung',
    'a new module takes its place in the ladder of this file',
    { path: '^src/modules/', pathNot: [one(ladder.flat())] },
    {},
  ),
  ...ladder.slice(0, -1).map((names, rung) =>
    refuse(
      `ladder-${names[0]}`,
      'a lower module never imports a higher one',
      { path: one(names) },
      {
        path: one(ladder.slice(rung + 1).flat()),
      },
    ),
  ),
]

const hygiene = [
  refuse(
    'product-never-imports-tests',
    'tests and benches serve the product, not the other way',
    { path: '^src/' },
    { path: ['^(test|bench)/', test] },
  ),
  refuse(
    'shipped-with-the-product',
    'what src needs to run stands under dependencies',
    { path: '^src/(?!islands/)' },
    { dependencyTypes: ['npm-dev'], pathNot: 'node_modules/@types/' },
  ),
  { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
  {
    name: 'import-exists',
    comment: 'the imported file exists',
    severity: 'error',
    from: {},
    to: { couldNotResolve: true },
  },
]

export default {
  forbidden: [...layers, ...doors, ...hygiene],
  options: {
    parser: 'swc',
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    enhancedResolveOptions: {
      extensions: ['.ts', '.tsx', '.js', '.mjs', '.json'],
      exportsFields: ['exports'],
      conditionNames: ['node', 'import', 'types', 'default'],
      mainFields: ['module', 'main', 'types'],
    },
  },
}
