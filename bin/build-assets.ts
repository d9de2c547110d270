/** Builds what the browser loads into dist/assets: scripts, styles, fonts, and manifest.json from plain to hashed names. */
import { createHash } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'vite'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const outDir = join(root, 'dist', 'assets')

mkdirSync(outDir, { recursive: true })
const result = await build({
  root,
  base: './',
  configFile: false,
  publicDir: false,
  logLevel: 'warn',
  build: {
    outDir,
    // Names carry the content's hash, so a build may run while another one, or a server, uses the folder.
    emptyOutDir: false,
    // Browsers of hospital PCs that still get security updates.
    target: ['chrome109', 'firefox115', 'safari16'],
    modulePreload: false,
    assetsInlineLimit: 0,
    rollupOptions: {
      // How long its parts took is nothing for whoever installs.
      checks: { pluginTimings: false },
      input: {
        app: join(root, 'src/islands/app.ts'),
        'push-worker': join(root, 'src/islands/push-worker.ts'),
        styles: join(root, 'src/ui/styles/app.css'),
        site: join(root, 'src/ui/styles/site.css'),
        forms: join(root, 'src/ui/styles/site-forms.css'),
      },
      output: {
        entryFileNames: '[name]-[hash].js',
        chunkFileNames: '[name]-[hash].js',
        assetFileNames: '[name]-[hash][extname]',
      },
    },
  },
})

const outputs = (Array.isArray(result) ? result : [result]).flatMap((part) =>
  'output' in part ? part.output : [],
)
const manifest: Record<string, string> = { 'icon.svg': copyHashed(join(root, 'src/ui/icon.svg')) }
for (const { fileName } of outputs) {
  if (/^app-.*\.js$/.test(fileName)) manifest['app.js'] = fileName
  if (/^push-worker-.*\.js$/.test(fileName)) manifest['push-worker.js'] = fileName
  if (/^styles-.*\.css$/.test(fileName)) manifest['app.css'] = fileName
  if (/^site-.*\.css$/.test(fileName)) manifest['site.css'] = fileName
  if (/^forms-.*\.css$/.test(fileName)) manifest['site-forms.css'] = fileName
}
for (const name of ['app.js', 'push-worker.js', 'app.css', 'site.css', 'site-forms.css'])
  if (!manifest[name]) throw new Error(`the build left out ${name}`)
const draft = join(outDir, `manifest.${process.pid}`)
writeFileSync(draft, `${JSON.stringify(manifest, null, 2)}\n`)
renameSync(draft, join(outDir, 'manifest.json'))

const built = new Set([
  ...outputs.map(({ fileName }) => fileName),
  ...Object.values(manifest),
  'manifest.json',
])
for (const file of readdirSync(outDir))
  if (/-[\w-]{8}\.\w+$/.test(file) && !built.has(file)) rmSync(join(outDir, file))

function copyHashed(file: string): string {
  const bytes = readFileSync(file)
  const hash = createHash('sha256').update(bytes).digest('hex').slice(0, 8)
  const name = basename(file).replace(/\.(\w+)$/, `-${hash}.$1`)
  writeFileSync(join(outDir, name), bytes)
  return name
}
