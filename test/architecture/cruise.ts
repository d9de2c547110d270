/** Runs the import checker with the project's own rules, on the project or on a small tree planted for a test. */
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'

const program = resolve('node_modules/dependency-cruiser/bin/dependency-cruise.mjs')
const rules = resolve('.dependency-cruiser.mjs')

export interface Cruise {
  /** Modules of the tree with the paths they import. */
  modules: { source: string; imports: string[] }[]
  /** `rule: from > to`, in order. */
  violations: string[]
}

interface Output {
  modules: { source: string; dependencies: { resolved: string }[] }[]
  summary: { violations: { rule: { name: string }; from: string; to: string }[] }
}

/** Cruises `src` under `folder`; throws with the checker's words when it cannot do its work. */
export function cruise(folder: string): Cruise {
  const run = spawnSync(process.execPath, [program, '-c', rules, '-T', 'json', 'src'], {
    cwd: folder,
    encoding: 'utf8',
    timeout: 60_000,
    maxBuffer: 64 * 1024 * 1024,
  })
  if (!run.stdout) throw new Error(run.stderr || `the import checker ended with ${run.status}`)
  const { modules, summary }: Output = JSON.parse(run.stdout)
  return {
    modules: modules
      .filter((one) => one.source.startsWith('src/'))
      .map((one) => ({ source: one.source, imports: one.dependencies.map((to) => to.resolved) })),
    violations: summary.violations.map((one) => `${one.rule.name}: ${one.from} > ${one.to}`).sort(),
  }
}

/** Cruises a tree of `path -> text` written to a folder of its own, and removes it. */
export function cruisePlanted(tree: Record<string, string>): Cruise {
  const folder = mkdtempSync(join(tmpdir(), 'hsoc-cruise-'))
  try {
    for (const [path, text] of Object.entries(tree)) {
      mkdirSync(join(folder, dirname(path)), { recursive: true })
      writeFileSync(join(folder, path), text)
    }
    return cruise(folder)
  } finally {
    rmSync(folder, { recursive: true })
  }
}
