/** The steps of the calls to come. */
import type { Frame } from '../../../platform/frame.ts'
import { Actions, Button, Field, type Flash, Form, html, Notice, Page, Section } from '../../../ui/index.ts'
import { type Policy, policyChannels, type Step, type Target, targetRoles } from '../../duty/index.ts'
import { Boxes } from '../../warnings/pages.ts'

interface PolicyProps {
  frame: Frame
  policy: Policy
  wrong: boolean
  flash?: Flash | undefined
}

/** The steps before the one that hands over to a coordinator. */
export const ownSteps = 3

export const wordOf = (target: Target): string =>
  target === 'coordinator' ? target : 'role' in target ? target.role : 'other'

export function policyPage({ frame, policy, wrong, flash }: PolicyProps): string {
  const { t } = frame
  const last = policy.steps.find((step) => step.targets.includes('coordinator'))
  return html(
    <Page {...frame} lead={t('rollcalls.policy.lead')} flash={flash}>
      {wrong && <Notice kind="wrong" title={t('rollcalls.policy.wrong')} />}
      <p class="muted">{t('rollcalls.policy.version', { n: policy.version })}</p>
      <Form action="/rollcalls/policy" csrf={frame.csrf} label={frame.title} class="written-form">
        {Array.from({ length: ownSteps }, (_, i) => (
          <One frame={frame} no={i + 1} step={policy.steps[i]} />
        ))}
        <Section title={t('rollcalls.policy.last')} lead={t('rollcalls.policy.last.what')}>
          <Field
            label={t('rollcalls.policy.after')}
            name="delay_4"
            type="number"
            min={0}
            max={9000}
            value={last?.delayMin ?? 30}
            unit="min"
          />
        </Section>
        <Actions>
          <Button kind="primary">{t('rollcalls.policy.save')}</Button>
        </Actions>
      </Form>
    </Page>,
  )
}

function One({ frame: { t }, no, step }: { frame: Frame; no: number; step: Step | undefined }) {
  return (
    <Section title={t('rollcalls.policy.step', { n: no })}>
      <div class="written-columns">
        <Field
          label={t('rollcalls.policy.after')}
          name={`delay_${no}`}
          type="number"
          min={0}
          max={9000}
          value={step?.delayMin ?? 0}
          unit="min"
        />
        <Boxes
          t={t}
          name={`targets_${no}`}
          label={t('rollcalls.policy.whom')}
          chosen={(step?.targets ?? []).map(wordOf)}
          options={targetRoles.map((value) => ({ value, label: t(`ui.role.${value}`) }))}
        />
        <Boxes
          t={t}
          name={`ways_${no}`}
          label={t('rollcalls.policy.ways')}
          chosen={step?.channels ?? []}
          options={policyChannels.map((value) => ({ value, label: t(`rollcalls.way.${value}`) }))}
        />
      </div>
    </Section>
  )
}
