/** One record of the register: since when, until when, from which claim; its end, and a part of it let to another. */
import type { Frame } from '../../../platform/frame.ts'
import { Button, Chip, Facts, Field, Form, html, Page, Section } from '../../../ui/index.ts'
import type { HeldLine } from '../claims/queries.ts'
import { dayIn, lastDay, Value } from './address-words.tsx'

export interface HeldProps {
  frame: Frame
  held: HeldLine
  /** Ends it: its organisation's, who let it, a coordinator. */
  mayEnd: boolean
  /** Lets a part of it. */
  mayDelegate: boolean
  errors?: Record<string, string>
  given?: Record<string, string>
}

export function heldPage(props: HeldProps): string {
  const { frame, held } = props
  const { t, now } = frame
  const isOver = held.to !== null && held.to <= now
  return html(
    <Page {...frame} organisation={held.organisation ?? undefined}>
      <Facts
        facts={[
          { label: t(`addresses.kind.${held.kind}`), value: <Value t={t} {...held} /> },
          { label: t('addresses.organisation'), value: held.organisation ?? '–' },
          {
            label: t('addresses.state'),
            value: (
              <Chip yours={!isOver}>{t(isOver ? 'addresses.state.ended' : 'addresses.state.proved')}</Chip>
            ),
          },
          {
            label: t('addresses.from'),
            value: held.from === null ? t('addresses.ever') : dayIn(held.from, frame),
          },
          {
            label: t('addresses.to'),
            value: held.to === null ? t('addresses.noEnd') : lastDay(held.to, frame),
          },
          {
            label: t('addresses.origin'),
            value:
              held.claim === null ? (
                t('addresses.origin.import')
              ) : (
                <a href={`/addresses/claims/${held.claim}`}>{t('addresses.origin.claim')}</a>
              ),
          },
        ]}
      />
      {!isOver && props.mayDelegate && <Delegate {...props} />}
      {!isOver && props.mayEnd && <End {...props} />}
      <p>
        <a href="/addresses">{t('addresses.back')}</a>
      </p>
    </Page>,
  )
}

function Delegate({ frame: { t, csrf }, held, errors = {}, given = {} }: HeldProps) {
  return (
    <Section title={t('addresses.delegate')} id="delegate" lead={t('addresses.delegate.lead')}>
      <Form action={`/addresses/held/${held.held}/parts`} csrf={csrf} label={t('addresses.delegate')}>
        <Field
          label={t('addresses.delegate.value')}
          name="value"
          mono
          required
          maxlength={100}
          value={given.value}
          hint={t('addresses.delegate.value.hint', { value: held.value })}
          error={errors.value}
        />
        <Field
          label={t('addresses.delegate.to')}
          name="to"
          required
          maxlength={200}
          value={given.to}
          hint={t('addresses.delegate.to.hint')}
          error={errors.to}
        />
        <Field
          label={t('addresses.to')}
          name="until"
          type="date"
          required
          value={given.until}
          error={errors.until}
        />
        <Field
          label={t('addresses.delegate.shown')}
          name="shown"
          type="checkbox"
          value="1"
          checked={given.shown === '1'}
        />
        <Field
          label={t('addresses.note')}
          name="note"
          maxlength={1_000}
          value={given.note}
          error={errors.note}
        />
        <Button kind="primary">{t('addresses.delegate.do')}</Button>
      </Form>
    </Section>
  )
}

function End({ frame: { t, csrf }, held, errors = {}, given = {} }: HeldProps) {
  return (
    <Section title={t('addresses.end')} id="end" lead={t('addresses.end.lead')}>
      <Form action={`/addresses/held/${held.held}/end`} csrf={csrf} label={t('addresses.end')}>
        <Field
          label={t('addresses.reason')}
          name="reason"
          required
          maxlength={1_000}
          value={given.reason}
          error={errors.reason}
        />
        <Button kind="danger" consequence={t('addresses.end.what')}>
          {t('addresses.end.do')}
        </Button>
      </Form>
    </Section>
  )
}
