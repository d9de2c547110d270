/** The public form against whatever may be sent to it. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fieldNames, fields, type Typed, typedIn, understood } from './form.ts'

const right = {
  kind: 'organisation',
  organisation: '  Nemocnice   Vzorov, p. o. ',
  ico: '25596641',
  orgKind: 'hospital',
  nuts3: 'CZ063',
  name: 'Jana Vzorová',
  position: 'správkyně sítě',
  email: 'jana@vzorov.example',
  phone: '+420 555 010 200',
  message: 'Rádi bychom se zapojili.',
}
const faultsOf = (changed: object) => {
  const read = understood(typedIn({ ...right, ...changed }), 'cs')
  return read.ok ? {} : read.faults
}

describe('the application form', () => {
  it('is understood, with blanks tidied and what is optional left out', () => {
    expect(understood(typedIn(right), 'cs')).toMatchObject({
      ok: true,
      given: { organisation: 'Nemocnice Vzorov, p. o.', ico: '25596641', nuts3: 'CZ063', language: 'cs' },
    })
    expect(
      understood(typedIn({ ...right, ico: '', phone: ' ', nuts3: '', position: '', message: '' }), 'en'),
    ).toMatchObject({ ok: true, given: { ico: null, phone: null, nuts3: null, message: '' } })
  })

  it('says of each field what is wrong with it', () => {
    expect(faultsOf({ kind: 'everything' })).toEqual({ kind: 'kind' })
    expect(faultsOf({ organisation: ' \t ' })).toEqual({ organisation: 'organisation' })
    expect(faultsOf({ name: '' })).toEqual({ name: 'name' })
    expect(faultsOf({ ico: '12 34 56 78 9' })).toEqual({ ico: 'ico' })
    expect(faultsOf({ orgKind: 'constructor' })).toEqual({ orgKind: 'orgKind' })
    expect(faultsOf({ nuts3: 'DE111' })).toEqual({ nuts3: 'nuts3' })
    for (const email of ['', 'jana', 'a@b@c', 'jana@vzorov.example\r\nBcc: x@x.example', 'a b@c.example'])
      expect(faultsOf({ email })).toEqual({ email: 'email' })
    expect(faultsOf({ phone: 'volejte večer' })).toEqual({ phone: 'phone' })
  })

  it('asks once about a check digit that does not fit, and then takes the number as it is', () => {
    expect(faultsOf({ ico: '25596640' })).toEqual({ ico: 'digit' })
    expect(faultsOf({ ico: '25596640', icoSure: '1' })).toEqual({})
  })

  it('refuses what is too long in any field', () => {
    for (const name of fieldNames)
      expect([name, Object.keys(faultsOf({ [name]: 'x'.repeat(fields[name] + 1) }))]).toEqual([name, [name]])
  })

  it('takes anything for what it is, and never throws', () => {
    const one = (name: keyof Typed) =>
      fc.oneof(
        { arbitrary: fc.constant((right as Partial<Typed>)[name] ?? ''), weight: 20 },
        fc.string({ unit: 'binary', maxLength: 300 }),
        fc.anything({ maxDepth: 1 }),
      )
    const anything = fc.oneof(
      fc.anything({ maxDepth: 1 }),
      fc.record(Object.fromEntries(fieldNames.map((name) => [name, one(name)]))),
    )
    fc.assert(
      fc.property(anything, (body) => {
        const typed: Typed = typedIn(body)
        expect(
          Object.values(typed).every((value) => typeof value === 'string' && !value.includes('\0')),
        ).toBe(true)
        const read = understood(typed, 'cs')
        if (!read.ok) {
          expect(Object.keys(read.faults).length).toBeGreaterThan(0)
          return
        }
        // What the database checks holds of everything that comes through.
        expect(read.given.organisation.length).toBeLessThanOrEqual(200)
        expect(read.given.organisation).not.toBe('')
        expect(read.given.message.length).toBeLessThanOrEqual(2_000)
      }),
    )
  })
})
