import { expect, it } from 'vitest'
import { type Actor, type Engagement, roles } from '../../platform/access.ts'
import { mayManage } from './may.ts'

const actor = (engagement: Engagement): Actor => ({
  person: 1,
  name: 'Osoba',
  email: 'osoba@people.example',
  language: 'cs',
  engagements: [engagement],
})

it('lets those manage a sensor who answer for its organisation, and the coordinators', () => {
  const free = (role: Engagement['role']): boolean => role === 'coordinator' || role === 'operator'
  const asked = (org: number | null) =>
    roles.filter((role) => mayManage(actor({ role, org: free(role) ? null : 7, orgName: null }), { org }))
  expect(asked(7)).toEqual(['coordinator', 'representative', 'security_manager', 'admin'])
  // Neither another organisation's nor the perimeter's.
  expect(asked(8)).toEqual(['coordinator'])
  expect(asked(null)).toEqual(['coordinator'])
})
