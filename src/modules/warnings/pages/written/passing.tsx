/** Passing a warning on: what its page says of it, and the page on which it is done. */
import type { Actor } from '../../../../platform/access.ts'
import type { T } from '../../../../platform/i18n.ts'
import {
  Actions,
  Button,
  Chip,
  Field,
  Form,
  html,
  Notice,
  Page,
  type PageProps,
  Section,
  Statement,
  Table,
  Time,
} from '../../../../ui/index.ts'
import { refusedPassing } from '../../../../values/scopes.ts'
import { type Passing, passesFor, relations, type Target } from '../../written/passing.ts'
import type { Version, Written } from '../../written/types.ts'
import { saidIn } from '../../written/words.ts'
import { Marks, stateNow } from './words.tsx'

type Frame = PageProps & { zone: string }

interface PassingProps {
  frame: Frame
  actor: Actor | null
  warning: Written
  version: Version
  /** For which of the reader's organisations it may be passed on. */
  passing: { orgs: { id: number; name: string }[]; rows: Passing[] }
}

const mineOf = ({ rows }: PassingProps['passing']): Passing[] =>
  rows.filter((row) => row.mine && row.endedAt === null)

/** On the page of the warning, to whom it was passed on: from whom, and what that means. */
export function PassedOn({ frame: { t }, version, passing }: PassingProps) {
  const mine = mineOf(passing)
  if (mine.length === 0) return null
  const orgs = [...new Set(mine.map((row) => row.orgName))]
  return (
    <Notice kind="careful" title={t('written.passing.mine', { org: t.list(orgs) })}>
      <p>{t('written.passing.mine.rule', { tlp: version.tlp })}</p>
    </Notice>
  )
}

/** There too: to whom it went on, and the way to pass it on, or why there is none. */
export function PassingOn({ frame, actor, warning, version, passing }: PassingProps) {
  const { t } = frame
  if (!actor || version.state !== 'published' || stateNow(warning, frame.now) !== 'published') return null
  const given = passing.rows.filter((row) => !row.mine)
  const refused = refusedPassing(version.audience, version.tlp)
  const reads = actor.engagements.some((one) => one.org !== null)
  if (mineOf(passing).length > 0) return null
  if (!reads && given.length === 0) return null
  return (
    <Section title={t(reads ? 'written.passing.title' : 'written.passing.given')} id="passing">
      {passing.orgs.length > 0 ? (
        <>
          <p>{t(`written.passing.lead.${version.tlp}`)}</p>
          <Actions>
            <Button href={`/warnings/written/${warning.id}/passing`}>{t('written.passing.open')}</Button>
          </Actions>
        </>
      ) : (
        reads && <p>{t(refused ? `written.passing.refused.${refused}` : 'written.passing.role')}</p>
      )}
      {given.length > 0 && (
        <Given frame={frame} actor={actor} warning={warning} rows={given} captionHidden={!reads} />
      )}
    </Section>
  )
}

function Given({
  frame,
  actor,
  warning,
  rows,
  captionHidden,
}: Pick<PassingProps, 'frame' | 'actor' | 'warning'> & { rows: Passing[]; captionHidden: boolean }) {
  const { t, now, zone } = frame
  const own = actor ? passesFor(actor) : []
  const coordinates = actor?.engagements.some((one) => one.role === 'coordinator')
  return (
    <Table<Passing>
      caption={t('written.passing.given')}
      captionHidden={captionHidden}
      rows={rows}
      rowKey={(row) => String(row.id)}
      columns={[
        {
          key: 'to',
          label: t('written.passing.to'),
          main: true,
          cell: (row) => (
            <>
              {row.toName} <Chip>{t(`written.passing.relation.${row.relation}`)}</Chip>
              <br />
              <span class="muted">{row.need}</span>
            </>
          ),
        },
        {
          key: 'from',
          label: t('written.passing.from'),
          cell: (row) => (
            <>
              {row.orgName}
              {row.passedBy && ` – ${row.passedBy}`}
            </>
          ),
        },
        {
          key: 'people',
          label: t('written.passing.people'),
          kind: 'number',
          cell: (row) => String(row.people),
        },
        {
          key: 'at',
          label: t('written.passing.at'),
          kind: 'time',
          cell: (row) => <Time t={t} at={row.passedAt} now={now} zone={zone} as="short" />,
        },
        {
          key: 'end',
          label: t('written.passing.state'),
          cell: (row) =>
            row.endReason ? (
              t(`written.passing.end.${row.endReason}`)
            ) : coordinates || own.some((one) => one.id === row.org) ? (
              <Form
                action={`/warnings/written/${warning.id}/passings/${row.id}/withdrawal`}
                csrf={frame.csrf}
                label={`${t('written.passing.takeBack')}: ${row.toName}`}
              >
                <Button kind="quiet">{t('written.passing.takeBack')}</Button>
              </Form>
            ) : (
              t('written.passing.reads')
            ),
        },
      ]}
      empty={<></>}
    />
  )
}

