/** Whole ways through the built program, which is started once for all of them. */
import { afterAll, beforeAll } from 'vitest'
import { apart } from './apart.ts'
import { type Journey, openJourney } from './stage.ts'
import { warned } from './warned.ts'

let here: Journey
beforeAll(async () => {
  here = await openJourney()
}, 240_000)
afterAll(() => here?.close())

warned(() => here)
apart(() => here)
