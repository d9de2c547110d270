/** What a file would do, line by line: what is plain is told, what is not is asked. One button carries everything out. */
import type { Frame } from '../../../platform/frame.ts'
import {
  Button,
  Diff,
  type Flash,
  Form,
  html,
  Notice,
  Page,
  Section,
  Table,
  Time,
} from '../../../ui/index.ts'
import { titleOf } from '../assets.ts'
import type { Refused } from '../import/line.ts'
import { figuresOf, type Proposed } from '../import/plan.ts'
import type { Preview } from '../import/store.ts'
import { Choice, computedIn, mostPlain, Plain, questionsPerPage } from './preview-lines.tsx'
import { fieldIn, inventoryOf, kindIn, valueIn } from './words.ts'

export interface PreviewProps {
  frame: Frame
  org: number
  /** Of the organisation. */
  name: string
  found: Preview
  mayKeep: boolean
  flash?: Flash | undefined
  /** By `line.<line>` or `sheet`. */
  errors?: Record<string, string> | undefined
  /** From which of the questions on the page shows them. */
  from: number
}

export function previewPage(props: PreviewProps): string {
  const { frame, org, name, found, errors = {} } = props
  const { t } = frame
  const { sheet } = found
  return html(
    <Page
      {...frame}
      organisation={name}
      lead={t('assets.preview.lead', { by: sheet.taker })}
      flash={props.flash}
    >
      <p>
        <a href={`${inventoryOf(org)}/import`}>{t('assets.preview.back')}</a>
      </p>
      {errors.sheet && <Notice kind="wrong">{errors.sheet}</Notice>}
      {sheet.appliedAt === null ? <Waiting {...props} /> : <Applied {...props} />}
      <RefusedLines frame={frame} refused={sheet.refused} />
    </Page>,
  )
}

function Applied({ frame, org, found: { sheet }, mayKeep }: PreviewProps) {
  const { t, csrf, now, zone } = frame
  const counts = sheet.counts ?? { added: 0, changed: 0, same: 0, skipped: 0, undecided: 0 }
  return (
    <>
      <Notice kind="done" title={t('assets.preview.applied')}>
        <p>
          <Counts frame={frame} counts={counts} />{' '}
          <Time t={t} at={sheet.appliedAt ?? 0} now={now} zone={zone} />
        </p>
      </Notice>
      {sheet.undoneAt !== null && (
        <Notice kind="careful">
          {t('assets.preview.undone')} <Time t={t} at={sheet.undoneAt} now={now} zone={zone} />
        </Notice>
      )}
      {sheet.undoneAt === null && mayKeep && (
        <Form
          action={`${inventoryOf(org)}/import/${sheet.id}/withdrawal`}
          csrf={csrf}
          label={t('assets.preview.undo')}
        >
          <Button kind="danger" consequence={t('assets.preview.undo.what')}>
            {t('assets.preview.undo')}
          </Button>
        </Form>
      )}
    </>
  )
}

function Counts({
  frame: { t },
  counts,
}: {
  frame: Frame
  counts: Omit<ReturnType<typeof figuresOf>, 'undecided'>
}) {
  const say = (key: 'added' | 'changed' | 'same' | 'skipped') => t(`assets.count.${key}`, { n: counts[key] })
  return <>{t.list([say('added'), say('changed'), say('same'), say('skipped')])}.</>
}

function Waiting(props: PreviewProps) {
  const { frame, org, found, mayKeep, from } = props
  const { t } = frame
  const { proposed, sheet } = found
  const questions = proposed.filter((one) => one.kind !== 'new' && one.kind !== 'same')
  const figures = figuresOf(proposed)
  const path = `${inventoryOf(org)}/import/${sheet.id}`
  return (
    <>
      <p role="status">
        {t('assets.preview.would')} <Counts frame={frame} counts={figures} />
      </p>
      {figures.undecided > 0 && (
        <Notice kind="careful">{t('assets.preview.undecided', { n: figures.undecided })}</Notice>
      )}
      <Form
        action={`${path}/decisions`}
        csrf={frame.csrf}
        label={t('assets.preview.decisions')}
        hidden={{ from }}
        noTurbo
      >
        {questions.length > 0 && <Questions {...props} all={questions} path={path} />}
        <Plain frame={frame} proposed={proposed} mayKeep={mayKeep} kind="new" />
        <Plain frame={frame} proposed={proposed} mayKeep={mayKeep} kind="same" />
        {mayKeep && (
          <div class="actions">
            {figures.undecided > 0 && (
              <Button name="act" value="accept" consequence={t('assets.preview.accept.what')}>
                {t('assets.preview.accept')}
              </Button>
            )}
            {figures.added + figures.undecided + questions.length > 0 && (
              <Button name="act" value="save">
                {t('assets.preview.save')}
              </Button>
            )}
            <Button kind="primary" name="act" value="apply">
              {t('assets.preview.apply')}
            </Button>
          </div>
        )}
      </Form>
    </>
  )
}

