/** Long silent work of the shell scripts says that it goes on where no terminal shows it. */
import { spawn } from 'node:child_process'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { projectRoot } from '../../src/platform/content.ts'

const script = path.join(projectRoot, 'bin', 'patiently')

/** What a script wrote until everybody let go of its output, and how long that took. */
function said(...words: string[]): Promise<{ err: string; code: number | null }> {
  const child = spawn(script, words, { stdio: ['ignore', 'pipe', 'pipe'] })
  let err = ''
  child.stderr.on('data', (part) => {
    err += part
  })
  return new Promise((done) => child.once('close', (code) => done({ err, code })))
}

describe('bin/patiently', () => {
  it('writes a plain line every so often, and ends as the command does', async () => {
    const { err, code } = await said('1', 'Building', 'sh', '-c', 'sleep 2.5; exit 7')
    expect(err).toMatch(/^Building: 1 s so far\nBuilding: 2 s so far\n/)
    expect(code).toBe(7)
  })

  it('says nothing of what is quick, and holds nobody up', async () => {
    // Its wait of a minute would keep the pipe open if it held it.
    expect(await said('60', 'Building', 'true')).toEqual({ err: '', code: 0 })
  })
})
