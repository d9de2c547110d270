/** A few of the faults that `npm run test:faults` brings about at length; always on the built program. */
import { beforeAll, describe, expect, it, type TestContext } from 'vitest'
import { databaseAway, databaseMoved } from './away.ts'
import { diskFull } from './disk.ts'
import { badInput } from './input.ts'
import { survive } from './kills.ts'
import { twoNodes } from './nodes.ts'
import { build } from './program.ts'
import { Skipped } from './skipped.ts'

const quietly = (): void => {}
/** Bounds a test that hangs; it says nothing about speed. */
const patience = 240_000

const orSkip =
  (scenario: (say: (sentence: string) => void) => Promise<unknown>) =>
  async (test: TestContext): Promise<void> => {
    await scenario(quietly).catch((error: unknown) => {
      if (!(error instanceof Skipped)) throw error
      console.log(`skipped: ${error.message}`)
      test.skip(error.message)
    })
  }

describe('the built program', () => {
  beforeAll(build, patience)

  it(
    'loses nothing and counts nothing twice when its parts are killed',
    async () => {
      const seed = Date.now() % 1_000_000
      const done = await survive({
        seed,
        kills: 5,
        order: ['the intake', 'PostgreSQL', 'the whole node', 'a backend of PostgreSQL', 'the worker'],
        say: quietly,
      })
      expect(done.faults, `seed ${seed}`).toEqual([])
      expect(done.kills).toBe(5)
      expect(done.acknowledged).toBeGreaterThan(0)
    },
    patience,
  )
  it('answers 503 while PostgreSQL is away and recovers by itself', orSkip(databaseAway), patience)
  it('finds PostgreSQL when it comes back on another port', orSkip(databaseMoved), patience)
  it('refuses cleanly when the disk is full and works on afterwards', orSkip(diskFull), patience)
  it('is one installation on two nodes', orSkip(twoNodes), patience)
  it('names what is wrong with a body, within bounded memory', orSkip(badInput(false)), patience)
})
