/** The three blocks of a warning: what happened, what to do in 15 minutes, what to do today. */
import type { T } from '../../../platform/i18n.ts'
import { Code, CodeBlock, Section, Steps } from '../../../ui/index.ts'
import type { Advice, Step } from '../../events/index.ts'
import type { WarningDetail } from '../types.ts'
import { sourceHref } from './links.ts'
import { kindOf } from './words.ts'

const shown = 5

export function Happened({ t, warning, advice }: { t: T; warning: WarningDetail; advice: Advice }) {
  const { explanation } = warning
  const { hosts, sources, ports, verdicts } = explanation
  return (
    <Section title={t('warnings.happened')} id="happened">
      <p>{advice.happened}</p>
      <p>
        <strong>{advice.outcome}</strong>
        {verdicts && (verdicts.dropped > 0 || verdicts.passed > 0) && (
          <>
            {' '}
            <span class="muted">
              {t('warnings.verdicts', {
                dropped: verdicts.dropped,
                passed: verdicts.passed + verdicts.partial,
                unknown: verdicts.unknown,
              })}
            </span>
          </>
        )}
      </p>
      <dl class="who">
        {hosts.length > 0 && <Addresses t={t} label={t('warnings.hosts')} texts={hosts} />}
        {sources.length > 0 && <Addresses t={t} label={t('warnings.sources')} texts={sources} />}
        {ports.length > 0 && (
          <div>
            <dt>{t('warnings.ports')}</dt>
            <dd>{ports.slice(0, 20).join(', ')}</dd>
          </div>
        )}
        {explanation.cls && (
          <div>
            <dt>{t('warnings.kind')}</dt>
            <dd>{kindOf(explanation.cls, t.lang)}</dd>
          </div>
        )}
      </dl>
    </Section>
  )
}

function Addresses({ t, label, texts }: { t: T; label: string; texts: string[] }) {
  const rest = texts.slice(shown)
  return (
    <div>
      <dt>{label}</dt>
      <dd>
        {texts.slice(0, shown).map((text) => (
          <p key={text}>
            <Code t={t} text={text} href={sourceHref(text)} copy />
          </p>
        ))}
        {rest.length > 0 && (
          <details class="details">
            <summary>{t('warnings.andMore', { n: rest.length })}</summary>
            {rest.map((text) => (
              <p key={text}>
                <Code t={t} text={text} href={sourceHref(text)} copy />
              </p>
            ))}
          </details>
        )}
      </dd>
    </div>
  )
}

export function ActNow({ t, advice }: { t: T; advice: Advice }) {
  return (
    <Section title={t('warnings.quick')} id="quick">
      <Steps steps={advice.quick.map((step) => stepOf(step, t))} />
    </Section>
  )
}

export function ActToday({ t, advice }: { t: T; advice: Advice }) {
  return (
    <Section title={t('warnings.today')} id="today">
      <Steps steps={advice.today.map((step) => stepOf(step, t))} />
    </Section>
  )
}

function stepOf(step: Step, t: T) {
  return (
    <>
      <p>{step.text}</p>
      {step.windows && <CodeBlock t={t} label="PowerShell" text={step.windows} />}
      {step.linux && <CodeBlock t={t} label={t('warnings.linux')} text={step.linux} />}
    </>
  )
}
