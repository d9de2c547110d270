import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { asServed, keepBaseUrl } from './base-url.ts'
import { loadConfig } from './config.ts'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'hsoc-base-'))
  mkdirSync(path.join(folder, 'run'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const load = (env: Record<string, string> = {}) => loadConfig({ HSOC_DATA: folder, ...env })

test('a command beside the server knows the address that the server was given', () => {
  expect(asServed(load()).baseUrl).toBe('https://localhost:8443')
  keepBaseUrl(load({ HSOC_BASE_URL: 'https://hsoc.example/' }))
  expect(asServed(load()).baseUrl).toBe('https://hsoc.example')
})

test('what is set for the command itself goes before', () => {
  keepBaseUrl(load({ HSOC_BASE_URL: 'https://hsoc.example' }))
  expect(asServed(load({ HSOC_BASE_URL: 'https://other.example' })).baseUrl).toBe('https://other.example')
})

test('a server that is told nothing does not take over what was kept', () => {
  keepBaseUrl(load({ HSOC_BASE_URL: 'https://hsoc.example' }))
  expect(load({ HSOC_PORT: '9443' }).baseUrl).toBe('https://localhost:9443')
})

test('what is no address is as nothing', () => {
  for (const text of ['', 'hsoc', 'javascript:alert(1)', '\0']) {
    writeFileSync(path.join(folder, 'run', 'base-url'), text)
    expect(asServed(load()).baseUrl).toBe('https://localhost:8443')
  }
})
