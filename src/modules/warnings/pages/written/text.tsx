/** The text of a version as its readers see it. */
import { dayShort } from '../../../../platform/dates.ts'
import type { T } from '../../../../platform/i18n.ts'
import { Notice, Section } from '../../../../ui/index.ts'
import type { Version } from '../../written/types.ts'
import { saidIn } from '../../written/words.ts'
import { Prose } from './words.tsx'

export function Text({ t, version }: { t: T; version: Version }) {
  const said = saidIn(version, t.lang)
  return (
    <>
      {said.lag && (
        <Notice kind="note">
          <p>{t(`written.lag.${said.lag}`)}</p>
        </Notice>
      )}
      {(['happened', 'concerns', 'todo'] as const).map((part) => (
        <Section title={t(`written.part.${part}`)}>
          <Prose text={said[part]} lang={said.lang} />
          {part === 'todo' && version.actionBy && (
            <p>
              <strong>{t('written.by', { day: dayShort(version.actionBy, t, true) })}</strong>
            </p>
          )}
        </Section>
      ))}
      {version.refs !== '' && (
        <Section title={t('written.refs')}>
          <Prose text={version.refs} lang={said.lang} />
        </Section>
      )}
    </>
  )
}
