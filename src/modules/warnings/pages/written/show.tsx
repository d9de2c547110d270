/** A warning that somebody wrote, as its reader may see it. */
import { isCoordinator } from '../../../../platform/access.ts'
import {
  Actions,
  Button,
  type Fact,
  Facts,
  html,
  Live,
  Notice,
  Page,
  Section,
  Time,
} from '../../../../ui/index.ts'
import { changesBetween } from '../../written/compare.ts'
import { namesProducts } from '../../written/exposure.ts'
import { saidIn } from '../../written/words.ts'
import { NewsOfAdvisory } from './advisory.tsx'
import { ChangedSince, Differences } from './changed.tsx'
import { Derived, Sources } from './derivation.tsx'
import { Indicators } from './indicators-shown.tsx'
import { Lead } from './lead.tsx'
import { Answers } from './own-answers.tsx'
import { PassedOn, PassingOn } from './passing.tsx'
import type { ShowProps } from './show-props.ts'
import { Text } from './text.tsx'
import { Marks, ownersWords, stateNow } from './words.tsx'

export function showPage(props: ShowProps): string {
  const { frame, warning, version, actor } = props
  const { t } = frame
  const coordinator = actor !== null && isCoordinator(actor)
  const title = saidIn(version, t.lang).title
  return html(
    <Page
      {...frame}
      title={title}
      tlp={version.tlp}
      flash={props.flash}
      head={
        <header class="warning-head">
          <Marks t={t} warning={warning} version={version} now={frame.now} />
          <h1>{title}</h1>
        </header>
      }
    >
      {version.tlp === 'RED' && actor && (
        <Notice kind="careful" title={t('written.red', { name: actor.name })} />
      )}
      <Standing {...props} />
      <Calls {...props} />
      <PassedOn {...props} />
      <NewsOfAdvisory frame={frame} warning={warning.id} news={props.news} />
      <Sources {...props} />
      <Live id="written" topic="warnings">
        <Facts facts={factsOf(props, coordinator)} />
      </Live>
      <Text t={t} version={version} />
      <Indicators t={t} now={frame.now} zone={frame.zone} indicators={props.indicators} tlp={version.tlp} />
      {version.tlp !== 'RED' && (
        <Actions>
          <Button href={pdfOf(warning.id, version.state === 'past' ? version.no : null)} download>
            {t('print.get')}
          </Button>
        </Actions>
      )}
      <Answers {...props} />
      <PassingOn {...props} />
      <Changes {...props} />
      <Derived {...props} own={actor?.person === warning.author} />
      {coordinator && <Lead {...props} />}
    </Page>,
  )
}

function Calls({ frame: { t }, calls }: ShowProps) {
  return calls.map(({ id, number, running }) => (
    <Notice key={id} kind={running ? 'careful' : undefined} title={t('written.call', { number })}>
      <a href={`/rollcalls/${id}`}>{t(running ? 'written.call.running' : 'written.call.over')}</a>
    </Notice>
  ))
}

const pdfOf = (id: number, past: number | null): string =>
  `/warnings/written/${id}/pdf${past === null ? '' : `?version=${past}`}`

function Standing({ frame, warning, version, refused, changed }: ShowProps) {
  const { t } = frame
  const state = stateNow(warning, frame.now)
  return (
    <>
      {refused && <Notice kind="wrong" title={t(`written.refused.${refused}`)} />}
      <ChangedSince t={t} changed={changed} />
      {state === 'revoked' && (
        <Notice kind="wrong" title={t('written.revoked')}>
          <p>{warning.revokeReason}</p>
        </Notice>
      )}
      {state === 'expired' && <Notice kind="careful" title={t('written.expired')} />}
      {version.state === 'past' && (
        <Notice kind="careful" title={t('written.past', { n: version.no })}>
          <p>
            <a href={`/warnings/written/${warning.id}`}>{t('written.past.newest')}</a>
          </p>
        </Notice>
      )}
      {version.reviewDueAt !== null && version.judgedAt === null && version.state === 'published' && (
        <Notice kind="careful" title={t('written.unreviewed')} />
      )}
    </>
  )
}

function factsOf(
  { frame, warning, version, reached }: ShowProps,
  coordinator: boolean,
): (Fact | false | null)[] {
  const { t, now, zone } = frame
  return [
    { label: t('written.field.kind'), value: t(`written.kind.${version.kind}`) },
    { label: t('written.field.audience'), value: t(`written.audience.${version.audience}`) },
    warning.publishedAt !== null && {
      label: t('written.published'),
      value: <Time t={t} at={warning.publishedAt} now={now} zone={zone} />,
      note:
        version.no > 1 && version.publishedAt !== null ? (
          <>
            {t('written.versionNo', { n: version.no })}
            {' · '}
            <Time t={t} at={version.publishedAt} now={now} zone={zone} />
          </>
        ) : undefined,
    },
    warning.endsAt !== null && {
      label: t('written.field.validUntil'),
      value: <Time t={t} at={warning.endsAt} now={now} zone={zone} as="short" />,
    },
    coordinator &&
      reached && {
        label: t('written.reached'),
        value:
          reached.orgs > 0
            ? t('written.reached.orgs', { n: reached.orgs })
            : reached.people > 0
              ? t('written.reached.people', { n: reached.people })
              : t('written.preview.nobody'),
        note: (
          <>
            {t('written.preview.asked', { n: reached.asked })}{' '}
            {namesProducts(version.rules) && `${ownersWords(version.owners, t)} `}
            <a href={`/warnings/written/${warning.id}/board`}>{t('written.board.open')}</a>
          </>
        ),
      },
    {
      label: t('why.own'),
      value: <a href={`/warnings/written/${warning.id}/messages`}>{t('why.title')}</a>,
    },
    coordinator && {
      label: t('written.people'),
      value: t('written.people.two', {
        author: version.authorName ?? '–',
        approver: version.approverName ?? '–',
      }),
    },
  ]
}

/** What the shown version changed, and the way to the others. */
function Changes({ frame: { t, now, zone }, warning, version, versions }: ShowProps) {
  if (versions.filter((one) => one.state === 'published' || one.state === 'past').length < 2) return null
  const before = versions.find((one) => one.no === version.no - 1)
  const changes = before ? changesBetween(before, version) : []
  return (
    <Section title={t('written.versions')} id="versions">
      {version.changeNote !== '' && before && <p class="written-text">{version.changeNote}</p>}
      {before && changes.length === 0 && <p class="muted">{t('written.versions.same')}</p>}
      {changes.length > 0 && <Differences t={t} changes={changes} />}
      <ul>
        {versions
          .filter((one) => one.publishedAt !== null)
          .map((one) => (
            <li>
              {one.no === version.no ? (
                <strong>{t('written.versionNo', { n: one.no })}</strong>
              ) : (
                <a href={`/warnings/written/${warning.id}?version=${one.no}`}>
                  {t('written.versionNo', { n: one.no })}
                </a>
              )}{' '}
              {one.publishedAt !== null && (
                <Time t={t} at={one.publishedAt} now={now} zone={zone} as="short" />
              )}
            </li>
          ))}
      </ul>
    </Section>
  )
}
