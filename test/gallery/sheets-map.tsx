/** The map of regions: usual, with every look and large figures, and with nobody on it. */
import { regionMap } from '../../src/modules/members/index.ts'
import type { T } from '../../src/platform/i18n.ts'
import { type MapLine, type MapLook, Page, Section, StandsMap } from '../../src/ui/index.ts'
import { organisations } from './samples.ts'
import { frame } from './sheet-frame.ts'

const looks: MapLook[] = ['help', 'affected', 'lost', 'waiting', 'underway', 'good']

/** A first organisation of each region that differs from region to region, the others answered. */
const lines = (each: number): MapLine[] =>
  Array.from({ length: each * 14 }, (_, i) => ({
    key: i,
    name: `Nemocnice ${i}`,
    region: regionMap.regions[i % 14]?.nuts3 ?? null,
    look: i < 14 ? (looks[i % 6] ?? 'good') : 'good',
    href: `/rollcalls/1#org-${i}`,
  }))

export function Regions({ t }: { t: T }) {
  const words = looks.map((look) => ({
    look,
    label: t(`rollcalls.map.${look}`),
    settled: ['help', 'affected', 'good'].includes(look),
  }))
  const shared = {
    t,
    outlines: regionMap,
    words,
    hrefOf: (region: string) => `/rollcalls/1?region=${region}`,
  }
  const outside = organisations.map(
    ({ id, name }): MapLine => ({
      ...{ key: -id, name, region: null, look: 'waiting', href: `/rollcalls/1#org-${id}` },
    }),
  )
  return (
    <Page {...frame(t, { title: 'Mapa', active: 'rollcalls' })}>
      <Section title="Obvyklá">
        <StandsMap {...shared} id="usual" title="Obvyklá mapa" lines={lines(3)} chosen="CZ063" />
      </Section>
      <Section title="Přeplněná">
        <StandsMap {...shared} id="full" title="Přeplněná mapa" lines={[...lines(120), ...outside]} />
      </Section>
      <Section title="Prázdná">
        <StandsMap {...shared} id="empty" title="Prázdná mapa" lines={[]} />
      </Section>
    </Page>
  )
}
