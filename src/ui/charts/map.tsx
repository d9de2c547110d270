/** A map of the country on which each region shows how its organisations stand: by a pattern and by figures, never by colour alone. */
import type { T } from '../../platform/i18n.ts'
import { ChartFrame } from './chart.tsx'
import { byRegion, type MapLine, type MapLook, type MapWord, type Stand } from './map-stands.ts'

export interface MapOutlines {
  width: number
  height: number
  /** In the order in which they are drawn. */
  regions: { nuts3: string; name: { cs: string; en: string }; mark: [number, number]; path: string }[]
}

export interface StandsMapProps {
  t: T
  /** Unique on the page; patterns are named after it. */
  id: string
  title: string
  outlines: MapOutlines
  lines: MapLine[]
  /** What the looks mean here, the most urgent one first. */
  words: MapWord[]
  /** Where a region leads; of the chosen one back to all. */
  hrefOf: (region: string) => string
  /** The region to which the page is cut down. */
  chosen?: string | undefined
}

/** The signs that repeat the patterns, so that the legend can be read in one colour. */
const signs: Record<MapLook, string> = {
  help: '!',
  affected: '▲',
  lost: '×',
  waiting: '?',
  underway: '…',
  good: '✓',
}

/** Marks a square of 14 units is filled with; what needs nobody has none. */
const patterns: Partial<Record<MapLook, string>> = {
  affected: 'M-3 3L3 -3M-3 17L17 -3M11 17L17 11',
  lost: 'M0 0L14 14M14 0L0 14',
  waiting: 'M7 6V8',
  underway: 'M0 7H14',
}

export function StandsMap(props: StandsMapProps) {
  const { t, id, title, outlines, lines, words } = props
  const stands = byRegion(lines, words)
  const known = new Set(outlines.regions.map(({ nuts3 }) => nuts3))
  const outside = lines.filter(({ region }) => region === null || !known.has(region))
  return (
    <ChartFrame
      t={t}
      title={title}
      titleHidden
      class="map"
      table={stands.size > 0 && <Numbers {...props} stands={stands} />}
      tableLabel={t('ui.map.table')}
    >
      {/* A group and no picture: its links have to stay links to those who do not see it. */}
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset cannot stand in a drawing */}
      <svg
        class="map-drawing"
        viewBox={`0 0 ${outlines.width} ${outlines.height}`}
        role="group"
        aria-label={title}
      >
        <defs>
          {words.map(({ look }) => (
            <Pattern key={look} id={id} look={look} />
          ))}
        </defs>
        {outlines.regions.map((region) => (
          <Region
            key={region.nuts3}
            {...props}
            name={region.name[t.lang]}
            region={region}
            stand={stands.get(region.nuts3)}
          />
        ))}
        {/* After all outlines, so that no neighbour covers them; the links say the same. */}
        <svg aria-hidden="true">
          {outlines.regions.map(({ nuts3, mark }) => {
            const stand = stands.get(nuts3)
            return stand && <Figures key={nuts3} t={t} mark={mark} stand={stand} />
          })}
        </svg>
      </svg>
      <div class="map-beside">
        <ul class="map-legend">
          {words.map(({ look, label }) => {
            const n = lines.filter((line) => line.look === look).length
            return n > 0 && <Legend key={look} id={id} look={look} label={label} n={t.number(n)} />
          })}
        </ul>
        {outside.length > 0 && (
          <p>
            {t('ui.map.outside')}{' '}
            {outside.map(({ key, name, href }, i) => (
              <>
                {i > 0 && ', '}
                <a key={key} href={href}>
                  {name}
                </a>
              </>
            ))}
          </p>
        )}
      </div>
    </ChartFrame>
  )
}

const fillOf = (id: string, look: MapLook): string => `url(#${id}-${look})`

const Pattern = ({ id, look }: { id: string; look: MapLook }) => (
  <pattern id={`${id}-${look}`} class={`map-${look}`} width={14} height={14} patternUnits="userSpaceOnUse">
    <rect width={14} height={14} />
    {patterns[look] && <path d={patterns[look]} />}
  </pattern>
)

const Legend = ({ id, look, label, n }: { id: string; look: MapLook; label: string; n: string }) => (
  <li>
    <svg class="map-swatch" viewBox="0 0 42 28" aria-hidden="true">
      <rect width={42} height={28} fill={fillOf(id, look)} />
    </svg>
    <span>
      <span aria-hidden="true">{signs[look]}</span> {label}: <strong>{n}</strong>
    </span>
  </li>
)

type RegionProps = StandsMapProps & {
  name: string
  region: MapOutlines['regions'][number]
  stand: Stand | undefined
}

function Region({ t, id, words, region, name, stand, hrefOf, chosen }: RegionProps) {
  if (!stand)
    return (
      <g class="map-nobody">
        <title>{t('ui.map.nobody', { name })}</title>
        <path d={region.path} />
      </g>
    )
  const said = words.flatMap(({ look, label }) => {
    const n = stand.counts.get(look)
    return n ? [`${label} ${t.number(n)}`] : []
  })
  const sentence = t('ui.map.region', { name, settled: stand.settled, all: stand.all, said: said.join(', ') })
  return (
    <a
      class="map-region"
      href={hrefOf(region.nuts3)}
      aria-label={sentence}
      aria-current={chosen === region.nuts3 ? 'true' : undefined}
    >
      <title>{sentence}</title>
      <path d={region.path} fill={fillOf(id, stand.look)} />
    </a>
  )
}

function Figures({ t, mark: [x, y], stand }: { t: T; mark: [number, number]; stand: Stand }) {
  const { look, settled, all, counts } = stand
  const urgent = look === 'help' || look === 'affected' || look === 'lost'
  return (
    <text class={`map-figures map-figures-${look}`} x={x} y={y}>
      <tspan x={x}>{`${t.number(settled)}/${t.number(all)}`}</tspan>
      {urgent && (
        <tspan class="map-sign" x={x} dy="1.05em">
          {`${signs[look]} ${t.number(counts.get(look) ?? 0)}`}
        </tspan>
      )}
    </text>
  )
}

/** The same as a table, whose links are easier to hit on a phone than a small region. */
function Numbers({
  t,
  title,
  outlines,
  words,
  stands,
  hrefOf,
  chosen,
}: StandsMapProps & { stands: Map<string | null, Stand> }) {
  const used = words.filter(({ look }) => [...stands.values()].some(({ counts }) => counts.has(look)))
  const rows = outlines.regions
    .flatMap((region) => {
      const stand = stands.get(region.nuts3)
      return stand ? [{ code: region.nuts3, name: region.name[t.lang], stand }] : []
    })
    .sort((a, b) => a.name.localeCompare(b.name, t.locale))
  return (
    <div class="map-table">
      <table>
        <caption class="visually-hidden">{title}</caption>
        <thead>
          <tr>
            <th scope="col">{t('ui.map.name')}</th>
            {used.map(({ look, label }) => (
              <th key={look} scope="col">
                {label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ code, name, stand }) => (
            <tr key={code}>
              <th scope="row">
                <a href={hrefOf(code)} aria-current={chosen === code ? 'true' : undefined}>
                  {name}
                </a>
              </th>
              {used.map(({ look }) => (
                <td key={look}>{t.number(stand.counts.get(look) ?? 0)}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
