/** The map of a warning: how the organisations of each region stand; a region cuts the board down to itself. */
import type { T } from '../../../../platform/i18n.ts'
import { type MapLook, StandsMap } from '../../../../ui/index.ts'
import { regionMap, regionName } from '../../../members/index.ts'
import type { Line } from '../../written/board-read.ts'
import type { Standing, Written } from '../../written/types.ts'

interface BoardMapProps {
  t: T
  warning: Written
  lines: Line[]
  /** Code of the region to which the board is cut down; empty for all. */
  region: string
}

const looks: Record<Standing, MapLook> = {
  pending: 'waiting',
  seen: 'underway',
  working: 'underway',
  not_affected: 'good',
  mitigated: 'good',
  done: 'good',
}

const boardOf = (id: number, region: string): string =>
  `/warnings/written/${id}/board${region && `?${new URLSearchParams({ region })}`}#lines`

export function BoardMap({ t, warning, lines, region }: BoardMapProps) {
  const drawn = lines
    .filter((line) => line.asked && line.outAt === null)
    .map((line) => ({
      key: line.org,
      name: line.name,
      region: line.region,
      look: looks[line.answer],
      href: `/organisations/${line.org}`,
    }))
  if (drawn.length === 0) return null
  return (
    <>
      <StandsMap
        t={t}
        id="map"
        title={t('written.board.map')}
        outlines={regionMap}
        lines={drawn}
        words={(['waiting', 'underway', 'good'] as const).map((look) => ({
          look,
          label: t(`written.board.map.${look}`),
          settled: look !== 'waiting',
        }))}
        chosen={region}
        hrefOf={(code) => boardOf(warning.id, code === region ? '' : code)}
      />
      {region !== '' && (
        <p>
          {t('written.board.only', { region: regionName(region, t.lang) ?? '–' })}{' '}
          <a href={boardOf(warning.id, '')}>{t('written.board.all')}</a>
        </p>
      )}
    </>
  )
}
