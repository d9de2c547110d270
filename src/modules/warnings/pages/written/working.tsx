/** What is being written: the editor while it is a draft, the text as it will be read while somebody else looks at it. */
import { type Shown, shownOf } from '../../../../platform/revision.ts'
import {
  Actions,
  Button,
  Field,
  type Flash,
  Form,
  html,
  Notice,
  Page,
  type PageProps,
  Section,
} from '../../../../ui/index.ts'
import { type Compared, changesBetween } from '../../written/compare.ts'
import type { Period } from '../../written/duty.ts'
import type { AdvisoryNews } from '../../written/from-advisory.ts'
import type { Derivation } from '../../written/from-warnings.ts'
import type { Kept } from '../../written/indicators/keep.ts'
import type { Reach } from '../../written/reach.ts'
import { versionShown } from '../../written/seen.ts'
import type { OwnersWord, Version, Written } from '../../written/types.ts'
import { saidIn } from '../../written/words.ts'
import { NewsOfAdvisory } from './advisory.tsx'
import { ChangedSince, Differences, Moved, type WhatChanged } from './changed.tsx'
import { Sources } from './derivation.tsx'
import { Editor, Wrong } from './editor.tsx'
import type { Choices } from './editor-props.ts'
import type { Typed } from './form.ts'
import { Indicators } from './indicators-shown.tsx'
import { Preview } from './preview.tsx'
import { Text } from './text.tsx'
import { Marks, stateNow } from './words.tsx'

export interface WorkingProps {
  frame: PageProps & { zone: string }
  warning: Written
  version: Version
  typed: Typed
  /** The revision that the editor is filled from. */
  shown: Shown
  choices: Choices
  reach: Reach
  /** How many run what it names; null where it names nothing. */
  owners: OwnersWord | null
  indicators: Kept[]
  /** Others in the text that nobody has taken. */
  untaken: number
  errors: Record<string, string>
  /** Of the forms below the editor. */
  refused: string | null
  /** What changed since the form was drawn that was sent. */
  changed: WhatChanged | null
  period: Period | null
  /** What became of the advisory that it was made of. */
  news: AdvisoryNews | null
  derivation: Derivation | null
  /** What was typed, to be held against what is kept. */
  mine: Compared | null
  /** The reader wrote or last edited it. */
  own: boolean
  flash?: Flash
}

export function workingPage(props: WorkingProps): string {
  const { frame, warning, version } = props
  const { t } = frame
  const title = saidIn(version, t.lang).title || t('written.untitled')
  return html(
    <Page
      {...frame}
      title={title}
      flash={props.flash}
      tlp={version.tlp}
      head={
        <header class="warning-head">
          <Marks t={t} warning={warning} version={version} now={frame.now} />
          <h1>{title}</h1>
        </header>
      }
    >
      <Standing {...props} />
      {props.changed && version.state === 'draft' && props.mine ? (
        <Overtaken {...props} changed={props.changed} mine={props.mine} />
      ) : (
        <ChangedSince t={t} changed={props.changed} />
      )}
      <NewsOfAdvisory frame={frame} warning={warning.id} news={props.news} />
      <Sources {...props} />
      {version.state === 'draft' ? (
        <Editor
          frame={frame}
          action={`/warnings/written/${warning.id}/draft`}
          shown={props.shown}
          typed={props.typed}
          choices={props.choices}
          errors={props.errors}
          changing={warning.version > 0}
          translation={version.translation}
        />
      ) : (
        <>
          <Wrong t={t} errors={props.errors} />
          <Text t={t} version={version} />
        </>
      )}
      <Taken {...props} />
      <Preview t={t} reach={props.reach} version={version} owners={props.owners} />
      <Next {...props} />
    </Page>,
  )
}

/** Somebody else has saved: what was typed stands in the form still, and here is how theirs differs. */
function Overtaken({
  frame: { t },
  version,
  changed,
  mine,
}: Pick<WorkingProps, 'frame' | 'version'> & { changed: WhatChanged; mine: Compared }) {
  const changes = changesBetween(mine, version)
  return (
    <Notice kind="wrong" title={t('written.overtaken.title', { editor: version.editorName ?? '–' })}>
      <Moved t={t} changed={changed} />
      <p>{t('written.overtaken.lead')}</p>
      {changes.length > 0 && <Differences t={t} changes={changes} />}
    </Notice>
  )
}

