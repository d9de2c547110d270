/** A warning: the answer first, then what to do, then the story, the evidence and why it came. */
import type { Actor } from '../../../platform/access.ts'
import { isCoordinator } from '../../../platform/access.ts'
import type { T } from '../../../platform/i18n.ts'
import {
  AnswerBar,
  Chip,
  Code,
  Details,
  type Fact,
  Facts,
  type Flash,
  html,
  Live,
  Page,
  type PageProps,
  Section,
  SeverityBadge,
  Statement,
  Time,
  TlpChip,
} from '../../../ui/index.ts'
import type { WarningDetail } from '../types.ts'
import { isManagerOnly } from './access.ts'
import { AnswerButtons } from './answer-buttons.tsx'
import { nameOf } from './both-cells.tsx'
import { sensorHref } from './links.ts'
import { ActNow, ActToday, Happened } from './show-advice.tsx'
import type { ShowData } from './show-data.ts'
import { Evidence, sourcesBehind } from './show-evidence.tsx'
import { Deliveries, Story } from './show-story.tsx'
import { Assignee, Phone, Talk } from './show-talk.tsx'
import { WhyNow, WhyYou } from './show-why.tsx'
import { adviceOf, bandWords, orgWords, ruleTextOf, standingWords, titleOf } from './words.ts'

export interface ShowProps {
  frame: PageProps
  actor: Actor
  data: ShowData
  phone: string | null
  /** Both versions may be asked for by the address; management begins with its own. */
  version: 'manager' | 'full'
  flash?: Flash
  errors?: Record<string, string>
  /** What stood in the refused form. */
  given?: { note?: string; text?: string }
}

export const versionOf = (asked: unknown, actor: Actor, org: number | null): ShowProps['version'] =>
  asked === 'full' || asked === 'manager' ? asked : isManagerOnly(actor, org) ? 'manager' : 'full'

export function showPage(props: ShowProps): string {
  const { data } = props
  const { warning } = data
  const { t } = props.frame
  const frame: PageProps = {
    ...props.frame,
    title: titleOf(warning.title, t.lang),
    tlp: warning.tlp,
    organisation: warning.orgName ?? undefined,
    exercise: data.exerciseTitle ?? undefined,
    flash: props.flash,
  }
  return html(
    <Page {...frame} head={<Head t={t} warning={warning} />} side={<Side {...props} frame={frame} />}>
      <Live id="warning" topic="warnings">
        <Facts facts={factsOf(t, props)} />
      </Live>
      {props.version === 'manager' ? (
        <ForManager {...props} frame={frame} />
      ) : (
        <Full {...props} frame={frame} />
      )}
    </Page>,
  )
}

/** After what to do and before what there is to read; until then it stays at the bottom of the screen. */
function Answering({ frame, data, actor, errors, given }: ShowProps) {
  const { t } = frame
  return (
    <AnswerBar label={t('warnings.answer.label')}>
      <AnswerButtons
        t={t}
        actor={actor}
        row={data.warning}
        csrf={frame.csrf ?? ''}
        errors={errors}
        note={given?.note}
      />
    </AnswerBar>
  )
}

function Head({ t, warning }: { t: T; warning: WarningDetail }) {
  return (
    <header class="warning-head">
      <p class="warning-marks">
        <SeverityBadge t={t} severity={nameOf(warning.severity)} /> <TlpChip t={t} tlp={warning.tlp} />{' '}
        <span class="muted">{warning.number}</span>{' '}
        {warning.exercise !== null && <Chip>{t('warnings.exercise')}</Chip>}
      </p>
      <h1>{titleOf(warning.title, t.lang)}</h1>
    </header>
  )
}

