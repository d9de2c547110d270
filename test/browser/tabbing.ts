/** Going through a page by Tab alone. */
import type { Page } from 'playwright-core'

/** Marks what Tab should reach with numbers and answers how many there are. Runs in the page. */
const mark = `(() => {
  const reachable = [...document.querySelectorAll('a[href], button, input, select, textarea, summary, [tabindex]')].filter(
    (it) => it.tabIndex >= 0 && !it.disabled && it.type !== 'hidden' && it.checkVisibility({ visibilityProperty: true }),
  )
  reachable.forEach((it, n) => it.setAttribute('data-n', n))
  return reachable.length
})()`

/** Where the focus is, and whether it can be seen there. */
const here = `(() => {
  const at = document.activeElement
  if (!at || at === document.body) return null
  const look = getComputedStyle(at)
  const box = at.getClientRects()[0]
  const over = box && document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2)
  return {
    n: Number(at.getAttribute('data-n') ?? -1),
    skip: at.classList.contains('skip'),
    what: at.outerHTML.slice(0, 120),
    ring: look.outlineStyle !== 'none' && parseFloat(look.outlineWidth) >= 2,
    covered: Boolean(over && over.closest('.answer-bar') && !at.closest('.answer-bar')),
  }
})()`

interface Focus {
  n: number
  skip: boolean
  what: string
  ring: boolean
  covered: boolean
}

/** From the top to the end by Tab: what came first, which controls were missed, and where the focus could not be seen. */
export async function tabThrough(
  page: Page,
): Promise<{ first: Focus | null; missed: number[]; faults: string[] }> {
  const count = (await page.evaluate(mark)) as number
  const reached = new Set<number>()
  const faults: string[] = []
  let first: Focus | null = null
  for (let step = 0; step < count + 5; step++) {
    await page.keyboard.press('Tab')
    const focus = (await page.evaluate(here)) as Focus | null
    if (!focus || reached.has(focus.n)) break
    first ??= focus
    reached.add(focus.n)
    if (!focus.ring) faults.push(`no ring: ${focus.what}`)
    if (focus.covered) faults.push(`covered: ${focus.what}`)
  }
  const missed = Array.from({ length: count }, (_, n) => n).filter((n) => !reached.has(n))
  return { first, missed, faults }
}
