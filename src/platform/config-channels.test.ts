import { expect, test } from 'vitest'
import { loadConfig } from './config.ts'
import { describeConfig } from './config-text.ts'

const load = (env: Record<string, string>) =>
  loadConfig({ HSOC_DATA: '/nowhere', HSOC_SECRET: 's'.repeat(40), ...env })

test('what comes back and text messages are off until they are set', () => {
  expect(load({})).toMatchObject({ bounces: null, bounceListen: null, sms: null })
})

test('returned mails have an address, and a door of their own when it is named', () => {
  expect(load({ HSOC_BOUNCES: 'Bounces@hsoc.example', HSOC_BOUNCE_LISTEN: '[::1]:2525' })).toMatchObject({
    bounces: 'bounces@hsoc.example',
    bounceListen: { host: '::1', port: 2525 },
  })
  for (const HSOC_BOUNCES of ['bounces', 'a+b@hsoc.example', `${'x'.repeat(41)}@hsoc.example`, 'a b@c'])
    expect(() => load({ HSOC_BOUNCES })).toThrow('HSOC_BOUNCES is not an address')
  expect(() => load({ HSOC_BOUNCE_LISTEN: '127.0.0.1:2525' })).toThrow('HSOC_BOUNCES is missing')
  for (const HSOC_BOUNCE_LISTEN of ['2525', 'localhost:2525', '127.0.0.1:0', '127.0.0.1:99999', '[x]:1'])
    expect(() => load({ HSOC_BOUNCES: 'a@b.example', HSOC_BOUNCE_LISTEN })).toThrow(
      'HSOC_BOUNCE_LISTEN is not',
    )
})

test('text messages go by SMPP or by a gateway, and no secret of either is said', () => {
  const smpp = load({ HSOC_SMS_URL: 'smpps://hsoc:hu%40sh@smsc.example', HSOC_SMS_FROM: 'hSOC' })
  expect(smpp.sms).toEqual({
    by: 'smpp',
    host: 'smsc.example',
    port: 3550,
    secure: true,
    user: 'hsoc',
    password: 'hu@sh',
    from: 'hSOC',
  })
  const http = load({
    HSOC_SMS_URL: 'https://gw.example/send?key=hush&to={number}',
    HSOC_SMS_METHOD: 'GET',
    HSOC_SMS_HEADERS: '{"X-Key": "hush"}',
  })
  expect(http.sms).toMatchObject({ by: 'http', method: 'GET', headers: { 'X-Key': 'hush' }, body: '' })
  for (const config of [smpp, http]) expect(describeConfig(config)).not.toMatch(/hush|hu@sh|hu%40sh/)
  for (const wrong of ['gw.example', 'ftp://gw.example/'])
    expect(() => load({ HSOC_SMS_URL: wrong })).toThrow('HSOC_SMS_URL is not an address')
  expect(() => load({ HSOC_SMS_BODY: 'x' })).toThrow('HSOC_SMS_URL is missing')
  for (const HSOC_SMS_HEADERS of ['{', '[]', '{"a b": "c"}', '{"a": "b\\r\\nc"}'])
    expect(() => load({ HSOC_SMS_URL: 'https://gw.example/', HSOC_SMS_HEADERS })).toThrow(
      'HSOC_SMS_HEADERS is not',
    )
})

test('a gateway comes back with a key, under names that may be set, and the key is not said', () => {
  const HSOC_SMS_URL = 'https://gw.example/send'
  const HSOC_SMS_BACK_KEY = 'hush-hush-hush-hush-hush-hush'
  const config = load({ HSOC_SMS_URL, HSOC_SMS_BACK_KEY, HSOC_SMS_BACK_FIELDS: '{"id": "smsid sms_id"}' })
  expect(config.smsBack).toMatchObject({
    key: HSOC_SMS_BACK_KEY,
    fields: { id: ['smsid', 'sms_id'], reference: [] },
  })
  expect(config.smsBack?.fields.text).toContain('Body')
  expect(describeConfig(config)).not.toContain('hush')
  expect(load({ HSOC_SMS_URL }).smsBack).toBeNull()
  for (const wrong of ['short', 'x'.repeat(23), 'with a blank in the middle of it', `hsk_${'x'.repeat(40)}`])
    expect(() => load({ HSOC_SMS_URL, HSOC_SMS_BACK_KEY: wrong })).toThrow('HSOC_SMS_BACK_KEY is not')
  for (const HSOC_SMS_BACK_FIELDS of ['{', '[]', '{"nobody": "x"}', '{"id": 1}'])
    expect(() => load({ HSOC_SMS_URL, HSOC_SMS_BACK_KEY, HSOC_SMS_BACK_FIELDS })).toThrow(
      'HSOC_SMS_BACK_FIELDS is not',
    )
  expect(() => load({ HSOC_SMS_BACK_KEY })).toThrow('HSOC_SMS_URL is missing')
  expect(() => load({ HSOC_SMS_URL, HSOC_SMS_BACK_FIELDS: '{}' })).toThrow('HSOC_SMS_BACK_KEY is missing')
})

test('push services are the usual ones, others that are named, or none; only origins lead into private networks', () => {
  expect(load({}).pushHosts).toContain('fcm.googleapis.com')
  expect(load({}).webhookOrigins).toEqual([])
  expect(load({ HSOC_PUSH_HOSTS: 'none' }).pushHosts).toEqual([])
  const own = ['*.push.apple.com', 'https://push.hospital.example:8443']
  expect(load({ HSOC_PUSH_HOSTS: own.join(', ') }).pushHosts).toEqual(own)
  for (const HSOC_PUSH_HOSTS of ['*', 'x', 'https://a.example/path', '192.0.2.1', 'A.example'])
    expect(() => load({ HSOC_PUSH_HOSTS })).toThrow('HSOC_PUSH_HOSTS is not')
  for (const HSOC_WEBHOOK_PRIVATE of ['chat.example', 'https://chat.example/hook', 'ftp://chat.example'])
    expect(() => load({ HSOC_WEBHOOK_PRIVATE })).toThrow('HSOC_WEBHOOK_PRIVATE is not')
})

test('how fast messages go is what servers usually bear, a number, or nothing', () => {
  expect(load({})).toMatchObject({ mailRate: 50, pushRate: 100 })
  expect(load({ HSOC_MAIL_RATE: '7', HSOC_PUSH_RATE: 'none' })).toMatchObject({ mailRate: 7, pushRate: null })
  for (const wrong of ['0', '-1', '1.5', '10000', 'fast'])
    expect(() => load({ HSOC_MAIL_RATE: wrong }), wrong).toThrow('HSOC_MAIL_RATE is not')
})

test('the room for emergencies is one line, and never shown with the settings', () => {
  expect(load({}).emergencyRoom).toBeNull()
  const set = load({ HSOC_EMERGENCY_ROOM: ' https://meet.example/hsoc-krize, kód 4711 ' })
  expect(set.emergencyRoom).toBe('https://meet.example/hsoc-krize, kód 4711')
  expect(describeConfig(set)).not.toContain('4711')
  for (const HSOC_EMERGENCY_ROOM of ['a\nb', 'x'.repeat(301)])
    expect(() => load({ HSOC_EMERGENCY_ROOM })).toThrow('HSOC_EMERGENCY_ROOM is not one line')
})
