/** Indicators in a mail: defanged, so that no mail program makes links of them and no filter holds the mail back. */
import type { T } from '../../../../platform/i18n.ts'
import { defang } from '../../../../values/indicators.ts'
import type { Block } from '../../../channels/index.ts'
import type { Kept } from './keep.ts'

/** More of them are a list for machines, which is on the page. */
const mostInMail = 30

export function inMail(indicators: Kept[], t: T): Block[] {
  if (indicators.length === 0) return []
  const lines = indicators
    .slice(0, mostInMail)
    .map((one) => `${t(`indicators.kind.${one.kind}`)}: ${defang(one)}`)
  const more = indicators.length - lines.length
  return [
    { kind: 'heading', text: t('indicators.shown') },
    { kind: 'paragraph', text: t('indicators.mail') },
    { kind: 'steps', items: lines },
    ...(more > 0 ? [{ kind: 'paragraph' as const, text: t('indicators.mail.more', { n: more }) }] : []),
  ]
}
