/** Choosing the indicators of a draft: what stands in its text or in something pasted, each taken by a person or refused with the reason. */
import type { Shown } from '../../../../platform/revision.ts'
import {
  Actions,
  Button,
  EmptyState,
  Field,
  type Flash,
  Form,
  html,
  Notice,
  Page,
  type PageProps,
  Section,
  Table,
} from '../../../../ui/index.ts'
import { keyOf, orderOf, type Place } from '../../written/indicators/find.ts'
import type { Judged, Refusal } from '../../written/indicators/judge.ts'
import type { Version, Written } from '../../written/types.ts'
import { saidIn } from '../../written/words.ts'
import { Moved, type WhatChanged } from './changed.tsx'
import { Marks } from './words.tsx'

type T = PageProps['t']

export interface ChoosingProps {
  frame: PageProps
  warning: Written
  version: Version
  judged: Judged[]
  /** `keyOf` of those that are ticked. */
  chosen: Set<string>
  /** What the boxes are filled from. */
  shown: Shown
  /** What others chose since. */
  changed: WhatChanged | null
  pasted: string
  /** A text was too long, or there were too many. */
  cut: boolean
  /** Warning lists are there to be asked. */
  listed: boolean
  errors: Record<string, string>
  flash?: Flash | undefined
}

export const longestPaste = 50_000

export function choosingPage(props: ChoosingProps): string {
  const { frame, warning, version, errors } = props
  const { t } = frame
  const path = `/warnings/written/${warning.id}`
  const title = saidIn(version, t.lang).title || t('written.untitled')
  return html(
    <Page
      {...frame}
      title={t('indicators.title')}
      lead={t('indicators.lead')}
      tlp={version.tlp}
      flash={props.flash}
      head={
        <header class="warning-head">
          <Marks t={t} warning={warning} version={version} now={frame.now} />
          <h1>{t('indicators.of', { title })}</h1>
        </header>
      }
    >
      <p>
        <a href={`${path}/edit`}>{t('indicators.back')}</a>
      </p>
      {errors.indicators && (
        <Notice kind="wrong" title={t(`indicators.error.${errors.indicators}`)}>
          {props.changed && <Moved t={t} changed={props.changed} />}
        </Notice>
      )}
      {props.cut && <Notice kind="careful" title={t('indicators.cut')} />}
      {!props.listed && <Notice kind="careful" title={t('indicators.unlisted')} />}
      <Form
        action={`${path}/indicators`}
        csrf={frame.csrf}
        label={t('indicators.title')}
        class="written-form"
        hidden={props.shown}
        noTurbo
      >
        <Choosing {...props} />
        <Section title={t('indicators.paste.title')}>
          <Field
            label={t('indicators.paste')}
            name="pasted"
            type="textarea"
            rows={6}
            maxlength={longestPaste}
            value={props.pasted}
            hint={t('indicators.paste.hint')}
          />
          <Actions>
            <Button name="deed" value="find">
              {t('indicators.do.find')}
            </Button>
          </Actions>
        </Section>
      </Form>
    </Page>,
  )
}

function Choosing({ frame: { t }, judged, chosen }: ChoosingProps) {
  const inOrder = [...judged].sort(
    (a, b) => orderOf(a.kind) - orderOf(b.kind) || (a.value < b.value ? -1 : 1),
  )
  const offered = inOrder.filter((one) => one.refusal === null)
  const refused = inOrder.filter((one) => one.refusal !== null)
  return (
    <>
      <Section title={t('indicators.offered')} lead={t('indicators.offered.lead')}>
        <Table<Judged>
          caption={t('indicators.offered')}
          captionHidden
          rows={offered}
          rowKey={keyOf}
          columns={[
            {
              key: 'value',
              label: t('indicators.value'),
              main: true,
              cell: (row) => (
                <label class="written-box">
                  <input type="checkbox" name="take" value={row.value} checked={chosen.has(keyOf(row))} />{' '}
                  <code class="address">{row.value}</code>
                </label>
              ),
            },
            { key: 'kind', label: t('indicators.kind'), cell: (row) => t(`indicators.kind.${row.kind}`) },
            {
              key: 'where',
              label: t('indicators.where'),
              cell: (row) => (
                <>
                  <Places t={t} places={row.places} />
                  {row.cloud !== null && (
                    <p class="muted">
                      {t(row.kind === 'email' ? 'indicators.provider' : 'indicators.cloud', {
                        list: row.cloud,
                      })}
                    </p>
                  )}
                </>
              ),
            },
          ]}
          empty={
            <EmptyState title={t('indicators.none')}>
              <p>{t('indicators.none.why')}</p>
            </EmptyState>
          }
        />
        <Actions>
          <Button kind="primary" name="deed" value="keep">
            {t('indicators.do.keep')}
          </Button>
        </Actions>
      </Section>
      {refused.length > 0 && <Refused t={t} rows={refused} />}
    </>
  )
}

function Refused({ t, rows }: { t: T; rows: Judged[] }) {
  return (
    <Section title={t('indicators.refused')} lead={t('indicators.refused.lead')}>
      <Table<Judged>
        caption={t('indicators.refused')}
        captionHidden
        rows={rows}
        rowKey={keyOf}
        columns={[
          {
            key: 'value',
            label: t('indicators.value'),
            main: true,
            // Only what is long is broken anywhere.
            cell: (row) => <code class={row.value.length > 40 ? 'address' : undefined}>{row.value}</code>,
          },
          {
            key: 'why',
            label: t('indicators.why'),
            cell: (row) => row.refusal && refusalWords(row.refusal, t),
          },
          { key: 'where', label: t('indicators.where'), cell: (row) => <Places t={t} places={row.places} /> },
        ]}
      />
    </Section>
  )
}

const refusalWords = (refusal: Refusal, t: T): string =>
  'by' in refusal
    ? t(`indicators.why.${refusal.why}`, { by: refusal.by })
    : t(`indicators.why.${refusal.why}`)

function Places({ t, places }: { t: T; places: Place[] }) {
  if (places.length === 0) return <span class="muted">{t('indicators.where.gone')}</span>
  return (
    <ul class="written-people">
      {places.map(({ where, line, excerpt }) => (
        <li>
          {t('indicators.where.line', { where: placeWords(where, t), n: line })}{' '}
          <span class="muted">{excerpt}</span>
        </li>
      ))}
    </ul>
  )
}

/** `cs.todo`, `refs`, `pasted` */
const placeWords = (where: string, t: T): string =>
  where === 'pasted'
    ? t('indicators.where.pasted')
    : where === 'refs'
      ? t('written.refs')
      : t(`written.field.texts.${where}`)
