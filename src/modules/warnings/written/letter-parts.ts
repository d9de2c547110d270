/** What all mails about written warnings have in common: their frame, subject and last lines. */
import type { Context } from '../../../platform/context.ts'
import type { T } from '../../../platform/i18n.ts'
import {
  type Block,
  type Delivery,
  labelLine,
  leaveUrl,
  type Reader,
  subjectLine,
} from '../../channels/index.ts'
import type { Kept } from './indicators/keep.ts'
import type { Holding } from './owners.ts'
import type { Form } from './reach.ts'
import type { Version, Written } from './types.ts'

export interface Telling {
  context: Context
  delivery: Delivery
  reader: Reader
  warning: Written
  version: Version
  /** The one before, where the reader had it. */
  before: Version | null
  form: Form
  /** Confirmed ones. */
  indicators: Kept[]
  /** Where to answer; null for who is not asked. */
  answers: string | null
  /** What its organisation runs of what the warning names. */
  owns: Holding | null
  t: T
}

export const pageOf = (context: Context, id: number): string =>
  `${context.settings.baseUrl}/warnings/written/${id}`

export const frame = ({
  delivery,
  reader,
  version,
  t,
}: Pick<Telling, 'delivery' | 'reader' | 'version' | 't'>) => ({
  lang: reader.actor.language,
  kind: delivery.kind,
  label: labelLine(version.tlp, t),
  banner: null,
  // mail.md 1: low and medium can be left with one click, high by preferences, an emergency not at all.
  leave: version.severity < 3 ? ('singles' as const) : null,
})

/** `[TLP:GREEN] HSOC-2026-0007 v2 title` */
export const subjectOf = (
  { warning, version }: Pick<Telling, 'warning' | 'version'>,
  title: string,
): string =>
  subjectLine({ exercise: false, tlp: version.tlp, text: `${warning.number} v${version.no} ${title}`.trim() })

/** A member gets it for an organisation; who gets it for none was passed it on. */
export const wasPassed = (delivery: Delivery, reader: Reader): boolean =>
  reader.as === 'member' && delivery.org === null

export function footer(
  telling: Pick<Telling, 'context' | 'delivery' | 'reader' | 'version' | 't'>,
  leave = frame(telling).leave,
): Block {
  const { context, delivery, reader, t } = telling
  const { coordinatorPhone: phone, baseUrl } = context.settings
  return {
    kind: 'small',
    lines: [
      ...(phone ? [t('mails.phone', { phone })] : []),
      t(
        `written.mail.why.${reader.as === 'coordinator' ? 'coordinator' : wasPassed(delivery, reader) ? 'passed' : 'member'}`,
      ),
      ...(leave ? [{ label: t('mails.leave'), href: leaveUrl(context, leave, delivery.address) }] : []),
      ...(reader.as === 'contact' ? [] : [{ label: t('mails.preferences'), href: `${baseUrl}/account` }]),
    ],
  }
}
