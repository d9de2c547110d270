/** The real Warden client, where it is at hand: HSOC_WARDEN_CLIENT names the folder (or file) of warden_client.py. */
import { execFile, execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { eventOf, type Machines, openMachinesHere } from './machines.ts'

const given = process.env.HSOC_WARDEN_CLIENT ?? ''

function missing(): string | null {
  if (given === '') return 'HSOC_WARDEN_CLIENT is not set: the real Warden client is not tried'
  if (!existsSync(given)) return `HSOC_WARDEN_CLIENT: ${given} does not exist`
  try {
    execFileSync('python3', ['--version'])
    return null
  } catch {
    return 'python3 is missing: the real Warden client is not tried'
  }
}

const why = missing()
if (why) console.log(why)

const script = `
import json, sys
sys.path.insert(0, sys.argv[1])
from warden_client import Client, Error
order = json.load(open(sys.argv[2]))
client = Client(**order['client'])
def plain(answer):
    return {'error': str(answer)} if isinstance(answer, Error) else answer
print(json.dumps({'info': plain(client.getInfo()), 'sent': plain(client.sendEvents(order['events']))}))
`

describe.skipIf(why !== null)('the real Warden client', () => {
  let here: Machines
  const dir = mkdtempSync(path.join(tmpdir(), 'hsoc-warden-'))
  beforeAll(async () => {
    here = await openMachinesHere()
  })
  afterAll(async () => {
    rmSync(dir, { recursive: true, force: true })
    await here?.close()
  })

  async function run(client: Record<string, unknown>, events: unknown[]): Promise<Record<string, unknown>> {
    const order = path.join(dir, 'order.json')
    writeFileSync(order, JSON.stringify({ client, events }))
    const folder = statSync(given).isDirectory() ? given : path.dirname(given)
    const { stdout } = await promisify(execFile)('python3', ['-c', script, folder, order], {
      timeout: 60_000,
    })
    return JSON.parse(stdout.trim().split('\n').at(-1) ?? '{}')
  }

  it('sends its events with a certificate and a secret', async () => {
    const name = 'cz.example.real'
    const secret = await here.addSensor(name)
    const { cert, key } = await here.certificate(name)
    const files = { certfile: cert, keyfile: key, cafile: here.ca.cert }
    for (const [file, text] of Object.entries(files)) writeFileSync(path.join(dir, file), text)
    const client = {
      url: `https://localhost:${here.port}/warden3`,
      ...Object.fromEntries(Object.keys(files).map((file) => [file, path.join(dir, file)])),
      retry: 1,
      name,
      secret,
    }
    const events = Array.from({ length: 3 }, (_, i) => eventOf(name, `real-${i}`))
    const answer = await run(client, events)
    expect(answer.info).toMatchObject({ version: expect.stringMatching(/^3\./) })
    expect(answer.sent).toEqual({ saved: 3 })
    await here.condense()
    const { rows } = await here.db.engine.query('select count(*)::int as n from events')
    expect(rows).toEqual([{ n: 3 }])
  })
})
