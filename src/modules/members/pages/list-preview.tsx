import { dayShort } from '../../../platform/dates.ts'
import type { Frame } from '../../../platform/frame.ts'
import {
  Button,
  Chip,
  Field,
  type Flash,
  Form,
  html,
  Notice,
  Page,
  Section,
  Table,
} from '../../../ui/index.ts'
import { readSigned } from '../lists/days.ts'
import { addressDoubts, type Figures, figuresOf, outcomeOf } from '../lists/outcome.ts'
import type { Proposed } from '../lists/propose.ts'
import type { Preview } from '../lists/store.ts'
import { FaultList } from './fault-list.tsx'
import { choicesOf, decisionIn, type Field as Part, reasonsIn } from './list-words.ts'
import { signedIn } from './names.ts'

export interface PreviewProps {
  frame: Frame
  found: Preview
  flash?: Flash
  /** By `org.<line>`, `person.<line>`, `other.<line>` or `list`. */
  errors?: Record<string, string>
}

/** As read, what it may mean and why, and the decision; one button carries everything out. */
export function listPreviewPage(props: PreviewProps): string {
  const { frame, found, errors = {} } = props
  const { t } = frame
  const { list, outcome, proposed } = found
  const figures = figuresOf(outcomeOf(proposed, list.slashes ?? list.slashesProposed))
  const isDone = list.appliedAt !== null
  return html(
    <Page
      {...frame}
      lead={t('lists.preview.lead', { n: list.version, by: list.uploadedBy })}
      flash={props.flash}
    >
      {errors.list && <Notice kind="wrong">{errors.list}</Notice>}
      {isDone && <Notice kind="done">{t('lists.applied', { by: list.appliedBy ?? '' })}</Notice>}
      <Summary frame={frame} figures={figures} undecided={outcome.undecided.length} isDone={isDone} />
      {list.notes.length > 0 && (
        <Section title={t('lists.notes')}>
          <FaultList t={t} faults={list.notes} />
        </Section>
      )}
      {isDone ? (
        <Lines {...props} isDone />
      ) : (
        <Form
          action={`/signature-lists/${list.id}/decisions`}
          csrf={frame.csrf}
          label={t('lists.decisions')}
          noTurbo
        >
          {list.hasSlashes && <SlashesField {...props} />}
          <Lines {...props} isDone={false} />
          <Buttons frame={frame} found={found} />
        </Form>
      )}
    </Page>,
  )
}

function Summary(props: { frame: Frame; figures: Figures; undecided: number; isDone: boolean }) {
  const { frame, figures, undecided, isDone } = props
  const { t } = frame
  const count = (key: keyof Figures) => t(`lists.figure.${key}`, { n: figures[key] })
  return (
    <>
      <p>
        {t('lists.figures', {
          signatures: count('signatures'),
          institutions: count('institutions'),
          persons: count('persons'),
          dated: count('dated'),
          undated: count('undated'),
          withAddress: count('withAddress'),
          withoutAddress: count('withoutAddress'),
        })}
      </p>
      {!isDone && undecided > 0 && <Notice kind="careful">{t('lists.undecided', { n: undecided })}</Notice>}
    </>
  )
}

function SlashesField({ frame: { t }, found: { list, proposed } }: PreviewProps) {
  const example = proposed.map((one) => one.line.day).find((day) => readSigned(day).kind === 'slashes') ?? ''
  const label = (order: 'mdy' | 'dmy') => {
    const read = readSigned(example, order)
    const shown = read.kind === 'known' ? dayShort(read.day, t, true) : t('lists.slashes.not')
    return t(`lists.slashes.${order}`, { example, shown })
  }
  const proposal = list.slashesProposed
  return (
    <div class="narrow">
      <Field
        label={t('lists.slashes')}
        name="slashes"
        type="select"
        value={list.slashes ?? ''}
        options={[
          { value: '', label: t('lists.choose') },
          { value: 'mdy', label: label('mdy') },
          { value: 'dmy', label: label('dmy') },
        ]}
        hint={proposal ? t('lists.slashes.proposal', { order: label(proposal) }) : t('lists.slashes.unclear')}
      />
    </div>
  )
}

