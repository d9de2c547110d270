/** What people call the columns of an inventory, its kinds, yes and no: Czech and English. */
import { fold } from '../../members/index.ts'
import { type AssetField, type Kind, kinds } from '../asset.ts'

/** `id` is the number that our own download writes, so that it can be edited and come back. */
export type Title = AssetField | 'id'

/** Where several columns of a table mean the same, the name that stands first here says it best. */
const titles = {
  id: ['cislo', 'number', 'c', 'no'],
  kind: ['druh', 'typ', 'kind', 'type', 'category', 'kategorie'],
  vendor: ['vyrobce', 'dodavatel', 'znacka', 'vendor', 'manufacturer', 'make', 'brand'],
  product: ['model', 'produkt', 'product', 'software', 'zarizeni', 'device', 'nazev', 'jmeno', 'name'],
  version: ['verze', 'version', 'firmware', 'verze firmwaru', 'release', 'sw version', 'verze sw'],
  runsOn: ['operacni system', 'os', 'platforma', 'bezi na', 'operating system', 'platform', 'runs on'],
  quantity: ['pocet', 'pocet kusu', 'kusu', 'ks', 'mnozstvi', 'count', 'quantity', 'qty', 'pieces'],
  serials: ['vyrobni cislo', 'vyrobni cisla', 'seriove cislo', 'seriova cisla', 'sn', 's/n', 'serial'].concat(
    ['serials', 'serial number', 'serial numbers', 'serial no'],
  ),
  department: [
    'oddeleni',
    'klinika',
    'pracoviste',
    'stredisko',
    'umisteni',
    'department',
    'ward',
    'location',
  ],
  zone: ['zona', 'sitova zona', 'vlan', 'segment', 'sit', 'zone', 'network zone'],
  segmented: ['oddeleno', 'segmentovano', 'v oddelene siti', 'segmented', 'isolated'],
  owner: ['vlastnik', 'odpovida', 'odpovedny', 'garant', 'spravce', 'owner', 'responsible'],
  patientSafety: ['bezpecnost pacienta', 'ohrozi pacienta', 'kriticke pro pacienta', 'patient safety'],
  supportEndsOn: [
    'konec podpory',
    'podpora do',
    'end of support',
    'support ends',
    'support until',
    'eos',
    'eol',
  ],
  cpe: ['cpe'],
  purl: ['purl', 'package url'],
  note: ['poznamka', 'popis', 'note', 'notes', 'comment', 'description'],
} satisfies Record<Title, string[]>

const titleOf = new Map<string, Title>(
  (Object.entries(titles) as [Title, string[]][]).flatMap(([title, names]) =>
    [title, ...names].map((name) => [fold(name), title] as const),
  ),
)

/** How well a heading says what it means: the lower, the better. */
export const rankOf = (text: string, title: Title): number =>
  [title, ...titles[title]].map(fold).indexOf(fold(text))

/** The column that a heading means, or null. */
export const titleNamed = (text: string): Title | null => titleOf.get(fold(text)) ?? null

const kindNames = {
  service: ['sluzba', 'service'],
  system: ['system', 'server', 'stanice', 'pocitac', 'workstation', 'pc', 'computer'],
  software: ['software', 'sw', 'program', 'aplikace', 'application'],
  network: [
    'sit',
    'sitovy prvek',
    'sitove zarizeni',
    'network',
    'network device',
    'switch',
    'router',
    'firewall',
  ],
  medical: [
    'zdravotnicky prostredek',
    'zdravotnicky pristroj',
    'pristroj',
    'zp',
    'medical',
    'medical device',
  ],
} satisfies Record<Kind, string[]>

const kindOf = new Map<string, Kind>(
  kinds.flatMap((kind) => kindNames[kind].map((name) => [name, kind] as const)),
)

export const kindNamed = (text: string): Kind | null => kindOf.get(fold(text)) ?? null
