import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { tuesday } from '../../../../../test/harness.ts'
import { openWriting, type Writing } from '../../../../../test/writing.ts'
import { asActor } from '../../../../platform/access.ts'
import { choose } from './choose.ts'
import { findIn } from './find.ts'
import { askLists, groundsOf, judge } from './judge.ts'

const data = process.env.HSOC_TEST_DATA ?? '../shared/data'
const lists = join(data, 'warninglists')
const isMissing = !existsSync(join(lists, 'lists'))
if (isMissing) console.error(`Skipped: no real warning lists in ${data}; set HSOC_TEST_DATA to their folder.`)

describe.skipIf(isMissing)('senders of mail against the real warning lists', () => {
  let stage: Writing
  beforeAll(async () => {
    stage = await openWriting()
  })
  afterAll(() => stage?.close())

  const grounds = () => ({ ...groundsOf(stage.context.settings), listsDir: lists })
  const judged = async (text: string): Promise<[string, string | null, string | null][]> => {
    const { found } = findIn([{ where: 'x', text }])
    const asked = await askLists(grounds(), found)
    const all = await asActor(stage.db, stage.karel, tuesday, (tx) =>
      judge(tx, found, grounds(), asked, tuesday),
    )
    return all.map(({ value, refusal, cloud }) => [
      value,
      refusal && ('by' in refusal ? `${refusal.why} ${refusal.by}` : refusal.why),
      cloud,
    ])
  }

  it('name addresses for trouble, which are refused; of a provider they only warn', async () => {
    const text = `Psali z abuse@velky-poskytovatel.cz, SOC[at]firma[.]cz, faktura@0-mail.com, x@mx.0-mail.com, kdosi@microsoft.com
      a jan.novak@podvodna-adresa-zde.cz, abuse.x@podvodna-adresa-zde.cz i x@x0-mail.com.podvodna-adresa-zde.cz.`
    expect(await judged(text)).toEqual([
      ['abuse@velky-poskytovatel.cz', 'listed Common contact e-mail addresses', null],
      ['soc@firma.cz', 'listed Common contact e-mail addresses', null],
      ['faktura@0-mail.com', null, 'List of disposable email domains'],
      ['x@mx.0-mail.com', null, 'List of disposable email domains'],
      ['kdosi@microsoft.com', null, expect.any(String)],
      ['jan.novak@podvodna-adresa-zde.cz', null, null],
      ['abuse.x@podvodna-adresa-zde.cz', null, null],
      ['x@x0-mail.com.podvodna-adresa-zde.cz', null, null],
    ])
    // What lists say of mail they do not say of hosts: a provider of throw-away addresses is no harmless site.
    expect(await judged('0-mail.com microsoft.com')).toEqual([
      ['0-mail.com', null, null],
      ['microsoft.com', 'never update.microsoft.com', null],
    ])
  })

  it('hold at the door where the author takes them, and bear odd and huge input', async () => {
    const id = await stage.written()
    const take = (...values: string[]) => choose(stage.db, id, stage.karel, values, grounds(), tuesday)
    await expect(take('abuse@velky-poskytovatel.cz')).rejects.toMatchObject({
      fields: { indicators: 'refused' },
    })
    await take('faktura@0-mail.com')
    const long = `${'a'.repeat(64)}@${`${'b'.repeat(60)}.`.repeat(4)}cz`
    expect(await judged(`${long} @ a@ @b.cz a@b@soc.cz ${'abuse@'.repeat(5_000)}`)).toEqual([
      [long, null, null],
    ])
  })
})
