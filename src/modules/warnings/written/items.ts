/** Lines of the digest about written warnings. */
import type { Context } from '../../../platform/context.ts'
import type { Queryable } from '../../../platform/database.ts'
import { NotFound } from '../../../platform/errors.ts'
import type { T } from '../../../platform/i18n.ts'
import type { Held, Item, Reader } from '../../channels/index.ts'
import { severityName } from '../mail-parts.ts'
import { pageOf } from './letter-parts.ts'
import { formOf } from './reach.ts'
import { getWritten, versionOf } from './read.ts'
import { saidIn } from './words.ts'

/** What of written warnings waited for a digest, each once, as far as its reader may still read it. */
export async function writtenItems(
  context: Context,
  tx: Queryable,
  held: Held[],
  reader: Reader,
  t: T,
): Promise<Item[]> {
  const items: Item[] = []
  for (const id of new Set(held.flatMap((one) => one.written ?? []))) {
    const found = await getWritten(tx, id).catch((error: unknown) => {
      if (error instanceof NotFound) return null
      throw error
    })
    const version = found?.state === 'published' ? await versionOf(tx, id, 'published') : null
    if (!found || !version) continue
    const said = saidIn(version, t.lang)
    items.push({
      title: formOf(version.tlp, reader.encrypted) === 'notice' ? t('written.mail.notice') : said.title,
      lines: [
        [
          `TLP:${version.tlp}`,
          `${found.number} v${version.no}`,
          t('mails.severity', { severity: t(`ui.severity.${severityName(version.severity)}`) }),
        ].join(' · '),
      ],
      href: pageOf(context, id),
    })
  }
  return items
}
