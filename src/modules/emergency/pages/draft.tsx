/** A new call, and one that is being written: the editor, the preview and the release. */
import type { Frame } from '../../../platform/frame.ts'
import { type Moved, shownOf } from '../../../platform/revision.ts'
import {
  Actions,
  Button,
  Details,
  Diff,
  type Flash,
  Form,
  html,
  Notice,
  Page,
  Section,
  Statement,
  Table,
} from '../../../ui/index.ts'
import { callShown } from '../draft.ts'
import type { Preview as Preview_, PreviewLine } from '../preview.ts'
import { reached, withoutTexts } from '../preview.ts'
import { needsTwo } from '../release.ts'
import type { Broadcast } from '../types.ts'
import { differencesOf } from './changed.ts'
import { Editor, type EditorProps } from './editor.tsx'
import { Marks, NoTexts } from './words.tsx'

export const newPage = (props: EditorProps): string =>
  html(
    <Page {...props.frame} lead={props.frame.t('rollcalls.new.lead')}>
      <Editor {...props} />
    </Page>,
  )

interface DraftProps extends EditorProps {
  call: Broadcast
  preview: Preview_
  /** The reader wrote or last edited it. */
  own: boolean
  /** One person alone may release it now. */
  alone: boolean
  /** No gateway of text messages is set. */
  noTexts: boolean
  /** What changed since the form was drawn that was sent; `overtaken` when it was the editor's. */
  changed: { fields: string[]; overtaken: boolean; moved: Moved[] } | null
  flash?: Flash | undefined
}

export function draftPage(props: DraftProps): string {
  const { frame, call } = props
  const { t } = frame
  return html(
    <Page
      {...frame}
      tlp={call.tlp}
      flash={props.flash}
      head={
        <header class="warning-head">
          <Marks t={t} call={call} />
          <h1>{call.title}</h1>
        </header>
      }
    >
      <ChangedSince {...props} />
      <Release {...props} />
      <Preview {...props} />
      <Section title={t('rollcalls.edit.title')}>
        <Editor {...props} />
      </Section>
      <Form action={`/rollcalls/${call.id}/discard`} csrf={frame.csrf} label={t('rollcalls.discard')}>
        <Actions>
          <Button kind="danger">{t('rollcalls.discard')}</Button>
        </Actions>
      </Form>
    </Page>,
  )
}

/** Nothing was done: what somebody confirmed, or wrote over, is not what is here now. */
function ChangedSince({ frame: { t }, call, changed, choices }: DraftProps) {
  if (!changed) return null
  const fields = t.list(changed.fields.map((field) => t(`rollcalls.field.${field}`)))
  return (
    <Notice kind="wrong" title={t(`rollcalls.changed.${changed.overtaken ? 'overtaken' : 'title'}`)}>
      <p>{t('rollcalls.changed.what', { fields })}</p>
      {changed.moved.length > 0 && (
        <>
          <p>{t('rollcalls.changed.seen')}</p>
          <Diff t={t} changes={differencesOf(t, changed.moved, choices.organisations)} />
        </>
      )}
      {changed.overtaken && (
        <>
          <p>{t('rollcalls.changed.kept')}</p>
          <blockquote>
            <p>
              <strong>{call.title}</strong>
            </p>
            <p class="written-text">{call.body}</p>
          </blockquote>
        </>
      )}
    </Notice>
  )
}

function Release({ frame, call, own, alone, preview }: DraftProps) {
  const { t } = frame
  const asked = preview.lines.filter((line) => line.excused === null && !line.cooling).length
  const isBarred = needsTwo(call.class) && own && !alone
  return (
    <Section
      title={t('rollcalls.release')}
      lead={t(needsTwo(call.class) ? 'rollcalls.release.two' : 'rollcalls.release.one')}
    >
      <Form
        action={`/rollcalls/${call.id}/release`}
        csrf={frame.csrf}
        hidden={shownOf(callShown(call, preview.policy))}
        label={t('rollcalls.release')}
      >
        <Actions>
          <Button
            kind="primary"
            disabledReason={
              asked === 0
                ? t('rollcalls.release.nobody')
                : isBarred
                  ? t('rollcalls.release.other')
                  : undefined
            }
            consequence={alone && own && needsTwo(call.class) ? t('rollcalls.release.alone') : undefined}
          >
            {t(`rollcalls.release.${call.class}`, { n: asked })}
          </Button>
        </Actions>
      </Form>
    </Section>
  )
}

/** A longer list is opened by whoever wants it. */
const shownOpen = 12

function Preview({ frame: { t }, preview: all, noTexts }: DraftProps) {
  const { preview, leftOut } = noTexts ? withoutTexts(all) : { preview: all, leftOut: [] }
  const { lines } = preview
  const gaps = lines.filter((line) => !reached(line))
  const people = new Set(
    lines.flatMap((line) => (line.steps[0]?.people ?? []).map((one) => one.person ?? line.name)),
  )
  return (
    <Section title={t('rollcalls.preview')} id="preview" lead={t('rollcalls.preview.lead')}>
      <Statement>
        {[
          t('rollcalls.preview.orgs', { n: lines.length }),
          t('rollcalls.preview.people', { n: people.size }),
        ].join(' ')}
      </Statement>
      {noTexts && <NoTexts t={t} people={leftOut.map(({ org, name }) => `${name} (${org})`)} />}
      {gaps.length > 0 && (
        <Notice kind="careful" title={t('rollcalls.preview.gaps', { n: gaps.length })}>
          <p>{t.list(gaps.map(({ name }) => name))}</p>
        </Notice>
      )}
      <Details summary={t('rollcalls.preview.all')} open={lines.length <= shownOpen}>
        <Table<PreviewLine>
          caption={t('rollcalls.preview')}
          captionHidden
          rows={lines}
          rowKey={(line) => line.org}
          columns={[
            {
              key: 'org',
              label: t('rollcalls.col.org'),
              main: true,
              cell: (line) => (
                <>
                  {line.name}
                  {line.whose !== 'sector' && (
                    <span class="muted">
                      {' '}
                      ({t(`rollcalls.preview.${line.whose === 'own' ? 'own' : 'fallback'}`)})
                    </span>
                  )}
                </>
              ),
            },
            {
              key: 'how',
              label: t('rollcalls.col.how'),
              cell: (line) =>
                line.excused !== null ? (
                  t('rollcalls.preview.excused', { reason: line.excused })
                ) : line.cooling ? (
                  t('rollcalls.preview.cooling')
                ) : (
                  <ul class="written-people">
                    {line.steps.map((step) => (
                      <li>
                        <strong>
                          {step.delayMin === 0
                            ? t('rollcalls.preview.atOnce')
                            : t('rollcalls.preview.after', { n: step.delayMin })}
                        </strong>{' '}
                        {toldWords(step.people, t)}
                      </li>
                    ))}
                  </ul>
                ),
            },
          ]}
          empty={<p>{t('rollcalls.preview.none')}</p>}
        />
      </Details>
    </Section>
  )
}

/** By person with their ways: `Petr Dub (e-mail, SMS)`. */
function toldWords(people: PreviewLine['steps'][number]['people'], t: Frame['t']): string {
  const ways = new Map<string, Set<string>>()
  for (const one of people) {
    const name = one.name ?? t('rollcalls.preview.contact')
    ways.set(name, (ways.get(name) ?? new Set()).add(t(`rollcalls.way.${one.channel}`)))
  }
  if (ways.size === 0) return t('rollcalls.preview.nobody')
  return [...ways].map(([name, by]) => `${name} (${[...by].join(', ')})`).join(', ')
}
