/** What whoever confirms or saves has seen: a revision of all that a version says and to whom, carried by the form. */
import type { Queryable } from '../../../platform/database.ts'
import { refuseChanged } from '../../../platform/errors.ts'
import { type Fields, revisionOf } from '../../../platform/revision.ts'
import { indicatorsOf, type Kept } from './indicators/keep.ts'
import { parts, type Version, type Written } from './types.ts'

/** What the editor holds; by the names of its fields. */
const written = (version: Version): Fields => ({
  ...{ kind: version.kind, severity: version.severity, tlp: version.tlp, audience: version.audience },
  ...{ orgs: version.orgs, group: version.group, named: version.named },
  ...Object.fromEntries(
    (['cs', 'en'] as const).flatMap((lang) =>
      parts.map((part) => [`texts.${lang}.${part}`, version.texts[lang][part]]),
    ),
  ),
  translated: version.translation,
  ...Object.fromEntries(Object.entries(version.rules).map(([name, value]) => [`rules.${name}`, value])),
  ...{ actionBy: version.actionBy, validUntil: version.validUntil, refs: version.refs },
  ...{ changeNote: version.changeNote, substantive: version.substantive },
})

/** Of the texts and whom they are for: what saving the editor would overwrite. */
export const draftShown = (version: Version): Fields => ({ version: version.no, ...written(version) })

/** Of what machines would get: what choosing would overwrite. */
export const choiceShown = (version: Pick<Version, 'no'>, indicators: Kept[]): Fields => ({
  version: version.no,
  indicators: indicators.map(({ kind, value }) => [kind, value]),
})

/** Of all that goes out when it is published. */
export const versionShown = (version: Version, indicators: Kept[]): Fields => ({
  ...draftShown(version),
  ...choiceShown(version, indicators),
  advisory: version.advisory,
})

type Revoking = Pick<Written, 'revokeAskedBy' | 'revokeReason'>

/** Of a published version and of what is asked of it. */
export const revocationShown = (warning: Revoking, version: Version): Fields => ({
  ...draftShown(version),
  reason: warning.revokeAskedBy === null ? null : [warning.revokeAskedBy, warning.revokeReason],
})

export const draftRevision = (version: Version): string => revisionOf(draftShown(version))
export const choiceRevision = (version: Pick<Version, 'no'>, indicators: Kept[]): string =>
  revisionOf(choiceShown(version, indicators))
export const versionRevision = (version: Version, indicators: Kept[]): string =>
  revisionOf(versionShown(version, indicators))
export const revocationRevision = (warning: Revoking, version: Version): string =>
  revisionOf(revocationShown(warning, version))

/** The same of all that a version holds. */
export async function refuseChangedVersion(
  tx: Queryable,
  seen: string | undefined,
  version: Version,
): Promise<void> {
  if (seen !== undefined)
    refuseChanged(seen, versionRevision(version, await indicatorsOf(tx, version.warning, version.no)))
}
