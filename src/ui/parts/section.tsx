/** The prose of a page: sections, sentences with figures, facts, notices, and what is shown when there is nothing. */
import type { ComponentChildren } from 'preact'
import type { T } from '../../platform/i18n.ts'
import { classes } from '../html.ts'

export interface SectionProps {
  title: string
  /** Anchor, also the way a tab or a mail can point here. */
  id?: string
  /** One muted sentence under the title. */
  lead?: ComponentChildren
  /** Links or buttons on the title's line. */
  actions?: ComponentChildren
  children?: ComponentChildren
  /** 2 by default; 3 inside another section. */
  level?: 2 | 3
}

export function Section({ title, id, lead, actions, children, level = 2 }: SectionProps) {
  const Heading = level === 2 ? 'h2' : 'h3'
  return (
    <section class="section" id={id}>
      <header class="section-head">
        <Heading>{title}</Heading>
        {actions && <div class="section-actions">{actions}</div>}
      </header>
      {lead && <p class="lead">{lead}</p>}
      {children}
    </section>
  )
}

/** The answer first: a sentence in large type. Put `Figure` inside for numerals that open their rows. */
export function Statement(props: { children: ComponentChildren; tone?: 'calm' | 'urgent' }) {
  return <p class={classes('statement', props.tone === 'urgent' && 'statement-urgent')}>{props.children}</p>
}

/** A big numeral within a sentence; opens what is behind it. */
export function Figure(props: { children: ComponentChildren; href?: string; title?: string }) {
  if (!props.href)
    return (
      <strong class="figure" title={props.title}>
        {props.children}
      </strong>
    )
  return (
    <a class="figure" href={props.href} title={props.title}>
      {props.children}
    </a>
  )
}

export interface Fact {
  label: string
  value: ComponentChildren
  /** A short remark in muted type under the value. */
  note?: ComponentChildren
}

/** A strip of labelled facts under a title. */
export function Facts({ facts }: { facts: (Fact | false | null | undefined)[] }) {
  return (
    <dl class="facts">
      {facts.map(
        (fact) =>
          fact && (
            <div class="fact" key={fact.label}>
              <dt>{fact.label}</dt>
              <dd>
                {fact.value}
                {fact.note && <span class="fact-note">{fact.note}</span>}
              </dd>
            </div>
          ),
      )}
    </dl>
  )
}

/** Characters of a number that a column of `Figures` has room for at full size. */
const longest = 9

/** A large number with its label; the exact definition is one tap away, without script. */
export function Definition(props: {
  t: T
  value: ComponentChildren
  label: string
  definition: ComponentChildren
  href?: string
  /** Comparison with the usual, e.g. "twice the usual Friday". */
  compare?: ComponentChildren
}) {
  const long = typeof props.value === 'string' && props.value.length > longest
  return (
    <div class="definition">
      <p class={long ? 'definition-value definition-value-long' : 'definition-value'}>
        {props.href ? <a href={props.href}>{props.value}</a> : props.value}
      </p>
      <details class="explain">
        <summary>
          {props.label}
          <span class="visually-hidden"> – {props.t('ui.definition')}</span>
        </summary>
        <p>{props.definition}</p>
      </details>
      {props.compare && <p class="definition-compare">{props.compare}</p>}
    </div>
  )
}

/** A row of `Definition`s. */
export function Figures({ children }: { children: ComponentChildren }) {
  return <div class="figures">{children}</div>
}

export type NoticeKind = 'note' | 'done' | 'careful' | 'wrong'

/** A message about what happened or what to mind. `wrong` interrupts a screen reader, the others wait. */
export function Notice(props: {
  kind?: NoticeKind
  title?: string
  children?: ComponentChildren
  actions?: ComponentChildren
}) {
  const kind = props.kind ?? 'note'
  return (
    <div class={`notice notice-${kind}`} role={kind === 'wrong' ? 'alert' : 'status'}>
      {props.title && <p class="notice-title">{props.title}</p>}
      {props.children && <div class="notice-body">{props.children}</div>}
      {props.actions && <div class="notice-actions">{props.actions}</div>}
    </div>
  )
}

/** Nothing to show, said warmly, with what shows that the watching works or what to do next. */
export function EmptyState(props: {
  title: string
  children?: ComponentChildren
  actions?: ComponentChildren
}) {
  return (
    <div class="empty">
      <p class="empty-title">{props.title}</p>
      {props.children && <div class="empty-body">{props.children}</div>}
      {props.actions && <div class="actions">{props.actions}</div>}
    </div>
  )
}

/** What happened, what was kept, what to do. */
export function ErrorState(props: {
  /** Left out where the page's heading says it. */
  title?: string
  kept?: ComponentChildren
  todo?: ComponentChildren
  /** A number to tell the operator. */
  reference?: string
  t: T
}) {
  return (
    <div class="empty empty-wrong" role="alert">
      {props.title && <p class="empty-title">{props.title}</p>}
      {props.kept && <p>{props.kept}</p>}
      {props.todo && <p>{props.todo}</p>}
      {props.reference && (
        <p class="muted">
          {props.t('ui.error.reference')} <code>{props.reference}</code>
        </p>
      )}
    </div>
  )
}

/** What to do, in order. */
export function Steps({ steps }: { steps: ComponentChildren[] }) {
  return (
    <ol class="steps">
      {steps.map((step, index) => (
        <li key={index}>{step}</li>
      ))}
    </ol>
  )
}

/** More on demand, without script. */
export function Details(props: { summary: ComponentChildren; children: ComponentChildren; open?: boolean }) {
  return (
    <details class="details" open={props.open}>
      <summary>{props.summary}</summary>
      <div class="details-body">{props.children}</div>
    </details>
  )
}
