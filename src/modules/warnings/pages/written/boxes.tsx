/** Several of many, chosen by boxes. */
import type { T } from '../../../../platform/i18n.ts'

interface BoxesProps {
  t: T
  name: string
  label: string
  chosen: string[]
  options: { value: string; label: string }[]
  hint?: string
  error?: string
}

/** Several of many: a frame that scrolls, each choice a box. */
export function Boxes({ t, name, label, chosen, options, hint, error }: BoxesProps) {
  return (
    <fieldset class={error ? 'field field-wrong' : 'field'}>
      <legend>{label}</legend>
      {hint && <p class="field-hint">{hint}</p>}
      {error && <p class="field-error">{error}</p>}
      <div class="written-boxes">
        {options.map((option) => (
          <label class="written-box">
            <input type="checkbox" name={name} value={option.value} checked={chosen.includes(option.value)} />{' '}
            {option.label}
          </label>
        ))}
        {options.length === 0 && <p class="muted">{t('written.none')}</p>}
      </div>
    </fieldset>
  )
}
