/** A written warning for paper: what its page says, with whom to call. */
import { dayShort, exact } from '../../../platform/dates.ts'
import type { T } from '../../../platform/i18n.ts'
import type { Sheet, SheetBlock } from '../../../platform/pdf.ts'
import { severityName } from '../mail-parts.ts'
import type { Version, Written } from './types.ts'
import { saidIn } from './words.ts'

interface Printed {
  warning: Written
  version: Version
  t: T
  zone: string
  /** Of the page, and of the coordinators where one is set. */
  url: string
  phone: string | null
}

export function sheetOf(printed: Printed): Omit<Sheet, 'foot' | 'watermark'> {
  const { warning, version, t } = printed
  const said = saidIn(version, t.lang)
  return {
    lang: said.lang,
    title: said.title,
    mark: `TLP:${version.tlp}`,
    head: t('print.warning.head', { number: warning.number ?? '', version: String(version.no) }),
    blocks: [
      { kind: 'facts', rows: facts(printed) },
      ...(warning.state === 'revoked'
        ? [{ kind: 'strong' as const, text: `${t('written.revoked')}\n${warning.revokeReason ?? ''}`.trim() }]
        : []),
      ...(said.lag ? [{ kind: 'text' as const, text: t(`written.lag.${said.lag}`) }] : []),
      ...(['happened', 'concerns', 'todo'] as const).flatMap((part): SheetBlock[] => [
        { kind: 'heading', text: t(`written.part.${part}`) },
        { kind: 'text', text: said[part] },
      ]),
      ...(version.actionBy
        ? [{ kind: 'strong' as const, text: t('written.by', { day: dayShort(version.actionBy, t, true) }) }]
        : []),
      ...(version.refs
        ? [
            { kind: 'heading' as const, text: t('written.refs') },
            { kind: 'text' as const, text: version.refs },
          ]
        : []),
      { kind: 'heading', text: t('print.warning.call') },
      { kind: 'facts', rows: callable(printed) },
    ],
  }
}

function facts({ warning, version, t, zone }: Printed): [string, string][] {
  return [
    [t('written.field.kind'), t(`written.kind.${version.kind}`)],
    [t('written.field.severity'), t(`ui.severity.${severityName(version.severity)}`)],
    [t('written.field.audience'), t(`written.audience.${version.audience}`)],
    ...(version.publishedAt === null
      ? []
      : [[t('written.published'), exact(version.publishedAt, t, zone)] as [string, string]]),
    ...(warning.endsAt === null
      ? []
      : [[t('written.field.validUntil'), exact(warning.endsAt, t, zone)] as [string, string]]),
  ]
}

const callable = ({ t, phone, url }: Printed): [string, string][] => [
  ...(phone ? [[t('print.warning.call.coordinators'), phone] as [string, string]] : []),
  [t('print.warning.open'), url],
]
