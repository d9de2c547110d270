/** Words and small parts that the pages of written warnings share. */
import type { T } from '../../../../platform/i18n.ts'
import { Chip, SeverityBadge, TlpChip } from '../../../../ui/index.ts'
import { kindWords } from '../../../members/index.ts'
import type { Reason } from '../../written/exposure.ts'
import type { OwnersWord, Version, Written } from '../../written/types.ts'
import { nameOf } from '../both-cells.tsx'

export const orgKind = (kind: string, t: T): string =>
  (kindWords as Record<string, { cs: string; en: string }>)[kind]?.[t.lang] ?? kind

/** Why a warning concerns an organisation, in a sentence part. */
export function reasonWords(reason: Reason, t: T): string {
  switch (reason.why) {
    case 'all':
      return t('written.why.all')
    case 'network':
    case 'domain':
      return t(`written.why.${reason.why}`, { own: reason.own })
    case 'kind':
      return t('written.why.kind', { own: orgKind(reason.own, t) })
    case 'region':
      return t('written.why.region', { own: reason.own })
  }
}

/** What coordinators are told of those who run what the warning names; null: nobody looked yet. */
export function ownersWords(owners: OwnersWord | null, t: T): string {
  if (owners === null || owners === 'nobody' || owners === 'few')
    return t(`written.owners.${owners ?? 'waiting'}`)
  return t('written.owners.band', { band: owners })
}

/** The state as readers know it: what is over is over before the program gets round to saying so. */
export const stateNow = (warning: Pick<Written, 'state' | 'endsAt'>, now: number): Written['state'] =>
  warning.state === 'published' && warning.endsAt !== null && warning.endsAt <= now
    ? 'expired'
    : warning.state

/** Severity, label, number and version, and the state where it is not simply out. */
export function Marks({
  t,
  warning,
  version,
  now,
}: {
  t: T
  warning: Written
  version: Version
  now: number
}) {
  const state = stateNow(warning, now)
  return (
    <p class="warning-marks">
      <SeverityBadge t={t} severity={nameOf(version.severity)} /> <TlpChip t={t} tlp={version.tlp} />{' '}
      {warning.number && (
        <span class="muted">
          {warning.number} v{version.no}
        </span>
      )}{' '}
      {state !== 'published' && <Chip>{t(`written.state.${state}`)}</Chip>}
    </p>
  )
}

/** A text as it was typed: empty lines part paragraphs. */
export function Prose({ text, lang }: { text: string; lang: 'cs' | 'en' }) {
  return (
    <div lang={lang}>
      {text
        .split(/\n{2,}/)
        .filter((one) => one.trim() !== '')
        .map((one) => (
          <p class="written-text">{one}</p>
        ))}
    </div>
  )
}

/** What is wrong with a field, by its code. */
export const said = (t: T, errors: Record<string, string>, field: string): string | undefined =>
  errors[field] && t(`written.error.${errors[field]}`)
