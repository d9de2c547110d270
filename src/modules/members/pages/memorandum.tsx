import { monthTitle } from '../../../platform/dates.ts'
import type { Frame } from '../../../platform/frame.ts'
import {
  Actions,
  Button,
  Definition,
  EmptyState,
  Figures,
  type Flash,
  html,
  Page,
  Section,
} from '../../../ui/index.ts'
import type { Sets, VersionLine } from '../memorandum.ts'
import type { SignatureLine } from '../signatures.ts'
import { SignatureTable } from './signature-table.tsx'

export interface MemorandumProps {
  frame: Frame
  isCoordinator: boolean
  sets: Sets
  versions: (VersionLine & { signatures: SignatureLine[] })[]
  flash?: Flash
}

/** Two sets, then each version with who signed it, the newest first. */
export function memorandumPage(props: MemorandumProps): string {
  const { frame, isCoordinator, sets, versions } = props
  const { t } = frame
  return html(
    <Page {...frame} lead={t('memorandum.lead')} flash={props.flash}>
      <Figures>
        <Definition
          t={t}
          value={t.number(sets.involved)}
          label={t('memorandum.involved', { n: sets.involved })}
          definition={t('memorandum.involved.what')}
          href={isCoordinator ? '/members' : undefined}
        />
        <Definition
          t={t}
          value={t.number(sets.signed)}
          label={t('memorandum.signed', { n: sets.signed })}
          definition={t('memorandum.signed.what')}
        />
      </Figures>
      {isCoordinator && (
        <Actions>
          <Button href="/memorandum/new">{t('memorandum.new')}</Button>
          <Button href="/signature-lists">{t('lists.title')}</Button>
        </Actions>
      )}
      {versions.length === 0 && (
        <EmptyState title={t('memorandum.none')}>
          <p>{t(isCoordinator ? 'memorandum.none.how' : 'memorandum.none.wait')}</p>
        </EmptyState>
      )}
      {versions.map((one) => (
        <Section
          key={one.number}
          title={t('memorandum.version.title', { n: one.number, title: one.title })}
          lead={`${monthTitle(one.month, t)}, ${t(`members.member.language.${one.language}`)}`}
          actions={<a href={`/memorandum/${one.number}`}>{t('memorandum.read')}</a>}
        >
          <SignatureTable frame={frame} signatures={one.signatures} isCoordinator={isCoordinator} />
        </Section>
      ))}
    </Page>,
  )
}
