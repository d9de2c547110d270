/** Members who agreed to be shown, on a map of regions and by name. */
import type { T } from '../../../platform/i18n.ts'
import { EmptyState, html, Page, type PageProps, Section } from '../../../ui/index.ts'
import { type Region, regionMap, regionNamed } from '../../members/index.ts'
import type { ShownMember } from '../showings.ts'

interface MembersProps {
  frame: PageProps
  members: ShownMember[]
}

function regionOf(written: string | null): Region | null {
  const code = regionNamed(written)
  return regionMap.regions.find(({ nuts3 }) => nuts3 === code) ?? null
}

export function membersPage({ frame, members }: MembersProps): string {
  const { t } = frame
  const byRegion = Map.groupBy(members, ({ region }) => regionOf(region))
  const regions = [...byRegion.keys()]
    .filter((region) => region !== null)
    .sort((a, b) => a.name[t.lang].localeCompare(b.name[t.lang], t.locale))
  const elsewhere = byRegion.get(null) ?? []
  return html(
    <Page {...frame}>
      {members.length === 0 ? (
        <EmptyState title={t('site.members.none')} />
      ) : (
        <p>{t('site.members.shown', { n: members.length })}</p>
      )}
      <RegionsMap t={t} count={(region) => byRegion.get(region)?.length ?? 0} />
      {regions.map((region) => (
        <Section key={region.nuts3} title={region.name[t.lang]} id={region.nuts3}>
          <Names members={byRegion.get(region) ?? []} />
        </Section>
      ))}
      {elsewhere.length > 0 && (
        <Section title={t('site.members.elsewhere')}>
          <Names members={elsewhere} />
        </Section>
      )}
      <p class="muted">
        <a href="/showing">{t('site.members.decide')}</a>
      </p>
    </Page>,
  )
}

const Names = ({ members }: { members: ShownMember[] }) => (
  <ul class="bullets">
    {members.map((member) => (
      <li key={member.name}>{member.name}</li>
    ))}
  </ul>
)

/** The lists beside it say the same, so the drawing is one picture to a screen reader. */
function RegionsMap({ t, count }: { t: T; count: (region: Region) => number }) {
  const { width, height } = regionMap
  return (
    <svg class="region-map" viewBox={`0 0 ${width} ${height}`} role="img" aria-label={t('site.members.map')}>
      {regionMap.regions.map((region) => {
        const n = count(region)
        return (
          <g key={region.nuts3} class={n > 0 ? 'region-some' : undefined}>
            <title>{`${region.name[t.lang]}: ${n}`}</title>
            <path d={region.path} />
            {n > 0 && (
              <text x={region.mark[0]} y={region.mark[1]}>
                {n}
              </text>
            )}
          </g>
        )
      })}
    </svg>
  )
}
