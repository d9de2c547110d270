import { afterEach, describe, expect, it, vi } from 'vitest'
import { paceOf } from './post.ts'

describe('the pace of a way', () => {
  afterEach(() => {
    vi.useRealTimers()
  })

  it('keeps the pace that is set: each begins so much later than the one before', async () => {
    vi.useFakeTimers({ toFake: ['performance', 'setTimeout'] })
    const [pace, free] = [paceOf(4), paceOf(null)]
    const begun: number[] = []
    const from = performance.now()
    const all = Promise.all(
      [1, 2, 3, 4, 5].map(() => pace().then(() => begun.push(performance.now() - from))),
    )
    await vi.advanceTimersByTimeAsync(2_000)
    await all
    await free()
    expect(begun).toEqual([0, 250, 500, 750, 1_000])
  })
})
