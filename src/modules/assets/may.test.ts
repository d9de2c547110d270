import { describe, expect, it } from 'vitest'
import { type Actor, type Role, roles } from '../../platform/access.ts'
import { Forbidden, NotFound } from '../../platform/errors.ts'
import { may, requireReader, requireRight } from './may.ts'

const actor = (role: Role, org: number | null): Actor => ({
  person: 1,
  name: 'Osoba',
  email: 'osoba@people.example',
  language: 'cs',
  engagements: [{ org, orgName: org === null ? null : 'Nemocnice', role }],
})

describe('who may change an inventory', () => {
  it.each(roles)('%s', (role) => {
    const central = role === 'coordinator' || role === 'operator'
    const one = actor(role, central ? null : 7)
    expect(may(one, 'keep', 7)).toBe(role === 'admin' || role === 'security_manager')
    expect(may(one, 'share', 7)).toBe(role === 'representative' || role === 'security_manager')
    expect([may(one, 'keep', 8), may(one, 'share', 8)]).toEqual([false, false])
    expect(() => requireReader(one, 8)).toThrow(NotFound)
    if (central) expect(() => requireReader(one, 7)).toThrow(NotFound)
    else expect(() => requireReader(one, 7)).not.toThrow()
  })

  it('whoever only reads is told so, outsiders learn nothing', () => {
    expect(() => requireRight(actor('manager', 7), 'keep', 7)).toThrow(Forbidden)
    expect(() => requireRight(actor('admin', 8), 'keep', 7)).toThrow(NotFound)
    expect(() => requireRight(actor('admin', 7), 'share', 7)).toThrow(Forbidden)
  })
})
