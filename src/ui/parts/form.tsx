/** Forms work without script: POST to the noun, 422 with the same form and its errors otherwise. */
import { type ComponentChildren, h } from 'preact'
import { useId } from 'preact/hooks'
import type { T } from '../../platform/i18n.ts'
import { classes } from '../html.ts'

export interface FormProps {
  action: string
  /** `post` by default. */
  method?: 'get' | 'post'
  /** The session's token; needed for every POST of a signed-in person. */
  csrf?: string
  children: ComponentChildren
  class?: string
  /** Values sent along. */
  hidden?: Record<string, string | number | undefined>
  label?: string
  enctype?: 'multipart/form-data'
  /** Plain browser navigation: for downloads and sign-out. */
  noTurbo?: boolean
}

export function Form(props: FormProps) {
  const hidden = Object.entries({ _csrf: props.csrf, ...props.hidden })
  return (
    <form
      action={props.action}
      method={props.method ?? 'post'}
      class={classes('form', props.class)}
      aria-label={props.label}
      encType={props.enctype}
      data-turbo={props.noTurbo ? 'false' : undefined}
    >
      {hidden.map(
        ([name, value]) => value !== undefined && <input type="hidden" name={name} value={value} />,
      )}
      {props.children}
    </form>
  )
}

export type FieldType =
  | ('text' | 'email' | 'password' | 'search' | 'tel' | 'url' | 'number')
  | ('date' | 'time' | 'datetime-local' | 'file')
  | ('textarea' | 'select' | 'checkbox')

export interface FieldProps {
  label: string
  name: string
  type?: FieldType
  value?: string | number
  checked?: boolean
  hint?: ComponentChildren
  /** Says what is wrong and how to put it right. */
  error?: string
  required?: boolean
  autocomplete?: string
  inputmode?: 'numeric' | 'email' | 'search' | 'tel' | 'url' | 'decimal' | 'text'
  options?: { value: string; label: string }[]
  placeholder?: string
  min?: string | number
  max?: string | number
  step?: string | number
  rows?: number
  maxlength?: number
  /** Unit after the field, e.g. "min". */
  unit?: string
  autofocus?: boolean
  disabled?: boolean
  /** Addresses, hashes, code. */
  mono?: boolean
  /** Label only for screen readers, in a filter bar. */
  labelHidden?: boolean
  /** Offered while typing; anything else may be typed too. */
  suggestions?: string[]
}

/** A labelled field with hint and error wired for assistive technology. */
export function Field(props: FieldProps) {
  const id = `${useId()}-${props.name}`
  const described = [props.hint && `${id}-hint`, props.error && `${id}-error`].filter(Boolean).join(' ')
  const common = {
    id,
    name: props.name,
    required: props.required,
    disabled: props.disabled,
    'aria-describedby': described || undefined,
    'aria-invalid': props.error ? ('true' as const) : undefined,
  }
  const label = (
    <label for={id} class={props.labelHidden ? 'visually-hidden' : undefined}>
      {props.label}
    </label>
  )
  const notes = (
    <>
      {props.hint && (
        <p class="field-hint" id={`${id}-hint`}>
          {props.hint}
        </p>
      )}
      {props.error && (
        <p class="field-error" id={`${id}-error`}>
          {props.error}
        </p>
      )}
    </>
  )
  if (props.type === 'checkbox')
    return (
      <div class="field field-check">
        <input type="checkbox" {...common} value={props.value ?? '1'} checked={props.checked} />
        {label}
        {notes}
      </div>
    )
  return (
    <div class={classes('field', props.error && 'field-wrong')}>
      {label}
      <span class="field-control">
        <Control {...props} common={common} />
        {props.unit && <span class="field-unit">{props.unit}</span>}
      </span>
      {notes}
    </div>
  )
}

