/** A disk that fills up: nothing is half stored, the sender is told to come again, and work goes on once there is room. */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { appendFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { ask, type Reply } from './asking.ts'
import { condensed, send } from './away.ts'
import { openProgram, until } from './program.ts'
import { settle } from './sector.ts'
import { Skipped } from './skipped.ts'

const sizeMB = 320

/** A file system of its own of a fixed size; throws Skipped where it cannot be made. */
function mountSmall(): { dir: string; unmount(): void } {
  if (process.getuid?.() !== 0) throw new Skipped('only root may mount the small disk of this test')
  const dir = mkdtempSync(path.join(os.tmpdir(), 'hsoc-small-'))
  const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${sizeMB}m,mode=0711`, 'tmpfs', dir])
  if (mounted.status !== 0) {
    rmSync(dir, { recursive: true, force: true })
    throw new Skipped(`a small disk cannot be mounted here (${String(mounted.stderr ?? '').trim()})`)
  }
  return {
    dir,
    unmount: () => {
      spawnSync('umount', ['-l', dir])
      rmSync(dir, { recursive: true, force: true })
    },
  }
}

/** Writes until nothing more fits. */
function fill(file: string): void {
  for (let size = 1 << 20; size >= 4096; )
    try {
      appendFileSync(file, Buffer.alloc(size))
    } catch {
      size /= 2
    }
}

const batchSize = 400

export async function diskFull(say: (sentence: string) => void): Promise<void> {
  const disk = mountSmall()
  const data = path.join(disk.dir, 'data')
  mkdirSync(data, { mode: 0o711 })
  const program = await openProgram({ HSOC_DATA: data })
  const ballast = path.join(disk.dir, 'ballast')
  try {
    await program.start()
    const sector = await settle(program)
    const taken = (prefix: string): Promise<Reply> => send(program, sector, prefix, batchSize)
    assert.equal((await taken('roomy')).status, 200)
    const letGo = program.keepAlive()
    fill(ballast)
    say(`The disk of ${sizeMB} MB is full`)
    let refused: Reply | null = null
    let tries = 0
    await until('a full disk refuses', async () => {
      const reply = await taken(`full-${tries++}`)
      assert.ok([200, 503].includes(reply.status), `a full disk answered ${reply.status} ${reply.text}`)
      if (reply.status === 503) refused = reply
      return refused !== null
    })
    const { headers, text } = refused as unknown as Reply
    assert.ok(Number(headers['retry-after']) > 0, 'the refusal names no time to come again')
    assert.equal(JSON.parse(text).error, 'unavailable')
    assert.equal((await ask({ port: program.port, path: '/health/live' })).status, 200)
    rmSync(ballast)
    say('There is room again')
    await until('events are taken again', async () => (await taken(`full-${tries - 1}`)).status === 200)
    assert.equal((await taken('roomy-again')).status, 200)
    letGo()
    // A refused batch that was stored after all is the same one when it comes again.
    await condensed(program, batchSize * (tries + 2))
  } catch (error) {
    throw new Error(`${(error as Error).message}\n${program.said().slice(-2_000)}`, { cause: error })
  } finally {
    await program.remove()
    disk.unmount()
  }
}
