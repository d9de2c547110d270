/** One quiet line: the watching works, or where it does not. */
import type { T } from '../../../platform/i18n.ts'
import { Time } from '../../../ui/index.ts'
import type { Watching } from '../watching.ts'

export function Works({ t, watching, now, zone }: { t: T; watching: Watching; now: number; zone?: string }) {
  const { sensors, healthy, lastEventAt } = watching
  const ill = sensors.filter((one) => one.health === 'silent' || one.health === 'troubled')
  return (
    <p class="works">
      {lastEventAt === null ? (
        t('home.works.nothingYet')
      ) : (
        <>
          {t('home.works.last')} <Time t={t} at={lastEventAt} now={now} zone={zone} />
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
              <strong>
                {t('home.works.ill', {
                  n: ill.length,
                  names: t.list(ill.slice(0, 3).map((one) => one.name)),
                })}
              </strong>
            </>
          )}
        </>
      )}
    </p>
  )
}