function factsOf(t: T, { frame, data, version }: ShowProps): (Fact | false)[] {
  const { warning } = data
  const { now, zone } = frame
  const { hosts } = warning.explanation
  const sources = sourcesBehind(warning)
  const [first] = hosts
  return [
    {
      label: t('warnings.concerns'),
      value: orgWords(warning, t),
      note:
        version === 'full' && first ? (
          <>
            <Code t={t} text={first} copy />{' '}
            {hosts.length > 1 && t('warnings.andMore', { n: hosts.length - 1 })}
          </>
        ) : undefined,
    },
    warning.sensor !== null && {
      label: t('warnings.sensor'),
      value: <a href={sensorHref(warning.sensor.id)}>{warning.sensor.name}</a>,
    },
    { label: t('warnings.since'), value: <Time t={t} at={warning.firstAt} now={now} zone={zone} /> },
    {
      label: t('warnings.stillOn'),
      value:
        warning.state === 'closed'
          ? t('warnings.state.closed')
          : t(warning.going ? 'warnings.stillOn.yes' : 'warnings.stillOn.no'),
      note: <Time t={t} at={warning.lastAt} now={now} zone={zone} />,
    },
    {
      label: t('warnings.standing'),
      value: standingWords(warning, t),
      note: warning.answeredBy ?? undefined,
    },
    version === 'full' && {
      label: t(sources ? 'campaigns.sources' : 'warnings.events'),
      value: <a href="#evidence">{t.number(sources?.n ?? warning.events)}</a>,
    },
    // The coordinators' own tells them all; a band is for members.
    warning.org !== null && {
      label: t('warnings.seenBy'),
      value: warning.seenBand
        ? t('warnings.seenBy.band', { band: bandWords(warning.seenBand, t) })
        : t('warnings.seenBy.none'),
    },
  ]
}

function Full(props: ShowProps) {
  const { frame, data, actor } = props
  const { t } = frame
  const { warning } = data
  const advice = adviceOf(warning.title, t.lang)
  return (
    <>
      <Statement tone={warning.severity === 4 && warning.state !== 'closed' ? 'urgent' : 'calm'}>
        {ruleTextOf(warning.explanation, t).answer}
      </Statement>
      <Happened t={t} warning={warning} advice={advice} />
      <ActNow t={t} advice={advice} />
      <ActToday t={t} advice={advice} />
      <Answering {...props} />
      <Details summary={t('warnings.forManager')}>
        <p class="manager-text">{advice.manager}</p>
        <p>
          <a href={`/warnings/${warning.id}?version=manager`}>{t('warnings.forManager.open')}</a>
        </p>
      </Details>
      <Talk
        t={t}
        warning={warning}
        log={data.log}
        actor={actor}
        csrf={frame.csrf ?? ''}
        now={frame.now}
        zone={frame.zone}
        errors={props.errors}
        given={props.given?.text}
      />
      <Story t={t} log={data.log} now={frame.now} zone={frame.zone} />
      <Evidence t={t} data={data} now={frame.now} zone={frame.zone} coordinator={isCoordinator(actor)} />
      <WhyYou t={t} warning={warning} coordinator={isCoordinator(actor)} />
      <WhyNow t={t} data={data} now={frame.now} zone={frame.zone} />
      <Deliveries t={t} rows={data.deliveries} now={frame.now} zone={frame.zone} />
      <p>
        <a href={`/warnings/${warning.id}/messages`}>{t('why.title')}</a>
      </p>
    </>
  )
}

function ForManager(props: ShowProps) {
  const { frame, data } = props
  const { t } = frame
  const { warning } = data
  return (
    <>
      <Statement>{adviceOf(warning.title, t.lang).manager}</Statement>
      <Section title={t('warnings.manager.state')}>
        <p>{t(`warnings.manager.${warning.state === 'closed' ? 'closed' : warning.answer}`)}</p>
        {warning.assignee && <p>{t('warnings.manager.assignee', { name: warning.assignee })}</p>}
        <p class="no-print">
          <a href={`/warnings/${warning.id}?version=full`}>{t('warnings.manager.full')}</a>
        </p>
      </Section>
      <Answering {...props} />
      <Story t={t} log={data.log} now={frame.now} zone={frame.zone} />
    </>
  )
}

function Side(props: ShowProps) {
  const { frame, data, actor, phone } = props
  const { t } = frame
  return (
    <>
      <Phone t={t} phone={phone} />
      <Assignee t={t} warning={data.warning} people={data.people} actor={actor} csrf={frame.csrf ?? ''} />
      <p class="no-print">
        <a href={`/api/v1/warnings/${data.warning.id}`} data-turbo="false">
          JSON
        </a>
        {' · '}
        <a href="/warnings">{t('warnings.back')}</a>
      </p>
    </>
  )
}
