/** What the clocks do about who has not answered: what comes next, what was done, and the coordinators' call list. */
import { exact, short } from '../../../../platform/dates.ts'
import type { T } from '../../../../platform/i18n.ts'
import { Actions, Button, Details, Field, Form, type PageProps, Section, Time } from '../../../../ui/index.ts'
import type { Line } from '../../written/board-read.ts'
import type { Made } from '../../written/calls.ts'
import { lists } from '../../written/clocks.ts'
import type { Written } from '../../written/types.ts'

interface CallsProps {
  frame: PageProps & { zone: string }
  warning: Written
  lines: Line[]
  made: Made[]
  errors: Record<string, string> | undefined
}

/** Nothing where nobody is to be called. */
export function CallList({ frame, warning, lines, made, errors }: CallsProps) {
  const { t, now, zone, csrf } = frame
  const listed = lines.flatMap((line) => (line.listed ? [{ ...line, listed: line.listed }] : []))
  if (listed.length === 0) return null
  return (
    <Section title={t('written.calls', { n: listed.length })} id="calls" lead={t('written.calls.lead')}>
      <ul class="bullets">
        {listed.map((line) => (
          <li key={line.org}>
            <strong>{line.name}</strong>{' '}
            {line.phone !== null && <a href={`tel:${line.phone.replaceAll(' ', '')}`}>{line.phone}</a>} ·{' '}
            {t(`written.calls.why.${line.listed.why}`)} · {t('home.from')}{' '}
            <Time t={t} at={line.listed.since} now={now} zone={zone} as="short" />
            {made
              .filter((one) => one.org === line.org && one.kind === 'call')
              .map((one) => (
                <div class="muted">
                  {t('written.calls.made', { who: one.person ?? '–', when: exact(one.at, t, zone) })}{' '}
                  {one.note}
                </div>
              ))}
          </li>
        ))}
      </ul>
      <Details summary={t('written.calls.note')} open={errors?.callNote !== undefined}>
        <Form action={`/warnings/written/${warning.id}/calls`} csrf={csrf} label={t('written.calls.note')}>
          <Field
            label={t('warnings.org')}
            name="org"
            type="select"
            options={listed.map((line) => ({ value: String(line.org), label: line.name }))}
          />
          <Field
            label={t('written.calls.said')}
            name="said"
            type="textarea"
            rows={2}
            maxlength={1000}
            required
            error={errors?.callNote && t(`written.answerError.${errors.callNote}`)}
          />
          <Actions>
            <Button>{t('written.calls.do')}</Button>
          </Actions>
        </Form>
      </Details>
    </Section>
  )
}

/** Who is told next and when, as long as nothing changes. */
export function NextCell({ t, line, now, zone }: { t: T; line: Line; now: number; zone: string }) {
  if (!line.next) return <>–</>
  return (
    <>
      {t(`written.step.${line.next.clock}.${line.next.list ?? 'told'}`, {
        whom: whomOf(line, t),
        when: short(line.next.at, now, t, zone),
      })}
    </>
  )
}

const whomOf = ({ next }: Line, t: T): string =>
  next === null || next.to === null || next.to === 'security'
    ? t('written.step.security')
    : next.to.map((role) => t(`ui.role.${role}`)).join(', ')

/** What was done, in a line each. */
export function MadeCell({ t, made, zone }: { t: T; made: Made[]; zone: string }) {
  return (
    <>
      {made.map((one) => (
        <div>
          {exact(one.at, t, zone)}: {madeWords(one, t)}
        </div>
      ))}
    </>
  )
}

function madeWords({ kind, step, told }: Made, t: T): string {
  if (kind === 'call') return t('written.made.call')
  const words = [
    ...(told > 0 ? [t(`written.made.${kind}`, { n: told })] : []),
    ...(lists(kind, step ?? 0) ? [t('written.made.listed')] : []),
  ]
  return words.length > 0 ? words.join(', ') : t('written.made.nobody')
}
