/** One match: what of ours it concerns and why, what to do, what we say of it, what happened. */
import type { Actor } from '../../../platform/access.ts'
import type { Frame } from '../../../platform/frame.ts'
import {
  Actions,
  Button,
  Chip,
  Details,
  Facts,
  Field,
  type Flash,
  Form,
  html,
  Notice,
  Page,
  Section,
  SeverityBadge,
  Time,
} from '../../../ui/index.ts'
import type { Advisory } from '../../advisories/index.ts'
import { Changes, Remedies, versionsIn } from '../../advisories/pages.ts'
import { sentenceOf } from '../../assets/index.ts'
import { itemAnswers, mayAnswer } from '../../warnings/index.ts'
import { Answering, type GivenForm } from '../../warnings/pages.ts'
import { type Change, type Group, type MatchLine, mostGroups } from '../read.ts'
import { concernsWords, type KindsTogether, sureWords } from '../words.ts'
import { History } from './history.tsx'
import { standingWords } from './words.ts'

/** Who said what of a group of assets, by its first asset. */
export interface Said {
  name: string
  reason: string
}

export interface ShowProps {
  frame: Frame
  actor: Actor
  item: MatchLine
  groups: Group[]
  said: Map<number, Said>
  changes: Change[]
  advisory: Advisory
  mayDecide: boolean
  flash?: Flash | undefined
  answering?: { errors: Record<string, string>; form: GivenForm } | undefined
  /** A decision that could not be written down. */
  wrong?: string | undefined
}

export function showPage(props: ShowProps): string {
  const { frame, item, groups } = props
  const { t } = frame
  const gone = item.closedWhy !== null
  return html(
    <Page
      {...frame}
      tlp="AMBER"
      organisation={item.orgName}
      flash={props.flash}
      lead={gone ? t(`matches.closed.${item.closedWhy}`) : concernsWords(t, item, kindOf(groups))}
    >
      <p class="no-print">
        <a href="/matches">{t('matches.back')}</a>
      </p>
      {props.wrong && <Notice kind="wrong" title={props.wrong} />}
      {item.conflict && <Notice kind="careful" title={t('matches.conflict')} />}
      <Standing {...props} />
      <Answer {...props} />
      {!gone && <Remedies frame={frame} advisory={props.advisory} none={t('matches.todo.none')} />}
      {groups.length > 0 && (
        <Section title={t('matches.assets')} id="assets">
          {groups.map((group) => (
            <One key={group.asset} {...props} group={group} />
          ))}
          {groups.length >= mostGroups && <p class="muted">{t('matches.assets.more', { n: item.pieces })}</p>}
        </Section>
      )}
      <Changes frame={frame} advisory={props.advisory} />
      <History frame={frame} changes={props.changes} />
    </Page>,
  )
}

/** What all of them are, where they are of one kind. */
function kindOf(groups: Group[]): KindsTogether {
  const kinds = new Set(groups.filter(({ said }) => said !== 'other').map(({ kind }) => kind))
  const [only] = kinds
  return kinds.size === 1 && only ? only : 'mixed'
}

function Standing({ frame: { t, now, zone }, item }: ShowProps) {
  return (
    <Facts
      facts={[
        { label: t('advisories.severity'), value: <SeverityBadge t={t} severity={item.severity} /> },
        item.patientSafety && { label: t('advisories.safety'), value: t('advisories.safety.yes') },
        {
          label: t('advisories.use'),
          value: t(item.exploited ? 'advisories.exploited.yes' : 'advisories.exploited.no'),
        },
        item.closedWhy === null && { label: t('matches.sure'), value: sureWords(t, item.sure) },
        {
          label: t('matches.standing'),
          value: <Chip>{t(`matches.state.${item.state}`)}</Chip>,
          note: standingWords(t, item),
        },
        { label: t('matches.since'), value: <Time t={t} at={item.openedAt} now={now} zone={zone} /> },
        {
          label: t('matches.advisory'),
          value: <a href={`/advisories/${item.advisory}`}>{t('matches.advisory.open')}</a>,
          note: `${item.publisher}, ${item.trackingId}`,
        },
      ]}
    />
  )
}

function Answer({ frame, actor, item, answering }: ShowProps) {
  const { t, csrf } = frame
  const may = itemAnswers.filter((word) => mayAnswer(actor, item.org, word))
  return (
    <Section title={t('matches.answer')} id="answer">
      {item.closedWhy !== null && <p class="muted">{t('matches.answer.gone')}</p>}
      {item.closedWhy === null && may.length === 0 && <p class="muted">{t('matches.answer.none')}</p>}
      {item.closedWhy === null && (
        <Answering
          t={t}
          action={`/matches/${item.id}/answer`}
          csrf={csrf ?? ''}
          org={{ id: item.org, name: item.orgName }}
          standing={item.answer}
          may={may}
          given={answering?.form}
          errors={answering?.errors}
        />
      )}
    </Section>
  )
}

/** Assets that are written alike: pieces and departments, why, and whether it is ours. */
function One(props: ShowProps & { group: Group }) {
  const { frame, item, group, said } = props
  const { t } = frame
  const name = [group.vendor, group.product, group.version].filter(Boolean).join(' ')
  const by = said.get(group.asset)
  const products = group.products.map((one) =>
    [one.vendor, one.product, versionsIn(t, one.versions)].filter(Boolean).join(' '),
  )
  return (
    <Section
      level={3}
      title={name}
      actions={<a href={`/members/${item.org}/inventory/${group.asset}`}>{t('matches.asset')}</a>}
    >
      <p>
        <strong>{t('matches.pieces', { n: group.pieces })}</strong>
      </p>
      <p>
        {group.departments
          .map(
            ({ name: at, pieces }) =>
              `${at || t('matches.department.none')}: ${t('matches.pieces', { n: pieces })}`,
          )
          .join(' · ')}
      </p>
      <p>{t('matches.affects', { products: t.list(products.slice(0, 5)) })}</p>
      <Details summary={t('matches.why')} open={group.said === null}>
        <ul class="bullets">
          {group.why.map((reason) => (
            <li key={reason.about}>{sentenceOf(t, reason)}</li>
          ))}
        </ul>
      </Details>
      {group.said && by && (
        <p>
          {t(`matches.said.${group.said}`, { name: by.name })}{' '}
          {by.reason && t('matches.said.reason', { reason: by.reason })}
        </p>
      )}
      <Decision {...props} />
    </Section>
  )
}

function Decision({ frame: { t, csrf }, item, group, mayDecide }: ShowProps & { group: Group }) {
  const action = `/matches/${item.id}/assets/${group.asset}/decision`
  if (!mayDecide) return <p class="muted">{t('matches.do.who')}</p>
  if (group.said)
    return (
      <Form action={`${action}/withdrawal`} csrf={csrf} label={t('matches.do.withdraw')}>
        <Actions>
          <Button>{t('matches.do.withdraw')}</Button>
        </Actions>
      </Form>
    )
  return (
    <Form action={action} csrf={csrf} label={`${group.vendor} ${group.product}`}>
      <Field label={t('matches.do.reason')} name="reason" maxlength={500} hint={t('matches.do.holds')} />
      <Actions>
        <Button name="same" value="yes">
          {t('matches.do.same')}
        </Button>
        <Button name="same" value="no">
          {t('matches.do.other')}
        </Button>
      </Actions>
    </Form>
  )
}
