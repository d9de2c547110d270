/** The rules of a warning: who of the audience is asked to answer. */
import type { T } from '../../../../platform/i18n.ts'
import { Field, Section } from '../../../../ui/index.ts'
import { Boxes } from './boxes.tsx'
import type { EditorProps } from './editor-props.ts'
import type { Typed } from './form.ts'
import { orgKind, said } from './words.tsx'

export function Asked({ frame: { t }, typed, choices, errors }: EditorProps) {
  return (
    <Section title={t('written.edit.asked')} lead={t('written.edit.asked.lead')}>
      <Field label={t('written.field.all')} name="all" type="checkbox" checked={typed.all} />
      <div class="written-columns">
        <Field
          label={t('written.field.prefixes')}
          name="prefixes"
          type="textarea"
          rows={4}
          mono
          value={typed.prefixes}
          error={said(t, errors, 'rules.prefixes')}
          hint={t('written.hint.prefixes')}
        />
        <Field
          label={t('written.field.domains')}
          name="domains"
          type="textarea"
          rows={4}
          mono
          value={typed.domains}
          error={said(t, errors, 'rules.domains')}
          hint={t('written.hint.domains')}
        />
      </div>
      <Field
        label={t('written.field.products')}
        name="products"
        type="textarea"
        rows={5}
        value={typed.products}
        error={said(t, errors, 'rules.products')}
        hint={t('written.hint.products')}
      />
      <Adding t={t} adding={typed.adding} choices={choices} />
      <div class="written-columns">
        <Boxes
          t={t}
          name="kinds"
          label={t('written.field.kinds')}
          chosen={typed.kinds}
          options={choices.kinds.map((value) => ({ value, label: orgKind(value, t) }))}
        />
        <Boxes
          t={t}
          name="regions"
          label={t('written.field.regions')}
          chosen={typed.regions}
          options={choices.regions.map((value) => ({ value, label: value }))}
        />
      </div>
    </Section>
  )
}

/** One more of the list above, with the names that advisories and the book of makers know. */
function Adding({ t, adding, choices }: { t: T } & Pick<EditorProps, 'choices'> & Pick<Typed, 'adding'>) {
  return (
    <div class="written-columns">
      <Field
        label={t('written.field.addVendor')}
        name="addVendor"
        value={adding.vendor}
        suggestions={choices.vendors}
      />
      <Field
        label={t('written.field.addProduct')}
        name="addProduct"
        value={adding.product}
        suggestions={choices.products}
      />
      <Field label={t('written.field.addVersions')} name="addVersions" value={adding.versions} />
    </div>
  )
}
