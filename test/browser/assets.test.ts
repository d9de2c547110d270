/** The pages of an inventory as the people who use it: sound for axe, no wider than the screen, whole without script. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { insertAssets } from '../../src/modules/assets/assets.ts'
import { readAssets } from '../../src/modules/assets/import/read.ts'
import { takeIn } from '../../src/modules/assets/import/store.ts'
import { publishSums } from '../../src/modules/assets/sums.ts'
import { sound } from '../../src/modules/assets/understand.ts'
import { type Actor, asActor } from '../../src/platform/access.ts'
import { asEngine } from '../../src/platform/database.ts'
import { translator } from '../../src/platform/i18n.ts'
import { axeOf, evening, type Looks, openStage, type Stage, tooWide } from './stage.ts'

const looks: Looks[] = [
  { width: 360, dark: true, lang: 'cs' },
  { width: 1280, dark: false, lang: 'en' },
  { width: 1920, dark: false, lang: 'cs' },
]
const items = [
  {
    kind: 'medical',
    vendor: 'Siemens',
    product: 'SPECT/CT Systems',
    runsOn: 'Windows XP',
    patientSafety: 'yes',
    segmented: 'no',
    department: 'Nukleární medicína',
  },
  {
    kind: 'medical',
    vendor: 'Philips',
    product: 'IntelliVue Patient Monitors MX (MX400-550)',
    version: 'Rev J-M',
    quantity: '14',
    department: 'Klinika anesteziologie, resuscitace a intenzivní medicíny',
    serials: 'DE12345678, DE12345679',
  },
  { kind: 'system', vendor: 'Microsoft', product: 'Windows Server 2016', quantity: '8', zone: 'servery' },
  { kind: 'network', vendor: 'D-Link', product: 'DNS-320', segmented: 'no' },
]
const table =
  'Výrobce;Model;Verze;Počet;Oddělení\nPhilips;IntelliVue Patient Monitors MX (MX400-550);Rev J-M;20;Klinika anesteziologie, resuscitace a intenzivní medicíny\nBD;Alaris 8015 PC unit;9.5;14;ARO\nBD;Alaris 8015 PC unit;9.5;2;ARO\n;;;x;\n'

describe('the pages of an inventory', { timeout: 240_000 }, () => {
  let stage: Stage
  let base: string
  let sheet: number
  let asset: number
  beforeAll(async () => {
    stage = await openStage(2_000)
    const { admin } = stage.people
    const org = stage.hospitals[0]?.id ?? 0
    base = `/members/${org}/inventory`
    for (const hospital of stage.hospitals.slice(0, 8))
      await asEngine(stage.db, async (tx) => {
        for (const given of items)
          await insertAssets(tx, { org: hospital.id, all: [sound(given)], source: 'hand' }, admin, evening)
        await tx.query('insert into asset_shares (org_id, agreed_at, agreed_by) values ($1, now(), $2)', [
          hospital.id,
          admin.person,
        ])
      })
    await publishSums(stage.db, 'Europe/Prague', evening, true)
    const { rows } = await stage.db.engine.query<{ id: number }>(
      `select id from assets where org_id = $1 and product like 'SPECT%'`,
      [org],
    )
    asset = rows[0]?.id ?? 0
    const bytes = Buffer.from(table)
    const { read } = await readAssets(bytes, 'technika.csv', 'medical', translator('cs'))
    if (!read) throw new Error('the table cannot be read')
    sheet = await asActor(stage.db, admin, evening, (tx) =>
      takeIn(tx, { org, bytes, fileName: 'technika.csv', read }, admin, evening),
    )
  }, 300_000)
  afterAll(() => stage?.close())

  async function look(who: Actor, paths: string[]): Promise<string[]> {
    const found: string[] = []
    for (const how of looks) {
      const { page, faults, context } = await stage.open(who, how)
      for (const path of paths) {
        const answer = await page.goto(stage.base + path, { waitUntil: 'load' })
        const where = `${path} ${how.width}`
        if (answer?.status() !== 200) found.push(`${where}: ${answer?.status()}`)
        const over = await tooWide(page)
        if (over > 0) found.push(`${where}: wider than the screen by ${over}`)
        if (how.width !== 1920)
          for (const violation of await axeOf(page)) found.push(`${where}: ${violation}`)
        for (const fault of faults.splice(0)) found.push(`${where}: ${fault}`)
      }
      await context.close()
    }
    return found
  }

  it('are sound for who keeps it, who reads it, and who has none yet', async () => {
    const { admin, manager, newcomer, coordinator } = stage.people
    const own = [base, `${base}/${asset}`, `${base}/new`, `${base}/${asset}/edit`, `${base}/support`]
    const files = [`${base}/import`, `${base}/import/${sheet}`, `${base}/print`, '/inventory/sector']
    expect(await look(admin, [...own, ...files, '/inventory/support-table'])).toEqual([])
    expect(await look(manager, [base, `${base}/support`, `${base}/import/${sheet}`])).toEqual([])
    expect(await look(newcomer, ['/inventory'])).toEqual([])
    expect(await look(coordinator, ['/inventory'])).toEqual([])
  })

  it('lead from a file to the inventory without script', async () => {
    const { page, context } = await stage.open(stage.people.admin, { script: false })
    await page.goto(`${stage.base}${base}/import/${sheet}`)
    await page.getByRole('button', { name: 'Přijmout návrhy' }).click()
    await page.getByRole('button', { name: 'Zapsat do inventáře' }).click()
    expect(await page.getByText('Soubor je zapsán do inventáře.').isVisible()).toBe(true)
    await page.goto(`${stage.base}${base}?q=alaris`)
    expect(await page.getByRole('cell', { name: '16', exact: true }).isVisible()).toBe(true)
    await context.close()
  })
})