function Lines(props: PreviewProps & { isDone: boolean }) {
  const { frame, found, isDone } = props
  const { t } = frame
  return (
    <Table
      caption={t('lists.decisions')}
      captionHidden
      walkable={false}
      rows={found.proposed}
      rowKey={(row) => row.line.line}
      yours={(row) => !isDone && found.outcome.undecided.includes(row.line.line)}
      columns={[
        { key: 'read', label: t('lists.read'), main: true, cell: (row) => <AsRead {...props} row={row} /> },
        { key: 'proposal', label: t('lists.proposal'), cell: (row) => <Proposals {...props} row={row} /> },
        {
          key: 'decision',
          label: t('lists.decision'),
          cell: (row) => (isDone ? <Decided {...props} row={row} /> : <Decide {...props} row={row} />),
        },
      ]}
    />
  )
}

interface RowProps extends PreviewProps {
  row: Proposed
}

function AsRead({ frame: { t }, found: { list, outcome }, row }: RowProps) {
  const { line } = row
  const read = readSigned(line.day, list.slashes ?? list.slashesProposed)
  const planned = outcome.signatures.find((one) => one.lines.includes(line.line))
  const doubts = line.email === '' || !planned ? [] : addressDoubts(planned)
  return (
    <>
      <div>
        {line.number !== '' && `${line.number}. `}
        {line.institution}
      </div>
      <div class="read-more">
        <div class="muted">{t('lists.line', { n: String(line.line) })}</div>
        <div>{line.signatory}</div>
        <div>
          {read.kind === 'known' ? signedIn(read, t) : t('memorandum.undated')}
          {line.day !== '' && <span class="muted"> ({line.day})</span>}
        </div>
        <div>{line.email}</div>
        {doubts.map((one) => (
          <Chip key={one}>{t(`lists.doubt.${one}`)}</Chip>
        ))}
        {outcome.differentDays.includes(line.line) && <Chip>{t('lists.doubt.day')}</Chip>}
      </div>
    </>
  )
}

function Proposals({ frame: { t }, found, row }: RowProps) {
  const said = (field: Part) => {
    const { decision, certain, reasons } = row[field]
    const why = reasonsIn(row[field], t)
    const what = decision ? decisionIn(decision, field, found, t) : t('lists.question')
    if (certain && reasons.length === 0) return <div class="muted">{what}</div>
    return (
      <div>
        {certain ? <span class="muted">{what}</span> : what}
        {why !== '' && <span class="muted"> – {why}</span>}
      </div>
    )
  }
  return (
    <>
      {said('org')}
      {said('person')}
    </>
  )
}

function Decided({ frame: { t }, found, row }: RowProps) {
  const { org, person } = row.decided
  return (
    <>
      <div>{org && decisionIn(org, 'org', found, t)}</div>
      <div>{org !== 'skip' && person && decisionIn(person, 'person', found, t)}</div>
    </>
  )
}

function Decide({ frame: { t }, found, row, errors = {} }: RowProps) {
  const { line } = row.line
  const select = (field: Part) => (
    <Field
      label={t(`lists.${field}.label`, { line: String(line) })}
      labelHidden
      name={`${field}.${line}`}
      type="select"
      value={row.decided[field] ?? ''}
      error={errors[`${field}.${line}`]}
      options={[
        { value: '', label: t(`lists.${field}.choose`) },
        ...choicesOf(row, field).map((value) => ({ value, label: decisionIn(value, field, found, t) })),
      ]}
    />
  )
  const other = errors[`other.${line}`]
  return (
    <div class="decide">
      {select('org')}
      {select('person')}
      <details class="details" open={other !== undefined}>
        <summary>{t('lists.other')}</summary>
        <Field
          label={t('lists.other.label', { line: String(line) })}
          labelHidden
          name={`other.${line}`}
          maxlength={200}
          error={other}
          placeholder={t('lists.other.hint')}
        />
      </details>
    </div>
  )
}

function Buttons({ frame: { t }, found: { outcome } }: { frame: Frame; found: Preview }) {
  const waits = outcome.undecided.length > 0 || outcome.needsSlashes
  return (
    <div class="actions">
      <Button name="act" value="save">
        {t('lists.save')}
      </Button>
      {waits && (
        <Button name="act" value="accept" consequence={t('lists.accept.what')}>
          {t('lists.accept')}
        </Button>
      )}
      <Button kind="primary" name="act" value="apply">
        {t('lists.apply')}
      </Button>
    </div>
  )
}