export interface PassingForm {
  org: string
  to: string
  relation: string
  need: string
}

export interface PassingPageProps {
  frame: Frame
  warning: Written
  version: Version
  orgs: { id: number; name: string }[]
  form: PassingForm
  /** Who would get it; null before anybody was named. */
  target: Target | null
  errors: Record<string, string>
  refused: string | null
}

/** First whom, then who that is and why they need it: nothing goes before the second step. */
export function passingPage(props: PassingPageProps): string {
  const { frame, warning, version, refused } = props
  const { t } = frame
  return html(
    <Page
      {...frame}
      title={t('written.passing.title')}
      tlp={version.tlp}
      head={
        <header class="warning-head">
          <Marks t={t} warning={warning} version={version} now={frame.now} />
          <h1>{t('written.passing.title')}</h1>
        </header>
      }
    >
      <Statement>{saidIn(version, t.lang).title}</Statement>
      {refused ? (
        <Notice kind="wrong" title={t('written.passing.no')}>
          <p>{t(refused)}</p>
        </Notice>
      ) : (
        <>
          <p>{t(`written.passing.lead.${version.tlp}`)}</p>
          <Whom {...props} />
          {props.target && <Why {...props} target={props.target} />}
        </>
      )}
      <p>
        <a href={`/warnings/written/${warning.id}`}>{t('written.passing.back')}</a>
      </p>
    </Page>,
  )
}

const errorIn = (t: T, errors: Record<string, string>, field: string): string | undefined =>
  errors[field] && t(`written.passing.error.${field}.${errors[field]}`)

function Whom({ frame: { t }, warning, orgs, form, target, errors }: PassingPageProps) {
  return (
    <Form method="get" action={`/warnings/written/${warning.id}/passing`} label={t('written.passing.whom')}>
      {orgs.length > 1 && (
        <Field
          label={t('written.passing.from')}
          name="org"
          type="select"
          value={form.org}
          options={orgs.map((one) => ({ value: String(one.id), label: one.name }))}
        />
      )}
      <Field
        label={t('written.passing.to')}
        name="to"
        required
        maxlength={300}
        value={form.to}
        error={errorIn(t, errors, 'to')}
        hint={t('written.passing.to.hint')}
      />
      <Actions>
        <Button kind={target ? 'plain' : 'primary'}>{t('written.passing.preview')}</Button>
      </Actions>
    </Form>
  )
}

function Why({ frame, warning, form, target, errors }: PassingPageProps & { target: Target }) {
  const { t, csrf } = frame
  return (
    <Section title={t('written.passing.who')} id="who">
      <Statement>
        {t('written.passing.gets', {
          org: target.name,
          n: target.people,
          roles: t.list(target.roles.map((role) => t(`ui.role.${role}`))),
        })}
      </Statement>
      <p>{t('written.passing.after')}</p>
      <Form
        action={`/warnings/written/${warning.id}/passings`}
        csrf={csrf}
        hidden={{ org: form.org, to: form.to }}
        label={t('written.passing.title')}
      >
        <Field
          label={t('written.passing.relation')}
          name="relation"
          type="select"
          value={form.relation}
          error={errorIn(t, errors, 'relation')}
          options={relations.map((one) => ({ value: one, label: t(`written.passing.relation.${one}`) }))}
        />
        <Field
          label={t('written.passing.need')}
          name="need"
          type="textarea"
          rows={3}
          maxlength={1000}
          required
          value={form.need}
          error={errorIn(t, errors, 'need')}
          hint={t('written.passing.need.hint')}
        />
        <Actions>
          <Button kind="primary" consequence={t('written.passing.consequence')}>
            {t('written.passing.do', { n: target.people })}
          </Button>
        </Actions>
      </Form>
    </Section>
  )
}
