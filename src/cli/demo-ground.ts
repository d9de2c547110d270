/** What a demonstration stands on: free ports, settings, a log and certificates of its own. */
import cluster from 'node:cluster'
import { createWriteStream, mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import type { ReplayJob } from '../demo/replay.ts'
import { demoSensors } from '../demo/sector.ts'
import { authorityOf } from '../modules/events/authority.ts'
import { yearDays } from '../modules/events/enrolment.ts'
import { certifyNewKey } from '../platform/certificates.ts'
import { isFree } from './serve.ts'
import type { Installation } from './terminal.ts'

const highestPort = 65_535

/** The first from there on that nobody has; 0, any free one, where there is none. */
export async function nextFree(from: number): Promise<number> {
  for (let port = from; port < Math.min(from + 100, highestPort + 1); port++)
    if (await isFree(port, '127.0.0.1')) return port
  return 0
}

/** Of the keys that a person may have set, the one that says where the pages of the demonstration are. */
type PagesKey = 'HSOC_HTTP_PORT' | 'HSOC_PORT'

/** A port alone is where a newcomer expects the pages, which are plain HTTP here; TLS then has the next free one. */
async function portsOf(taken: NodeJS.ProcessEnv): Promise<{ pages: string; port: string; key: PagesKey }> {
  // What is no port at all stays where it was said, for the settings to refuse it by that name.
  if (
    !taken.HSOC_HTTP_PORT &&
    /^[1-9]\d{0,4}$/.test(taken.HSOC_PORT ?? '') &&
    Number(taken.HSOC_PORT) <= highestPort
  ) {
    const pages = taken.HSOC_PORT as string // matched above
    return { pages, port: String(await nextFree(Number(pages) + 1)), key: 'HSOC_PORT' }
  }
  return {
    pages: taken.HSOC_HTTP_PORT || String(await nextFree(8080)),
    port: taken.HSOC_PORT || String(await nextFree(8443)),
    key: 'HSOC_HTTP_PORT',
  }
}

/**
 * What the demonstration sets for the program and its children; what the operator set in the environment stays. Answers
 * the key by which the port of the pages is chosen.
 */
export async function configure(folder: string, smtpPort: number): Promise<PagesKey> {
  const taken = process.env
  const { pages, port, key } = await portsOf(taken)
  const set: Record<string, string> = {
    HSOC_DATA: folder,
    HSOC_HOST: taken.HSOC_HOST || '127.0.0.1',
    HSOC_PORT: port,
    HSOC_SENSOR_PORT: taken.HSOC_SENSOR_PORT || String(await nextFree(Number(port) + 1)),
    HSOC_HTTP_PORT: pages,
    HSOC_TLS: 'self',
    HSOC_BASE_URL: taken.HSOC_BASE_URL || `http://127.0.0.1:${pages}`,
    HSOC_SMTP_URL: taken.HSOC_SMTP_URL || `smtp://127.0.0.1:${smtpPort}`,
    HSOC_COORDINATOR_PHONE: taken.HSOC_COORDINATOR_PHONE || '+420 555 010 100',
    HSOC_CONTACT: taken.HSOC_CONTACT || 'mailto:koordinator@csirt.hsoc.example',
    HSOC_LOG_LEVEL: taken.HSOC_LOG_LEVEL || 'warn',
    // A newcomer has a look with the printed password alone; the sign-in page says so.
    HSOC_SECOND_FACTOR: taken.HSOC_SECOND_FACTOR || 'off',
    HSOC_DEMO_RUN: '1',
  }
  Object.assign(process.env, set)
  return key
}

/** What the program's processes say goes to a file, so that the terminal stays readable. */
export function logTo(file: string): void {
  const log = createWriteStream(file, { flags: 'a', mode: 0o600 })
  cluster.setupPrimary({ silent: true })
  cluster.on('fork', ({ process: child }) => {
    child.stdout?.pipe(log, { end: false })
    child.stderr?.pipe(log, { end: false })
  })
}

/** Certificates of the sensors, made anew and laid where a person can look at them. */
export async function certificates(
  folder: string,
  { db, context }: Pick<Installation, 'db' | 'context'>,
  now: number,
): Promise<ReplayJob['sensors']> {
  const ca = await authorityOf(db.engine, context.settings, now)
  const pairs: ReplayJob['sensors'] = {}
  for (const { name } of demoSensors()) {
    const pair = await certifyNewKey(ca, { cn: name, days: yearDays }, now)
    const place = path.join(folder, 'sensors', name)
    mkdirSync(place, { recursive: true, mode: 0o700 })
    writeFileSync(path.join(place, 'cert.pem'), pair.cert)
    writeFileSync(path.join(place, 'key.pem'), pair.key, { mode: 0o600 })
    pairs[name] = pair
  }
  return pairs
}
