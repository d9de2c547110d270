/** Pages opened in three looks that together show each width, both languages and both grounds, and what is wrong with them. */
import { mkdirSync } from 'node:fs'
import type { Actor } from '../../src/platform/access.ts'
import { axeOf, type Looks, type Stage, tooWide } from './stage.ts'

const looks: Looks[] = [
  { width: 360, dark: true, lang: 'cs' },
  { width: 1280, dark: false, lang: 'en' },
  { width: 1920, dark: false, lang: 'cs' },
]
/** What axe judges depends on the layout, of which there are two; the widest screen is looked at for its width. */
const judged = (how: Looks): boolean => how.width !== 1920

/** Nothing for axe, nothing against the policy, nothing wider than the screen; answers what is not so. */
export async function look(
  stage: Stage,
  who: Actor | null,
  paths: string[],
  expected = 200,
): Promise<string[]> {
  const found = await Promise.all(looks.map((how) => lookAs(stage, how, who, paths, expected)))
  return found.flat()
}

async function lookAs(
  stage: Stage,
  how: Looks,
  who: Actor | null,
  paths: string[],
  expected: number,
): Promise<string[]> {
  const found: string[] = []
  const { page, faults, context } = await stage.open(who, how)
  for (const path of paths) {
    const answer = await page.goto(stage.base + path, { waitUntil: 'load' })
    const where = `${path} ${how.width} ${how.lang}`
    if (answer?.status() !== expected) found.push(`${where}: ${answer?.status()}`)
    const over = await tooWide(page)
    if (over > 0) found.push(`${where}: wider than the screen by ${over}`)
    if (judged(how)) for (const violation of await axeOf(page)) found.push(`${where}: ${violation}`)
    for (const fault of faults.splice(0)) found.push(`${where}: ${fault}`)
    // For people who look at pages: LOOK is a folder.
    if (process.env.LOOK) {
      mkdirSync(process.env.LOOK, { recursive: true })
      const name = `${path.replaceAll(/[^a-z0-9]+/g, '-').slice(1, 60)}-${who?.person ?? 0}-${how.width}`
      await page.screenshot({ path: `${process.env.LOOK}/${name}.png`, fullPage: true })
    }
  }
  await context.close()
  return found
}
