/** One quiet line: the watching works, or where it does not. */

import { duration, short } from '../../../platform/dates.ts'
import type { T } from '../../../platform/i18n.ts'
import { Notice, Time } from '../../../ui/index.ts'
import type { Outage } from '../../channels/index.ts'
import type { Watching } from '../watching.ts'

/** As many sensors as are named; the others are counted. */
const named = 3

function namesOf(ill: Watching['sensors'], t: T): string {
  const names = ill.slice(0, ill.length > named + 1 ? named : ill.length).map((one) => one.name)
  const others = ill.length - names.length
  return t.list(others > 0 ? [...names, t('home.works.others', { n: others })] : names)
}

export function Works({ t, watching, now, zone }: { t: T; watching: Watching; now: number; zone?: string }) {
  const { sensors, healthy, lastEventAt } = watching
  const ill = sensors.filter((one) => one.health === 'silent' || one.health === 'troubled')
  const silent = sensors.every((one) => one.health === 'silent')
  return (
    <>
      <Outages t={t} outages={watching.outages} now={now} zone={zone} />
      <p class="works">
        {lastEventAt === null ? (
          t('home.works.nothingYet')
        ) : (
          <>
            {t(sensors.length > 0 && silent ? 'home.works.silent' : 'home.works.last')}{' '}
            <Time t={t} at={lastEventAt} now={now} zone={zone} />
          </>
        )}
        {sensors.length === 0 ? (
          <>. {t('home.works.sector')}</>
        ) : (
          <>
            {' · '}
            <a href="/sensors">{t('home.works.healthy', { n: healthy })}</a>
            {ill.length > 0 && (
              <>
                {', '}
                <strong>{t('home.works.ill', { n: ill.length, names: namesOf(ill, t) })}</strong>
              </>
            )}
          </>
        )}
      </p>
    </>
  )
}

/** Times in which hSOC itself warned nobody. */
function Outages({ t, outages, now, zone }: { t: T; outages: Outage[]; now: number; zone?: string }) {
  return outages.map(({ from, to }) => (
    <Notice
      kind="careful"
      title={t('home.outage', {
        from: short(from, now, t, zone),
        to: short(to, now, t, zone),
        lasted: duration(to - from),
      })}
    >
      <p>{t('home.outage.what')}</p>
    </Notice>
  ))
}
