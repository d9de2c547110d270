/** What a public list may do to our judgement: the groups and effects of `content/warning-lists.json`. */
import { readFileSync } from 'node:fs'
import { z } from 'zod'

export const groupNames = [
  'research-scanner',
  'cloud-tenant',
  'critical-service',
  'sinkhole',
  'special-range',
  'indicator-only',
  'block-list',
  'other',
] as const
export type ListGroup = (typeof groupNames)[number]

/**
 * `recon-to-info`: a mere scan from there counts as info. `label`: a word beside the address, nothing else.
 * `protect`: never proposed for blocking. `raise`: a member's host that talks to it is a finding.
 * `none`: no effect. `import-check`: asked only when indicators are imported.
 */
export const effects = ['recon-to-info', 'label', 'protect', 'raise', 'none', 'import-check'] as const
export type ListEffect = (typeof effects)[number]

const groupShape = z.object({
  effect: z.enum(effects),
  cs: z.string(),
  en: z.string(),
  lists: z.array(z.string()),
})
const fileShape = z.object({ version: z.number(), groups: z.record(z.enum(groupNames), groupShape) })

export type GroupTable = z.infer<typeof fileShape>['groups']

const shipped = new URL('../../../../content/warning-lists.json', import.meta.url)

/** Reads the table of groups; throws when the file is missing or has another shape. */
export function readGroups(file: string | URL = shipped): GroupTable {
  return fileShape.parse(JSON.parse(readFileSync(file, 'utf8'))).groups
}

/** The group of a list by its folder, else by its name; `other` when the table does not know it. */
export function groupOf(table: GroupTable, folder: string, name: string): ListGroup {
  const known = (wanted: string) =>
    groupNames.find((group) => table[group].lists.some((list) => list.toLowerCase() === wanted.toLowerCase()))
  return known(folder) ?? known(name) ?? 'other'
}
