/** The address that the serving program is known by, kept for the commands beside it: links they print are the same as in mails. */
import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import type { Config } from './config.ts'

const fileIn = (dataDir: string): string => path.join(dataDir, 'run', 'base-url')

/** Writes down, in the folder that the program has made, where it serves. */
export function keepBaseUrl({ dataDir, baseUrl }: Config): void {
  writeFileSync(fileIn(dataDir), `${baseUrl}\n`, { mode: 0o600 })
}

/** The configuration with the address under which this data folder was last served, unless somebody set one. */
export function asServed(config: Config): Config {
  if (!config.isBaseUrlMade) return config
  return { ...config, baseUrl: kept(config.dataDir) ?? config.baseUrl }
}

/** Null where nothing was served yet, or what stands there is no address. */
function kept(dataDir: string): string | null {
  try {
    const text = readFileSync(fileIn(dataDir), 'utf8').trim()
    return /^https?:$/.test(URL.parse(text)?.protocol ?? '') ? text : null
  } catch {
    return null
  }
}
