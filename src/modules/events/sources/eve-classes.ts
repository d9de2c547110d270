/** The table from Suricata's class texts to IDEA categories, `content/eve-classes.json`. */
import { readFileSync } from 'node:fs'
import { z } from 'zod'

const shipped = new URL('../../../../content/eve-classes.json', import.meta.url)

const category = z.string().regex(/^[A-Z][A-Za-z]+(\.[A-Z][A-Za-z]+)?$/)
const table = z.object({
  about: z.string(),
  classes: z.array(
    z.strictObject({
      name: z.string(),
      text: z.string(),
      category,
      foreign: z.boolean().default(false),
      signature: z
        .strictObject({
          starts: z.array(z.string()).default([]),
          has: z.array(z.string()).default([]),
          category,
        })
        .optional(),
    }),
  ),
  context: z.array(z.string()),
})
type EveClass = z.infer<typeof table>['classes'][number]

export interface ClassOfAlert {
  category: string
  /** The client of the flow is the infected host, the other end its master. */
  foreign: boolean
  /** The table has this text. */
  known: boolean
}

let loaded: { byText: Map<string, EveClass>; context: Set<string> } | undefined

function tables() {
  if (!loaded) {
    const { classes, context } = table.parse(JSON.parse(readFileSync(shipped, 'utf8')))
    loaded = {
      byText: new Map(classes.map((one) => [one.text.toLowerCase(), one])),
      context: new Set(context),
    }
  }
  return loaded
}

/** Category of an alert by the text of its class; two classes look at the signature as well. */
export function classOfAlert(text: unknown, signature: unknown): ClassOfAlert {
  const found = typeof text === 'string' ? tables().byText.get(text.trim().toLowerCase()) : undefined
  if (!found) return { category: 'Other', foreign: false, known: false }
  const special = found.signature
  const hit = special !== undefined && typeof signature === 'string' && matches(special, signature)
  return { category: hit ? special.category : found.category, foreign: found.foreign, known: true }
}

function matches(rule: NonNullable<EveClass['signature']>, signature: string): boolean {
  return (
    rule.starts.some((start) => `${signature} `.startsWith(`${start} `)) ||
    rule.has.some((word) => signature.includes(word))
  )
}

/** Whether a type of EVE record is known context: traffic records that are no detections. */
export function isContext(type: string): boolean {
  return tables().context.has(type)
}

/** Names and texts of all classes, in the order of the table. */
export function classTexts(): { name: string; text: string }[] {
  return [...tables().byText.values()].map(({ name, text }) => ({ name, text }))
}
