/** The recipe of docs/operations.md, as it is written there, with the machine's own openssl and curl. */
import { execFile, spawnSync } from 'node:child_process'
import { copyFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect, it } from 'vitest'
import * as enrolment from '../../src/modules/events/enrolment.ts'
import { asEngine } from '../../src/platform/database.ts'
import { addPerson } from '../harness.ts'
import { openMachinesHere } from './machines.ts'

const name = 'cz.lipova.fw1'
const missing = ['openssl', 'curl'].filter((tool) => spawnSync(tool, ['--version']).error)

/** The lines of the block of shell that names this door. */
function recipe(door: string, port: number): string {
  const text = readFileSync(new URL('../../docs/operations.md', import.meta.url), 'utf8')
  const found =
    text.match(/```sh\n[^`]*```/g)?.filter((block) => block.includes(`/api/v1/sensors/${door}`)) ?? []
  if (found.length !== 1) throw new Error(`docs/operations.md has ${found.length} recipes for ${door}`)
  const lines = String(found[0]).replace(/```(?:sh\n)?/g, '')
  return lines.replaceAll('https://hsoc.your.domain:8444', `https://localhost:${port}`)
}

it('a machine with openssl and curl gets, uses and renews its certificate as written', async (context) => {
  if (missing.length > 0) return context.skip(`${missing.join(' and ')} not on this machine`)
  const here = await openMachinesHere()
  const folder = mkdtempSync(path.join(tmpdir(), 'hsoc-openssl-'))
  here.now.ms = Date.now()
  const run = (script: string, env: object = {}): Promise<string> =>
    new Promise((resolve, reject) =>
      execFile(
        'bash',
        ['-euo', 'pipefail', '-c', script],
        { cwd: folder, env: { ...process.env, ...env } },
        (error, out, err) => (error ? reject(new Error(`${err}${out}`)) : resolve(out)),
      ),
    )
  try {
    await here.addSensor(name, { secret: false })
    const by = await addPerson(here.db, 'Klára Koordinátorka', [['coordinator', null]])
    const { token } = await asEngine(here.db, (tx) => enrolment.offer(tx, 1, by, here.now.ms))
    copyFileSync(path.join(here.dataDir, 'tls', 'server.pem'), path.join(folder, 'server.pem'))
    await run(recipe('enrolment', here.port), { TOKEN: token })
    await here.doors.known.refresh()
    const sent = (): Promise<{ status: number }> => {
      const pair = ['cert.pem', 'key.pem'].map((file) => readFileSync(path.join(folder, file), 'utf8'))
      return here.sender(name, { cert: { cert: String(pair[0]), key: String(pair[1]) } }).raw('getInfo')
    }
    expect((await sent()).status).toBe(200)
    // Too early: refused, and the certificate stays as it is.
    const first = readFileSync(path.join(folder, 'cert.pem'), 'utf8')
    await expect(run(recipe('renewal', here.port))).rejects.toThrow(/409/)
    const age = (days: number) =>
      here.db.engine.query(
        'update sensor_certificates set issued_at = issued_at - make_interval(days => $1), not_after = not_after - make_interval(days => $1)',
        [days],
      )
    await age(310)
    await run(recipe('renewal', here.port))
    expect(readFileSync(path.join(folder, 'cert.pem'), 'utf8')).not.toBe(first)
    expect((await sent()).status).toBe(200)
    // The same machine holds a revoked one against the list, as any other verifier does.
    const url = `https://localhost:${here.port}/api/v1/sensors`
    const check = `curl -fsS --cacert server.pem -o ca.pem ${url}/authority && curl -fsS --cacert server.pem ${url}/revocations |
      openssl crl -inform DER -CAfile ca.pem -out crl.pem 2> crl.txt && cat crl.txt && openssl verify -CAfile ca.pem -CRLfile crl.pem -crl_check -purpose sslclient cert.pem`
    expect(await run(check)).toMatch(/verify OK[\s\S]*cert\.pem: OK/)
    await age(-310)
    await asEngine(here.db, (tx) => enrolment.revoke(tx, 1, by, here.now.ms))
    here.now.ms += 5_000
    await expect(run(check)).rejects.toThrow(/certificate revoked/)
  } finally {
    await here.close()
    rmSync(folder, { recursive: true, force: true })
  }
})

it('the door names the sensors’ authority and no other to whoever comes, so a browser has nothing to offer', async (context) => {
  if (missing.includes('openssl')) return context.skip('openssl not on this machine')
  const here = await openMachinesHere()
  try {
    const said = await new Promise<string>((resolve) => {
      const child = execFile('openssl', ['s_client', '-connect', `localhost:${here.port}`], (_error, out) =>
        resolve(out),
      )
      child.stdin?.end()
    })
    const named = /Acceptable client certificate CA names\n([\s\S]*?)Requested Signature Algorithms/.exec(
      said,
    )?.[1]
    expect(named?.trim()).toBe('CN = hSOC sensors')
  } finally {
    await here.close()
  }
})