function Questions(props: PreviewProps & { all: Proposed[]; path: string }) {
  const { frame, all, from, path, mayKeep, errors = {} } = props
  const { t } = frame
  const shown = all.slice(from, from + questionsPerPage)
  return (
    <Section title={t('assets.preview.questions')} lead={t('assets.preview.questions.lead')}>
      <Table<Proposed>
        caption={t('assets.preview.questions')}
        captionHidden
        walkable={false}
        rows={shown}
        rowKey={(one) => one.line.line}
        yours={(one) => one.decided === null}
        columns={[
          {
            key: 'line',
            label: t('assets.preview.line'),
            main: true,
            cell: (one) => <WhatLine frame={frame} one={one} />,
          },
          { key: 'why', label: t('assets.preview.looks'), cell: (one) => <Looks {...props} one={one} /> },
          {
            key: 'decision',
            label: t('assets.preview.decision'),
            cell: (one) =>
              mayKeep ? (
                <Choice frame={frame} one={one} error={errors[`line.${one.line.line}`]} />
              ) : (
                t(one.decided ? `assets.decision.${one.decided}` : 'assets.preview.open')
              ),
          },
        ]}
      />
      {all.length > shown.length && (
        <p>
          {t('assets.preview.part', { from: from + 1, to: from + shown.length, n: all.length })}{' '}
          {from > 0 && (
            <a href={`${path}?from=${Math.max(0, from - questionsPerPage)}`}>{t('assets.preview.before')}</a>
          )}{' '}
          {from + shown.length < all.length && (
            <a href={`${path}?from=${from + questionsPerPage}`}>{t('assets.preview.after')}</a>
          )}
        </p>
      )}
    </Section>
  )
}

function WhatLine({ frame: { t }, one }: { frame: Frame; one: Proposed }) {
  return (
    <>
      <div>{one.line.what}</div>
      <div class="muted">
        {kindIn(one.values.kind, t)}, {t('assets.files.line', { n: String(one.line.line) })}
        {one.line.computed && `, ${computedIn(t, one.line.computed)}`}
      </div>
    </>
  )
}

function Looks({ frame: { t }, org, one }: PreviewProps & { one: Proposed }) {
  return (
    <>
      <p>
        {t(`assets.looks.${one.kind}.${one.why}`, {
          line: String(one.twin ?? ''),
          n: String(one.line.id ?? ''),
        })}{' '}
        {one.asset && <a href={`${inventoryOf(org)}/${one.asset.id}`}>{titleOf(one.asset)}</a>}
      </p>
      {one.asset && one.fields.length > 0 && (
        <Diff
          t={t}
          changes={one.fields.map((field) => ({
            label: fieldIn(field, t),
            before: valueIn(field, one.asset?.[field], t),
            after: valueIn(field, one.values[field], t),
          }))}
        />
      )}
    </>
  )
}

function RefusedLines({ frame: { t }, refused }: { frame: Frame; refused: Refused[] }) {
  if (refused.length === 0) return null
  return (
    <Section
      title={t('assets.preview.refused', { n: refused.length })}
      lead={t('assets.preview.refused.lead')}
    >
      <ul class="bullets">
        {refused.slice(0, mostPlain).map((one) => (
          <li key={one.line}>
            {t('assets.files.line', { n: String(one.line) })}: {one.what !== '' && <q>{one.what}</q>}{' '}
            {one.field !== null && `${fieldIn(one.field, t)}: `}
            {t(`assets.error.${one.why}`)}
          </li>
        ))}
      </ul>
      {refused.length > mostPlain && <p>{t('assets.out.more', { n: refused.length - mostPlain })}</p>}
    </Section>
  )
}
