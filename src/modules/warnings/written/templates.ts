/** What a warning of a kind usually says, to be filled in: content/warning-templates.json. */
import { readContent } from '../../../platform/content.ts'
import type { Lang } from '../../../platform/i18n.ts'
import type { Draft, Kind, Texts } from './types.ts'

export interface Template {
  id: string
  name: Record<Lang, string>
  kind: Kind
  severity: number
  texts: Texts
}

let read: Template[] | undefined

export function templates(): Template[] {
  // The file belongs to the release, and its test holds it to this shape.
  read ??= (readContent('warning-templates.json') as { templates: Template[] }).templates
  return read
}

const nothing = { title: '', happened: '', concerns: '', todo: '' }

/** A draft of the template, or an empty one. */
export function templateOf(id: string | undefined): Draft {
  const template = templates().find((one) => one.id === id)
  return {
    kind: template?.kind ?? 'info',
    severity: template?.severity ?? 2,
    tlp: 'AMBER',
    audience: 'all_members',
    orgs: [],
    group: null,
    named: [],
    texts: template?.texts ?? { cs: nothing, en: nothing },
    rules: { all: true, prefixes: [], domains: [], kinds: [], regions: [] },
    actionBy: null,
    validUntil: null,
    refs: '',
    changeNote: '',
    substantive: true,
    translated: false,
  }
}
