/** What gateways post, as their public descriptions show it. */
import { describe, expect, it } from 'vitest'
import { smsBackIn } from '../../../platform/config-sms-back.ts'
import { bodyOf, itemsOf, receiptOf, replyOf } from './posted.ts'

const json = 'application/json; charset=utf-8'
const form = 'application/x-www-form-urlencoded'
const key = 'k'.repeat(24)
const read = (type: string, text: string, set?: string) => {
  const fields = smsBackIn(key, set)?.fields
  if (!fields) throw new Error('no fields')
  const items = itemsOf(bodyOf(type, text), fields)
  return {
    receipts: items?.map((item) => receiptOf(item, fields)) ?? null,
    replies: items?.map((item) => replyOf(item, fields)) ?? null,
  }
}

describe('a receipt', () => {
  it.each([
    [
      'a form',
      form,
      'MessageSid=SM1&MessageStatus=delivered&To=%2B420555000001',
      undefined,
      'SM1',
      'DELIVRD',
    ],
    [
      'plain JSON',
      json,
      '{"id":1000001,"msisdn":420555000001,"status":"UNDELIVERABLE"}',
      undefined,
      '1000001',
      'UNDELIV',
    ],
    [
      'a list inside',
      json,
      '{"results":[{"messageId":"a-1","status":{"groupId":3,"groupName":"DELIVERED"}}]}',
      undefined,
      'a-1',
      'DELIVRD',
    ],
    [
      'a list',
      json,
      '[{"message_id":"x","state":"on its way"},{"message_id":"y","state":"EXPIRED"}]',
      undefined,
      null,
      null,
    ],
    [
      'names of its own',
      form,
      'smsid=9&dlr=1',
      '{"id":"smsid","state":"dlr","delivered":"1","failed":"2 16"}',
      '9',
      'DELIVRD',
    ],
    [
      'names of its own',
      form,
      'smsid=9&dlr=16',
      '{"id":"smsid","state":"dlr","delivered":"1","failed":"2 16"}',
      '9',
      'UNDELIV',
    ],
    ['a name with a dot', json, '{"a.id":"7","state":"Not delivered"}', '{"id":"a.id"}', '7', 'UNDELIV'],
    [
      'long numbers',
      json,
      '{"id":12345678901234567890,"state":"sent"}',
      undefined,
      '12345678901234567890',
      'ENROUTE',
    ],
  ])('in %s is read', (_how, type, text, set, id, state) => {
    expect(read(type, text, set).receipts?.[0]).toEqual(id && { id, state, reference: null })
  })

  it('may name our own number of the message', () => {
    const set = '{"reference":"ref"}'
    expect(read(json, '{"ref":"42","state":"delivered"}', set).receipts).toEqual([
      { id: '', state: 'DELIVRD', reference: 42 },
    ])
    for (const wrong of ['0', '-1', '1e3', '99999999999', "1' or 1=1"])
      expect(read(json, JSON.stringify({ ref: wrong, state: 'delivered' }), set).receipts).toEqual([null])
  })

  it.each([
    '{"id":"1"}',
    '{"state":"delivered"}',
    '{"id":"1","state":"who knows"}',
    '{"id":"1","state":"__proto__"}',
    '{"id":"1","state":["delivered"]}',
    '{"id":{"a":1},"state":"delivered"}',
    '{"id":"a b","state":"delivered"}',
    '{"id":"\\u0000","state":"delivered"}',
    `{"id":"${'x'.repeat(101)}","state":"delivered"}`,
    '{"__proto__":{"id":"1","state":"delivered"}}',
    '{}',
  ])('like %s is none', (text) => {
    expect(read(json, text).receipts).toEqual([null])
  })
})

describe('a reply', () => {
  it('is read with its number and words', () => {
    expect(read(form, 'MessageSid=SM2&From=%2B420555000001&Body=V+7F3K+d%C3%ADky').replies).toEqual([
      { id: 'SM2', from: '+420555000001', text: 'V 7F3K díky' },
    ])
    expect(
      read(json, '{"id":1,"msisdn":420555000001,"message":"\\"12345678901234567890\\" 1"}').replies,
    ).toEqual([{ id: '1', from: '420555000001', text: '"12345678901234567890" 1' }])
    expect(read(json, '{"id":1,"from":"420555000001","text":""}').replies).toEqual([
      { id: '1', from: '420555000001', text: '' },
    ])
  })
  it('without a name, by which it would count once, or without a sender is none', () => {
    expect(read(json, '{"from":"420555000001","text":"V 7F3K"}').replies).toEqual([null])
    expect(read(json, '{"id":"1","text":"V 7F3K"}').replies).toEqual([null])
  })
})

describe('a body', () => {
  it.each(['', 'null', '1', '"x"', '[]', '[1]', '[[{"id":1}]]', '{"a":', '{"a":1}}', '['.repeat(30_000)])(
    'that is no list of fields holds nothing: %#',
    (text) => expect(read(json, text).replies).toSatisfy((found) => found === null || found[0] === null),
  )
  it('of too many things holds nothing', () => {
    const many = (n: number) => JSON.stringify(Array.from({ length: n }, (_, at) => ({ id: at, from: '1' })))
    expect(read(json, many(200)).replies).toHaveLength(200)
    expect(read(json, many(201)).replies).toBeNull()
  })
  it('of a form counts the first of two fields of one name', () => {
    expect(read(form, 'id=1&from=2&text=a&text=b').replies).toEqual([{ id: '1', from: '2', text: 'a' }])
  })
})