/** What machines will get of it, and the way to choose that. */
function Taken({ frame, warning, version, indicators, untaken }: WorkingProps) {
  const { t, now, zone } = frame
  return (
    <>
      <Indicators t={t} now={now} zone={zone} indicators={indicators} tlp={version.tlp} />
      {version.state === 'draft' && (
        <p>
          {untaken > 0 && t('indicators.untaken', { n: untaken })}{' '}
          <a href={`/warnings/written/${warning.id}/indicators`}>{t('indicators.open')}</a>
        </p>
      )}
    </>
  )
}

/** Who wrote it, what the reviewer said, and what is wrong with the last step. */
function Standing({ frame, version, warning, refused, period }: WorkingProps) {
  const { t } = frame
  return (
    <>
      {refused && <Notice kind="wrong" title={t(`written.refused.${refused}`)} />}
      <p>
        {t(`written.standing.${version.state}`, { author: version.authorName ?? '–' })}{' '}
        {version.editorName !== null &&
          version.editorName !== version.authorName &&
          t('written.standing.edited', { editor: version.editorName })}{' '}
        {warning.version > 0 && (
          <a href={`/warnings/written/${warning.id}`}>{t('written.standing.out', { n: warning.version })}</a>
        )}
      </p>
      {stateNow(warning, frame.now) === 'expired' && (
        <Notice kind="careful" title={t('written.expired.changing')}>
          <p>{t('written.expired.changing.lead')}</p>
        </Notice>
      )}
      {version.reviewNote !== '' && (
        <Notice kind="careful" title={t('written.returned')}>
          <p class="written-text">{version.reviewNote}</p>
        </Notice>
      )}
      {version.kind === 'emergency' && period && (
        <Notice kind="careful" title={t('written.duty.inForce')}>
          <p>{period.reason}</p>
        </Notice>
      )}
    </>
  )
}

function Next(props: WorkingProps) {
  const { frame, warning, version } = props
  const { t } = frame
  const path = `/warnings/written/${warning.id}`
  const form = (noun: string, children: preact.ComponentChildren, shown?: Shown) => (
    <Form
      action={`${path}/${noun}`}
      csrf={frame.csrf}
      hidden={shown ?? {}}
      label={t(`written.do.${noun.replace('/', '.')}`)}
    >
      {children}
    </Form>
  )
  const emergency = version.kind === 'emergency'
  return (
    <Section title={t('written.next')} id="next">
      {version.state === 'draft' &&
        form(
          'review',
          <Actions>
            <Button kind={emergency ? 'plain' : 'primary'}>{t('written.do.review')}</Button>
          </Actions>,
        )}
      {(version.state === 'review' || emergency) &&
        form('publication', <PublishButton {...props} />, shownOf(versionShown(version, props.indicators)))}
      {version.state === 'review' &&
        form(
          'review/withdrawal',
          <>
            <Field
              label={t('written.field.note')}
              name="note"
              type="textarea"
              rows={3}
              maxlength={2000}
              required
            />
            <Actions>
              <Button>{t('written.do.review.withdrawal')}</Button>
            </Actions>
          </>,
        )}
      {form(
        'discarding',
        <Actions>
          <Button
            kind="danger"
            consequence={t(warning.version > 0 ? 'written.discard.change' : 'written.discard.all')}
          >
            {t('written.do.discarding')}
          </Button>
        </Actions>,
      )}
    </Section>
  )
}

/** Says beside the button why this reader cannot publish, or what it means that one person does. */
function PublishButton({ frame: { t }, version, own, period, reach }: WorkingProps) {
  const alone = own && version.kind === 'emergency' && period !== null
  return (
    <Actions>
      <Button
        kind="primary"
        disabledReason={own && !alone ? t('written.publish.own') : undefined}
        consequence={
          alone
            ? t('written.publish.alone')
            : reach.people.length === 0
              ? t('written.preview.nobody')
              : t('written.publish.consequence', { n: reach.people.length })
        }
      >
        {t('written.do.publication')}
      </Button>
    </Actions>
  )
}