function Control({ common, ...props }: FieldProps & { common: Record<string, unknown> }) {
  const look = props.mono ? 'mono' : undefined
  if (props.type === 'textarea')
    return (
      <textarea
        {...common}
        class={look}
        rows={props.rows ?? 4}
        maxLength={props.maxlength}
        placeholder={props.placeholder}
      >
        {props.value}
      </textarea>
    )
  if (props.type === 'select')
    return (
      <select {...common} class={look}>
        {(props.options ?? []).map((option) => (
          <option
            key={option.value}
            value={option.value}
            selected={String(props.value ?? '') === option.value}
          >
            {option.label}
          </option>
        ))}
      </select>
    )
  // Not JSX: its types tie `type` to `role` and cannot be given a type that is only known when it runs.
  const input = h('input', {
    ...common,
    list: props.suggestions ? `${common.id}-list` : undefined,
    class: look,
    type: props.type ?? 'text',
    value: props.value,
    autocomplete: props.autocomplete,
    inputMode: props.inputmode,
    placeholder: props.placeholder,
    min: props.min,
    max: props.max,
    step: props.step,
    maxLength: props.maxlength,
    autofocus: props.autofocus,
  })
  if (!props.suggestions) return input
  return (
    <>
      {input}
      <datalist id={`${common.id}-list`}>
        {props.suggestions.map((value) => (
          <option key={value} value={value} />
        ))}
      </datalist>
    </>
  )
}

export interface ButtonProps {
  /** What it does: "Mark as done". */
  children: ComponentChildren
  kind?: 'primary' | 'plain' | 'quiet' | 'danger'
  name?: string
  value?: string
  /** Makes it a link that looks like a button. */
  href?: string
  type?: 'submit' | 'button' | 'reset'
  /** Disables the button and says why, beside it. */
  disabledReason?: string
  /** What `href` answers is no page: the browser asks for it itself. */
  download?: boolean
  /** The chosen one of a set. */
  pressed?: boolean
  formaction?: string
  /** Names the consequence of a dangerous button, beside it. */
  consequence?: string
}

export function Button(props: ButtonProps) {
  const id = useId()
  const look = classes('button', `button-${props.kind ?? 'plain'}`, props.pressed && 'button-pressed')
  const note = props.disabledReason ?? props.consequence
  if (props.href && !props.disabledReason)
    return (
      <a class={look} href={props.href} data-turbo={props.download ? 'false' : undefined}>
        {props.children}
      </a>
    )
  const button = (
    <button
      class={look}
      type={props.type ?? 'submit'}
      name={props.name}
      value={props.value}
      formAction={props.formaction}
      disabled={props.disabledReason !== undefined}
      aria-describedby={note ? id : undefined}
      aria-pressed={props.pressed}
    >
      {props.children}
    </button>
  )
  if (!note) return button
  return (
    <span class="button-with-note">
      {button}
      <span class="button-note" id={id}>
        {note}
      </span>
    </span>
  )
}

/** A line of buttons. */
export function Actions({ children }: { children: ComponentChildren }) {
  return <div class="actions">{children}</div>
}

/** The answer buttons of one thing; on a phone it stays at the bottom of the screen. */
export function AnswerBar({ children, label }: { children: ComponentChildren; label?: string }) {
  return (
    <section class="answer-bar" aria-label={label}>
      {children}
    </section>
  )
}

/** A GET form whose state lives in the URL; with script it applies as one types. */
export function FilterBar(props: {
  t: T
  action: string
  children: ComponentChildren
  /** Shown when a filter is set. */
  reset?: string
  hidden?: FormProps['hidden']
}) {
  return (
    <Form
      action={props.action}
      method="get"
      class="filters"
      hidden={props.hidden}
      label={props.t('ui.filter.label')}
    >
      {props.children}
      <div class="filters-actions">
        <Button>{props.t('ui.filter.apply')}</Button>
        {props.reset && <a href={props.reset}>{props.t('ui.filter.reset')}</a>}
      </div>
    </Form>
  )
}
