import { describe, expect, it } from 'vitest'
import { after, fresh, peopleIn, type Watched } from './watching.ts'

const people = ['jana@posta.example', '+420777000001']
const minute = 60_000

/** One question a minute, answered or not; what was waiting is told at once unless `silent` names it. */
function through(answers: string, silent: string[] = []): { state: Watched; told: string[] } {
  const told: string[] = []
  let state = fresh()
  for (const [at, answer] of [...answers].entries()) {
    state = after(state, answer === '+', people, 3, minute, at * minute)
    for (const [to, news] of [...state.waiting]) {
      if (silent.includes(`${to} ${news}`)) continue
      told.push(`${at} ${news} ${to}`)
      state.waiting.delete(to)
    }
  }
  return { state, told }
}

describe('watching an installation', () => {
  it('tells everybody once after so many misses in a row, and once when it is back', () => {
    expect(through('++--+----++').told).toEqual([
      '7 down jana@posta.example',
      '7 down +420777000001',
      '9 up jana@posta.example',
      '9 up +420777000001',
    ])
    expect(through('---').state.downSince).toBe(0)
  })
  it('tries again whoever could not be told, and tells no end of what nobody heard the beginning of', () => {
    const { told, state } = through('------', ['+420777000001 down'])
    expect([told.length, state.waiting.get('+420777000001')]).toEqual([1, 'down'])
    expect(through('------+', ['+420777000001 down']).told).toEqual([
      '2 down jana@posta.example',
      '6 up jana@posta.example',
    ])
  })
  it('reads a list with notes, and names the line that is neither address nor number', () => {
    expect(peopleIn('# kdo\r\njana@posta.example Jana\n\n+420777000001\njana@posta.example\n')).toEqual({
      people,
    })
    for (const wrong of ['jana', '777000001', 'a@b@c', '<jana@posta.example>', '+420 777'])
      expect(peopleIn(`jana@posta.example\n${wrong}`)).toEqual({ wrong })
    expect(peopleIn('')).toEqual({ people: [] })
  })
})
