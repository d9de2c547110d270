import { expect, test } from 'vitest'
import type { Settings } from '../../../platform/context.ts'
import { translator } from '../../../platform/i18n.ts'
import { html } from '../../../ui/index.ts'
import { Enrol } from './enrol.tsx'

const shown = (settings: Partial<Settings>): string =>
  html(<Enrol t={translator('cs')} name="cz.lipova.ids" settings={settings as Settings} />)

test('a sensor is led to the door of sensors, whose TLS is ours', () => {
  const body = shown({ baseUrl: 'http://127.0.0.1:8080', sensorsUrl: 'https://127.0.0.1:8444' })
  expect(body).toContain('https://127.0.0.1:8444/warden3')
  expect(body).toContain('https://127.0.0.1:8444/api/v1/events')
  expect(body).not.toContain('127.0.0.1:8080')
})

test('without a door of their own sensors come as everybody does', () => {
  expect(shown({ baseUrl: 'https://hsoc.example' })).toContain('https://hsoc.example/warden3')
})
