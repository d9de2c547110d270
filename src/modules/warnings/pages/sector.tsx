/** Sector now: for a wall, readable from five metres, live, nothing to press. */
import type { T } from '../../../platform/i18n.ts'
import {
  Figure,
  html,
  Live,
  Page,
  type PageProps,
  SeverityBadge,
  Statement,
  Time,
} from '../../../ui/index.ts'
import { queryWith } from './access.ts'
import { nameOf } from './both-cells.tsx'
import type { Campaign, Notable, SectorNow, Waiting } from './sector-data.ts'
import { titleOf } from './words.ts'

interface Shown {
  t: T
  now: number
  zone?: string
}

export function sectorPage({ frame, data }: { frame: PageProps; data: SectorNow }): string {
  const { t, now, zone } = frame
  return html(
    <Page {...frame} wall head={<h1 class="visually-hidden">{frame.title}</h1>}>
      <Live id="sector" topic="warnings derived" apply="now">
        <State t={t} data={data} />
        <div class="wall-columns">
          <div class="wall-column">
            <Part
              title={t('warnings.sector.campaigns')}
              none={data.campaigns.length === 0 && t('warnings.sector.campaigns.none')}
            >
              {data.campaigns.map((one) => (
                <CampaignRow key={one.id} t={t} now={now} zone={zone} campaign={one} />
              ))}
            </Part>
            <Part title={t('warnings.sector.waiting')}>
              <Ages t={t} waiting={data.waiting} />
            </Part>
            <Part
              title={t('warnings.sector.silent')}
              none={data.silent.length === 0 && t('warnings.sector.silent.none')}
            >
              {data.silent.map((row) => (
                <li key={row.id}>
                  <a href={`/warnings/${row.id}`}>
                    <strong>{row.orgName ?? t('warnings.ofCoordinators')}</strong>{' '}
                    {titleOf(row.title, t.lang)}
                  </a>{' '}
                  <span class="muted">
                    <Time t={t} at={row.firstAt} now={now} zone={zone} />
                  </span>
                </li>
              ))}
            </Part>
          </div>
          <div class="wall-column">
            <Part
              title={t('warnings.sector.notable')}
              none={data.notable.length === 0 && t('warnings.sector.notable.none')}
            >
              {data.notable.map((one) => (
                <NotableRow key={one.id} t={t} now={now} zone={zone} one={one} />
              ))}
            </Part>
          </div>
        </div>
      </Live>
    </Page>,
  )
}

function State({ t, data }: { t: T; data: SectorNow }) {
  const { high, living, lastHour } = data
  const waiting = data.waiting.reduce((sum, one) => sum + one.urgent, 0)
  return (
    <Statement tone={waiting > 0 ? 'urgent' : 'calm'}>
      {high === 0 ? (
        t('warnings.sector.calm')
      ) : (
        <>
          <Figure href="/warnings?state=living&severity=3&kind=detected">{t.number(high)}</Figure>{' '}
          {t('warnings.sector.high', { n: high })}
          {waiting > 0 ? (
            <>, {t('warnings.sector.highWaiting', { n: waiting })}.</>
          ) : (
            <>, {t('warnings.sector.allTaken')}</>
          )}
        </>
      )}{' '}
      <span class="wall-flow">
        {t('warnings.sector.flow', {
          living,
          events: t.about(lastHour.events),
          share: t.percent(
            lastHour.dropped + lastHour.through === 0
              ? null
              : lastHour.dropped / (lastHour.dropped + lastHour.through),
          ),
        })}
      </span>
    </Statement>
  )
}

function Part({
  title,
  none,
  children,
}: {
  title: string
  none?: string | false
  children: preact.ComponentChildren
}) {
  return (
    <section class="wall-part">
      <h2>{title}</h2>
      {none ? <p class="muted">{none}</p> : <ul>{children}</ul>}
    </section>
  )
}

function CampaignRow({ t, now, zone, campaign }: Shown & { campaign: Campaign }) {
  return (
    <li>
      <a href={`/warnings/${campaign.id}`}>
        <SeverityBadge t={t} severity={nameOf(campaign.severity)} />{' '}
        {campaign.source ? <code>{campaign.source}</code> : titleOf(campaign.title, t.lang)}
      </a>{' '}
      <span class="muted">
        {campaign.members.length > 0 && (
          <>{t('warnings.sector.members', { n: campaign.members.length })} · </>
        )}
        <Time t={t} at={campaign.lastAt} now={now} zone={zone} />
      </span>
      <p class="wall-members">{campaign.members.join(' · ')}</p>
    </li>
  )
}

function Ages({ t, waiting }: { t: T; waiting: Waiting[] }) {
  return (
    <>
      {waiting.map((one) => (
        <li key={one.key} class="wall-age">
          <a href={`/warnings${queryWith(textOf(one.filters))}`}>
            <span class="wall-number">{t.number(one.n)}</span> {t(`warnings.sector.age.${one.key}`)}
            {one.urgent > 0 && (
              <span class="wall-urgent"> {t('warnings.sector.urgent', { n: one.urgent })}</span>
            )}
          </a>
        </li>
      ))}
    </>
  )
}

const textOf = (filters: Waiting['filters']): Record<string, string> =>
  Object.fromEntries(Object.entries(filters).map(([name, value]) => [name, String(value)]))

function NotableRow({ t, now, zone, one }: Shown & { one: Notable }) {
  const what =
    one.kind === 'answer'
      ? t(`warnings.said.${String(one.detail.answer)}`)
      : t(`warnings.sector.kind.${one.kind}`)
  return (
    <li>
      <a href={`/warnings/${one.warning}`}>
        <SeverityBadge t={t} severity={nameOf(one.severity)} />{' '}
        <strong>{one.orgName ?? t('warnings.ofCoordinators')}</strong> {titleOf(one.title, t.lang)}
      </a>{' '}
      <span class="muted">
        {what} · <Time t={t} at={one.at} now={now} zone={zone} />
      </span>
    </li>
  )
}
