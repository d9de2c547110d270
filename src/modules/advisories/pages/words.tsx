/** Small marks that all pages of advisories share. */
import type { T } from '../../../platform/i18n.ts'
import { Chip, SeverityBadge, TlpChip } from '../../../ui/index.ts'
import { isEveryVersion, rangeText } from '../../../values/version-range.ts'
import type { Flag } from '../content.ts'
import type { AdvisoryLine } from '../queries.ts'

/** In order: label, exploited, patient safety, what kind it is where that matters. */
export function Marks({ t, line }: { t: T; line: AdvisoryLine }) {
  return (
    <>
      <TlpChip t={t} tlp={line.tlp} /> {line.exploited && <Chip>{t('advisories.exploited')}</Chip>}{' '}
      {line.patientSafety && <Chip>{t('advisories.safety')}</Chip>}{' '}
      {line.kind !== 'csaf' && <Chip>{t(`advisories.kind.${line.kind}`)}</Chip>}{' '}
      {line.state !== 'final' && <Chip>{t(`advisories.state.${line.state}`)}</Chip>}{' '}
      {line.waits && <Chip>{t('advisories.waits.mark')}</Chip>}
    </>
  )
}

export const Severity = ({ t, severity }: { t: T; severity: AdvisoryLine['severity'] }) =>
  severity === null ? (
    <Chip>{t('advisories.severity.none')}</Chip>
  ) : (
    <SeverityBadge t={t} severity={severity} />
  )

export const scoreIn = (t: T, score: number): string =>
  t.number(score, { minimumFractionDigits: 1, maximumFractionDigits: 1 })

export const flagsIn = (t: T, flags: Flag[]): string[] => flags.map((flag) => t(`advisories.flag.${flag}`))

/** Which versions, for people; what was not said stays empty. */
export const versionsIn = (t: T, versions: string): string =>
  isEveryVersion(versions) ? t('advisories.versions.all') : rangeText(versions)

/** A word for each category of remedy and note that has one; anything else as the document says. */
export const categoryIn = (t: T, area: 'remedy' | 'note' | 'threat', category: string): string =>
  t.has(`advisories.${area}.${category}`) ? t(`advisories.${area}.${category}`) : category

/** Text of others with its lines; it is never markup. */
export const Lines = ({ text }: { text: string }) => <p class="said">{text}</p>
