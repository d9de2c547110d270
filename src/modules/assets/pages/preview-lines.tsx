/** Lines of a file that nobody has to decide, and the choice that each line offers. */
import type { Frame } from '../../../platform/frame.ts'
import type { T } from '../../../platform/i18n.ts'
import { Details, Field, Table } from '../../../ui/index.ts'
import type { AssetField } from '../asset.ts'
import type { KindOfLine, Proposed } from '../import/plan.ts'
import { fieldIn, kindIn } from './words.ts'

/** Questions of one page, so that a form stays within its limits; and how many plain lines are listed. */
export const questionsPerPage = 100
export const mostPlain = 200

interface Whose {
  frame: Frame
  proposed: Proposed[]
  mayKeep: boolean
}

/** Lines that need nobody's word. A new one may be left out; past a hundred by taking its line out of the file. */
export function Plain(props: Whose & { kind: KindOfLine }) {
  const { frame, proposed, kind, mayKeep } = props
  const { t } = frame
  const of = proposed.filter((one) => one.kind === kind)
  if (of.length === 0) return null
  const chosen = kind === 'new' && mayKeep ? of.slice(0, questionsPerPage) : []
  const listed = of.slice(chosen.length, chosen.length + mostPlain)
  return (
    <Details summary={t(`assets.preview.${kind}`, { n: of.length })} open={kind === 'new' && of.length <= 20}>
      {chosen.length > 0 && <NewLines frame={frame} of={chosen} />}
      <ul class="bullets">
        {listed.map((one) => (
          <li key={one.line.line}>
            {one.line.what} <LineFacts frame={frame} one={one} />
          </li>
        ))}
      </ul>
      {of.length > chosen.length + listed.length && (
        <p>{t('assets.out.more', { n: of.length - chosen.length - listed.length })}</p>
      )}
    </Details>
  )
}

function LineFacts({ frame: { t }, one }: { frame: Frame; one: Proposed }) {
  const { kind, quantity, department } = one.values
  const computed = one.line.computed ?? []
  return (
    <span class="muted">
      {kindIn(kind, t)}, {t('assets.files.line', { n: String(one.line.line) })},{' '}
      {t('assets.pieces', { n: quantity })}
      {department !== '' && `, ${department}`}
      {computed.length > 0 && `, ${computedIn(t, computed)}`}
    </span>
  )
}

/** Excel's own sum or reference: what it last made of it is taken. */
export const computedIn = (t: T, fields: AssetField[]): string =>
  t('assets.preview.computed', { fields: t.list(fields.map((field) => fieldIn(field, t))) })

function NewLines({ frame, of }: { frame: Frame; of: Proposed[] }) {
  const { t } = frame
  return (
    <Table<Proposed>
      caption={t('assets.preview.news')}
      captionHidden
      walkable={false}
      rows={of}
      rowKey={(one) => one.line.line}
      columns={[
        { key: 'line', label: t('assets.preview.line'), main: true, cell: (one) => one.line.what },
        {
          key: 'facts',
          label: t('assets.preview.facts'),
          cell: (one) => <LineFacts frame={frame} one={one} />,
        },
        {
          key: 'decision',
          label: t('assets.preview.decision'),
          cell: (one) => <Choice frame={frame} one={one} />,
        },
      ]}
    />
  )
}

/** Of a new line the choice is made; of any other nothing is chosen before a person does. */
export function Choice({
  frame: { t },
  one,
  error,
}: {
  frame: Frame
  one: Proposed
  error?: string | undefined
}) {
  return (
    <Field
      label={t('assets.preview.decide', { line: String(one.line.line) })}
      labelHidden
      name={`line.${one.line.line}`}
      type="select"
      value={one.decided ?? ''}
      error={error}
      options={[
        ...(one.kind === 'new' ? [] : [{ value: '', label: t('assets.preview.choose') }]),
        ...one.options.map((value) => ({
          value,
          label: t(one.kind === 'new' ? `assets.decision.new.${value}` : `assets.decision.${value}`),
        })),
      ]}
    />
  )
}
