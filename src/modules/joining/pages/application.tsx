/** One application: what was written, what speaks for and against it, what happened, and what its judge may do now. */
import { Chip, Facts, html, Notice, Page, Section, Timeline } from '../../../ui/index.ts'
import { hasRightCheckDigit } from '../../members/index.ts'
import { isOpen } from '../states.ts'
import { Approving } from './approving.tsx'
import { FoundOut } from './findings.tsx'
import { Refusing, Vetting } from './judging.tsx'
import type { ApplicationProps } from './props.ts'
import { kindIn, regionIn } from './words.ts'

export function applicationPage(props: ApplicationProps): string {
  const { frame, one, moves, findings, flash } = props
  const { t, now, zone } = frame
  return html(
    <Page {...frame} lead={t(`joining.kind.${one.kind}.lead`)} flash={flash}>
      <p>
        <Chip>{t(`joining.state.${one.state}`)}</Chip>{' '}
        {one.confirmedAt === null && <Chip>{t('joining.unconfirmed')}</Chip>}
      </p>
      <Facts facts={factsOf(props)} />
      {one.message !== '' && (
        <Section title={t('joining.label.message')} id="message">
          <div class="prose">
            {one.message.split(/\n{2,}/).map((part, index) => (
              <p key={index}>{part}</p>
            ))}
          </div>
        </Section>
      )}
      {one.confirmedAt === null && isOpen(one.state) && (
        <Notice kind="careful" title={t('joining.unconfirmed.title')}>
          <p>{t('joining.unconfirmed.what')}</p>
        </Notice>
      )}
      {findings && <FoundOut frame={frame} one={one} findings={findings} />}
      <Vetting {...props} />
      <Approving {...props} />
      <Refusing {...props} />
      <Section title={t('joining.history')} id="history">
        <Timeline
          t={t}
          now={now}
          zone={zone}
          items={moves.map((move) => ({
            at: move.at,
            title: t(`joining.step.${move.step}`),
            by: move.actor,
            body: move.reason === '' ? undefined : move.reason,
          }))}
        />
      </Section>
    </Page>,
  )
}

function factsOf({ frame: { t }, one, judge }: ApplicationProps) {
  return [
    { label: t('joining.label.applicant'), value: one.name, note: one.position || undefined },
    {
      label: t('joining.label.email'),
      value: <a href={`mailto:${one.email}`}>{one.email}</a>,
      note: t(one.confirmedAt === null ? 'joining.unconfirmed' : 'joining.confirmed'),
    },
    one.phone !== null && { label: t('joining.field.phone'), value: one.phone },
    {
      label: t('joining.field.ico'),
      value: one.ico ?? '–',
      note: one.ico !== null && !hasRightCheckDigit(one.ico) ? t('joining.ico.digit') : undefined,
    },
    { label: t('joining.field.orgKind'), value: kindIn(one.orgKind, t) },
    { label: t('joining.field.region'), value: regionIn(one.nuts3) ?? '–' },
    judge === 'coordinator' &&
      one.org !== null && {
        label: t('joining.field.org'),
        value: <a href={`/members/${one.org}`}>{one.orgName}</a>,
      },
  ]
}
