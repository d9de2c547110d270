/** What all sheets of the gallery share. */
import type { T } from '../../src/platform/i18n.ts'
import type { PageProps } from '../../src/ui/index.ts'
import { longAddress, now, organisations } from './samples.ts'

export const nav = [
  { key: 'home', href: '/', label: 'Co se nás týká', count: 3 },
  { key: 'warnings', href: '/warnings', label: 'Varování' },
  { key: 'days', href: '/days', label: 'Denní přehled' },
  { key: 'sources', href: '/sources', label: 'Zdroje' },
  { key: 'sensors', href: '/sensors', label: 'Senzory' },
  { key: 'rules', href: '/rules', label: 'Pravidla' },
]

export function frame(t: T, more: Partial<PageProps>): PageProps {
  return {
    t,
    now,
    title: 'hSOC',
    path: '/',
    nonce: 'gallery',
    csrf: 'token',
    nav,
    actor: { name: 'Jana Nováková', organisations: organisations.slice(0, 1), roles: ['admin', 'duty'] },
    ...more,
  }
}

export const items = [
  {
    severity: 'critical' as const,
    title: 'Server pacs.nemocnice-lipova.example se spojuje s řídicím serverem škodlivého programu',
    things: 'PACS, 198.51.100.24',
    since: now - 6 * 60_000,
    done: undefined,
    fresh: true,
  },
  {
    severity: 'high' as const,
    title: 'Přihlašování ke vzdálené ploše z internetu prošlo k vašemu serveru',
    things: `Rehabilitace, ${longAddress}`,
    since: now - 3 * 3_600_000,
    done: undefined,
    fresh: true,
  },
  {
    severity: 'medium' as const,
    title: 'Stejný zdroj zkouší hesla u vás a v 5–10 dalších nemocnicích',
    things: 'VPN brána, 198.51.100.2',
    since: now - 9 * 3_600_000,
    done: 'Zahozeno na hranici sítě',
    fresh: false,
  },
]
