import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { loadConfig } from '../platform/config.ts'
import { configure, nextFree } from './demo-ground.ts'

describe('the ground of a demonstration', () => {
  let before: NodeJS.ProcessEnv
  beforeEach(() => {
    before = { ...process.env }
    for (const key of Object.keys(process.env)) if (key.startsWith('HSOC_')) delete process.env[key]
  })
  afterEach(() => {
    process.env = before
  })

  it('asks no port that cannot be', async () => {
    expect(await nextFree(65_536)).toBe(0)
    expect(await nextFree(100_000)).toBe(0)
  })

  it.each(['65536', '99999', '123456', 'x'])('names HSOC_PORT=%s, which is no port', async (port) => {
    process.env.HSOC_PORT = port
    await configure('/nowhere', 2525)
    expect(() => loadConfig(process.env)).toThrow(/HSOC_PORT.*is not a port/)
  })

  it('puts the pages on the port that was asked for', async () => {
    process.env.HSOC_PORT = '65535'
    expect(await configure('/nowhere', 2525)).toBe('HSOC_PORT')
    expect(process.env.HSOC_HTTP_PORT).toBe('65535')
    expect(process.env.HSOC_PORT).toBe('0')
  })
})
