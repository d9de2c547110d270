/** What concerns us today, line by line: what, since when, and what to do. */
import type { T } from '../../../platform/i18n.ts'
import { Button, Chip, Code, List, ListRow, SeverityBadge, Time } from '../../../ui/index.ts'
import {
  AnswerButtons,
  adviceOf,
  isManagerOnly,
  nameOf,
  orgWords,
  ruleTextOf,
  standingWords,
  titleOf,
} from '../../warnings/pages.ts'
import type { Detected, Told } from '../concern.ts'
import type { MemberProps } from './member-props.ts'

type ItemsProps = MemberProps & {
  /** The lines are of several organisations, so each names its own. */
  several: boolean
}

export function Items(props: ItemsProps) {
  return (
    <List label={props.frame.t('home.items')}>
      {props.today.items.map((one) =>
        one.kind === 'detected' ? (
          <DetectedRow key={one.key} {...props} item={one.row} />
        ) : (
          <ToldRow key={one.key} {...props} one={one} />
        ),
      )}
    </List>
  )
}

function ToldRow({ frame: { t, now, zone }, several, one }: ItemsProps & { one: Told }) {
  const late = one.dueAt !== null && one.dueAt <= now
  return (
    <ListRow
      href={one.href}
      fresh={one.standing === 'pending'}
      badge={<SeverityBadge t={t} severity={nameOf(one.severity)} />}
      title={one.title}
      meta={
        <>
          {several && one.orgName !== null && (
            <>
              <strong>{one.orgName}</strong> ·{' '}
            </>
          )}
          <Chip>{t(`home.kind.${one.kind}`)}</Chip> {t('home.from')}{' '}
          <Time t={t} at={one.since} now={now} zone={zone} as="short" />
          {one.stands !== '' && <> · {one.stands}</>}
          {late && (
            <>
              {' · '}
              <strong>{t('home.late')}</strong>
            </>
          )}
        </>
      }
      actions={<Button href={one.todo.href}>{one.todo.label}</Button>}
    >
      <p class="row-say">{one.say}</p>
    </ListRow>
  )
}

function DetectedRow({ frame, actor, org, several, all, item }: ItemsProps & { item: Detected['row'] }) {
  const { t, now, zone } = frame
  const query = [all && 'all=1', org !== null && `org=${org}`].filter(Boolean).join('&')
  const manager = isManagerOnly(actor, item.org)
  return (
    <ListRow
      href={`/warnings/${item.id}`}
      fresh={item.answer === 'pending'}
      badge={<SeverityBadge t={t} severity={nameOf(item.severity)} />}
      title={titleOf(item.title, t.lang)}
      meta={
        <>
          {(several || item.orgNow !== null) && (
            <>
              <strong>{orgWords(item, t)}</strong> ·{' '}
            </>
          )}
          {!manager && <Concerned t={t} item={item} />}
          {t('home.since')} <Time t={t} at={item.firstAt} now={now} zone={zone} />
          {item.going && <> · {t('home.going')}</>} · {standingWords(item, t)}
          {item.assignee && <> · {item.assignee}</>}
        </>
      }
      done={
        item.things && (item.things.done === 'dropped' || item.things.done === 'partly')
          ? t(`home.done.${item.things.done}`)
          : undefined
      }
      actions={
        <AnswerButtons
          t={t}
          actor={actor}
          row={item}
          csrf={frame.csrf ?? ''}
          back={query === '' ? '/' : `/?${query}`}
          short
        />
      }
    >
      <p class="row-say">{manager ? adviceOf(item.title, t.lang).manager : meaningOf(item, t)}</p>
    </ListRow>
  )
}

const meaningOf = (item: Detected['row'], t: T): string =>
  item.things ? ruleTextOf(item.things.explanation, t).answer : adviceOf(item.title, t.lang).happened

function Concerned({ t, item }: { t: T; item: Detected['row'] }) {
  const hosts = item.things?.hosts ?? []
  const [first] = hosts
  if (item.things?.sensor)
    return (
      <>
        {t('home.sensor')} <strong>{item.things.sensor}</strong> ·{' '}
      </>
    )
  if (!first) return null
  return (
    <>
      {t('home.yourThing')} <Code t={t} text={first} />
      {hosts.length > 1 && <> {t('home.andMore', { n: hosts.length - 1 })}</>} ·{' '}
    </>
  )
}
