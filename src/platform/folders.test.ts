import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { Unavailable } from './errors.ts'
import { makeFolder } from './folders.ts'

let place = ''
beforeEach(() => {
  place = mkdtempSync(path.join(os.tmpdir(), 'hsoc-folders-'))
})
afterEach(() => rmSync(place, { recursive: true, force: true }))

const refusal = (folder: string): unknown => {
  try {
    makeFolder(folder, 0o700)
  } catch (error) {
    return error
  }
  return null
}

test('a folder is made with all above it, for us alone, and one that is there is left as it is', () => {
  const deep = path.join(place, 'a', 'b', 'c')
  makeFolder(deep, 0o700)
  for (const one of [deep, path.dirname(deep)]) expect(statSync(one).mode & 0o777).toBe(0o700)
  makeFolder(deep, 0o755)
  expect(statSync(deep).mode & 0o777).toBe(0o700)
})

test('where none can be made, the folder is named and nothing goes on for ever', () => {
  writeFileSync(path.join(place, 'file'), '')
  for (const folder of ['/proc/x', '/proc/x/y', path.join(place, 'file', 'x')]) {
    const said = refusal(folder)
    expect(said).toBeInstanceOf(Unavailable)
    expect((said as Error).message).toContain(`The folder ${folder} cannot be made`)
  }
})
