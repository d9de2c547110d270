/** Of which warnings a warning was made, what became of them, what was made of it, and how wide its author lets that be. */
import type { T } from '../../../../platform/i18n.ts'
import {
  Actions,
  Button,
  Details,
  Field,
  Form,
  html,
  Notice,
  Page,
  type PageProps,
  Section,
} from '../../../../ui/index.ts'
import { type AudienceKind, audiences, type Limit } from '../../../../values/audience.ts'
import { tlps } from '../../../../values/tlp.ts'
import type { Derivation } from '../../written/from-warnings.ts'
import type { WrittenRow } from '../../written/read.ts'
import type { Version, Written } from '../../written/types.ts'
import { saidIn } from '../../written/words.ts'
import { Boxes } from './boxes.tsx'
import { stateNow } from './words.tsx'

type Frame = PageProps & { zone: string }

const limitWords = (t: T, { tlp, audience }: Limit): string =>
  `TLP:${tlp}, ${t(`written.audience.${audience.kind}`)}`

interface SourcesProps {
  frame: Frame
  warning: Written
  derivation: Derivation | null
}

/** On the warning and on what is being written, for coordinators. */
export function Sources({ frame, warning, derivation }: SourcesProps) {
  if (!derivation || derivation.sources.length === 0) return null
  const { t, csrf } = frame
  const { sources, limit, wider } = derivation
  const news = sources.filter((one) => one.news !== null)
  return (
    <Section
      title={t('written.sources.title')}
      id="sources"
      lead={limit ? t('written.sources.limit', { limit: limitWords(t, limit) }) : undefined}
    >
      {wider && (
        <Notice kind="wrong" title={t('written.sources.wider')}>
          <p>{t('written.sources.wider.what')}</p>
        </Notice>
      )}
      <ul>
        {sources.map((one) => (
          <li>
            {one.number ? (
              <a href={`/warnings/written/${one.id}`}>
                {one.number} {one.title}
              </a>
            ) : (
              t('written.sources.hidden')
            )}
            {one.tlp && ` · TLP:${one.tlp}`}
            {one.news && <strong> · {t(`written.sources.news.${one.news}`)}</strong>}
          </li>
        ))}
      </ul>
      {news.length > 0 && (
        <Form
          action={`/warnings/written/${warning.id}/sources`}
          csrf={csrf}
          label={t('written.sources.note')}
        >
          <Actions>
            <Button consequence={t('written.sources.note.what')}>{t('written.sources.note')}</Button>
          </Actions>
        </Form>
      )}
    </Section>
  )
}

/** On the page of what is out, for coordinators: the way to make another of it, and its author's word. */
export function Derived({
  frame,
  warning,
  version,
  derivation,
  own,
}: SourcesProps & { version: Version; own: boolean }) {
  if (!derivation || stateNow(warning, frame.now) !== 'published' || version.state !== 'published')
    return null
  const { t, csrf } = frame
  const { derived, grant } = derivation
  const grantable = audiences.filter(
    (one) => one === version.audience || !['organisations', 'group'].includes(one),
  )
  return (
    <Section title={t('written.derived.title')} id="derived">
      {derived.length > 0 && (
        <ul>
          {derived.map((one) => (
            <li>
              <a href={`/warnings/written/${one.id}${one.number === null ? '/edit' : ''}`}>
                {[one.number, one.title || t('written.untitled')].filter(Boolean).join(' ')}
              </a>{' '}
              <span class="muted">{t(`written.state.${one.state}`)}</span>
            </li>
          ))}
        </ul>
      )}
      <p>
        <a href={`/warnings/written/summary?source=${warning.id}`}>{t('written.derived.make')}</a>
      </p>
      {grant && (
        <p>
          {t('written.derived.granted', {
            limit: `TLP:${grant.tlp}, ${t(`written.audience.${grant.audience}`)}`,
            by: grant.by ?? '–',
          })}
        </p>
      )}
      {own && (
        <Details summary={t('written.derived.grant')} open={grant !== null}>
          <Form
            action={`/warnings/written/${warning.id}/grant`}
            csrf={csrf}
            label={t('written.derived.grant')}
          >
            <p class="muted">{t('written.derived.grant.what')}</p>
            <div class="written-columns">
              <Field
                label="TLP"
                name="tlp"
                type="select"
                value={grant?.tlp ?? version.tlp}
                options={tlps.map((value) => ({ value, label: `TLP:${value}` }))}
              />
              <Field
                label={t('written.field.audience')}
                name="audience"
                type="select"
                value={grant?.audience ?? version.audience}
                options={grantable.map((value: AudienceKind) => ({
                  value,
                  label: t(`written.audience.${value}`),
                }))}
              />
            </div>
            <Actions>
              <Button>{t('written.derived.grant')}</Button>
              {grant && (
                <Button name="end" value="1" kind="quiet">
                  {t('written.derived.grant.end')}
                </Button>
              )}
            </Actions>
          </Form>
        </Details>
      )}
    </Section>
  )
}

export interface SummaryProps {
  frame: Frame
  rows: WrittenRow[]
  chosen: number[]
  limit: Limit | null
  errors: Record<string, string>
}

/** Choosing what a new draft is made of: first how wide it may be, then the draft. */
export function summaryPage({ frame, rows, chosen, limit, errors }: SummaryProps): string {
  const { t, csrf } = frame
  return html(
    <Page {...frame} title={t('written.summary.title')} lead={t('written.summary.lead')}>
      <Form action="/warnings/written/summary" csrf={csrf} label={t('written.summary.title')}>
        <Boxes
          t={t}
          name="source"
          label={t('written.summary.sources')}
          chosen={chosen.map(String)}
          {...(errors.sources && { error: t(`written.error.${errors.sources}`) })}
          options={rows.map((row) => ({
            value: String(row.id),
            label: `${row.number} · TLP:${row.shown.tlp} · ${saidIn(row.shown, t.lang).title}`,
          }))}
        />
        {limit && <p>{t('written.sources.limit', { limit: limitWords(t, limit) })}</p>}
        <Actions>
          <Button kind="primary" consequence={t('written.summary.consequence')}>
            {t('written.summary.make')}
          </Button>
        </Actions>
      </Form>
    </Page>,
  )
}
