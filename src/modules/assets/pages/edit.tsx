/** One item by hand: manufacturer and product are completed from what the organisation and the table of dates know. */
import type { Frame } from '../../../platform/frame.ts'
import { Actions, Button, Details, Field, Form, html, Notice, Page } from '../../../ui/index.ts'
import { type AssetField, kinds } from '../asset.ts'
import type { Given } from '../understand.ts'
import { inventoryOf, kindIn } from './words.ts'

export interface Suggestions {
  vendor: string[]
  product: string[]
  runsOn: string[]
  department: string[]
  zone: string[]
  owner: string[]
}

export interface EditProps {
  frame: Frame
  org: number
  /** Of the organisation. */
  name: string
  given: Given
  /** Field to code. */
  errors: Partial<Record<AssetField, string>>
  suggestions: Suggestions
  /** Null: a new one. */
  asset: number | null
}

export function editPage(props: EditProps): string {
  const { frame, org, asset, errors } = props
  const { t } = frame
  const base = inventoryOf(org)
  return html(
    <Page {...frame} organisation={props.name} lead={t('assets.edit.lead')} narrow>
      {Object.keys(errors).length > 0 && <Notice kind="wrong">{t('assets.wrong')}</Notice>}
      <Form action={asset === null ? base : `${base}/${asset}`} csrf={frame.csrf} label={frame.title}>
        <What {...props} />
        <Where {...props} />
        <Details
          summary={t('assets.edit.names')}
          open={errors.cpe !== undefined || errors.purl !== undefined}
        >
          <Text {...props} field="cpe" hint={t('assets.hint.cpe')} mono />
          <Text {...props} field="purl" hint={t('assets.hint.purl')} mono />
        </Details>
        <Field
          label={t('assets.field.note')}
          name="note"
          type="textarea"
          rows={3}
          value={props.given.note}
          error={errorOf(props, 'note')}
        />
        <Actions>
          <Button kind="primary">{t('assets.save')}</Button>
          <Button kind="quiet" href={asset === null ? base : `${base}/${asset}`}>
            {t('assets.cancel')}
          </Button>
        </Actions>
      </Form>
    </Page>,
  )
}

const errorOf = ({ frame: { t }, errors }: EditProps, field: AssetField): string | undefined =>
  errors[field] && t(`assets.error.${errors[field]}`)

function Text(props: EditProps & { field: AssetField; hint?: string; offer?: string[]; mono?: boolean }) {
  const { field } = props
  return (
    <Field
      label={props.frame.t(`assets.field.${field}`)}
      name={field}
      value={props.given[field]}
      error={errorOf(props, field)}
      hint={props.hint}
      suggestions={props.offer}
      mono={props.mono}
      required={field === 'product'}
      autocomplete="off"
    />
  )
}

function What(props: EditProps) {
  const { frame, given, suggestions } = props
  const { t } = frame
  return (
    <>
      <Field
        label={t('assets.field.kind')}
        name="kind"
        type="select"
        value={given.kind}
        error={errorOf(props, 'kind')}
        options={kinds.map((value) => ({ value, label: kindIn(value, t) }))}
      />
      <Text {...props} field="vendor" offer={suggestions.vendor} />
      <Text {...props} field="product" offer={suggestions.product} />
      <Text {...props} field="version" hint={t('assets.hint.version')} />
      <Text {...props} field="runsOn" offer={suggestions.runsOn} hint={t('assets.hint.runsOn')} />
      <Field
        label={t('assets.field.quantity')}
        name="quantity"
        inputmode="numeric"
        value={given.quantity}
        hint={t('assets.hint.quantity')}
        error={errorOf(props, 'quantity')}
      />
      <Field
        label={t('assets.field.serials')}
        name="serials"
        type="textarea"
        rows={2}
        mono
        value={given.serials}
        hint={t('assets.hint.serials')}
        error={errorOf(props, 'serials')}
      />
    </>
  )
}

function Where(props: EditProps) {
  const { frame, given, suggestions } = props
  const { t } = frame
  return (
    <>
      <Text {...props} field="department" offer={suggestions.department} />
      <Text {...props} field="zone" offer={suggestions.zone} hint={t('assets.hint.zone')} />
      <Field
        label={t('assets.field.segmented')}
        name="segmented"
        type="select"
        value={given.segmented}
        hint={t('assets.hint.segmented')}
        options={[
          { value: '', label: t('assets.segmented.unknown') },
          { value: 'yes', label: t('assets.segmented.yes') },
          { value: 'no', label: t('assets.segmented.no') },
        ]}
        error={errorOf(props, 'segmented')}
      />
      <Text {...props} field="owner" offer={suggestions.owner} hint={t('assets.hint.owner')} />
      <Field
        label={t('assets.field.patientSafety')}
        name="patientSafety"
        type="checkbox"
        value="yes"
        checked={given.patientSafety === 'yes'}
        hint={t('assets.hint.patientSafety')}
      />
      <Field
        label={t('assets.field.supportEndsOn')}
        name="supportEndsOn"
        type="date"
        value={given.supportEndsOn}
        hint={t('assets.hint.supportEndsOn')}
        error={errorOf(props, 'supportEndsOn')}
      />
    </>
  )
}
