import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { projectRoot, readContent } from './content.ts'

it('finds the project and reads its content', () => {
  expect(existsSync(join(projectRoot, 'package.json'))).toBe(true)
  expect(readContent('categories.json')).toMatchObject({ version: 1 })
})

it('names the file that is missing', () => {
  expect(() => readContent('no-such.json')).toThrow(/no-such\.json/)
})
