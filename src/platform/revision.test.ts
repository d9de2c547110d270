import { deflateRawSync } from 'node:zlib'
import { expect, it } from 'vitest'
import { movedSince, shownOf } from './revision.ts'

const fields = { title: 'Zálohy', orgs: [1, 2], until: null, gone: 'x' }

it('says of each changed field what was shown and what stands now', () => {
  const now = { title: 'Zálohy hned', orgs: [1, 2], until: 5, came: 'y' }
  expect(movedSince(shownOf(fields), now)).toEqual([
    { field: 'title', before: 'Zálohy', after: 'Zálohy hned' },
    { field: 'until', before: null, after: 5 },
  ])
  expect(movedSince(shownOf(fields), fields)).toEqual([])
})

it('believes of what came back only what was shown', () => {
  const { seen, saw } = shownOf(fields)
  const now = { title: 'jiné' }
  const other = shownOf({ ...fields, title: 'To jsem neukázal' }).saw
  const bomb = deflateRawSync(`"${'x'.repeat(5_000_000)}"`).toString('base64url')
  for (const forged of [other, '', 'x', saw.slice(0, -4), bomb, deflateRawSync('null').toString('base64url')])
    expect(movedSince({ seen, saw: forged }, now)).toEqual([])
  expect(movedSince({ seen: '', saw }, now)).toEqual([])
})
