/** Sentences that pages and mails share. */
import type { T } from '../../platform/i18n.ts'
import type { MatchLine } from './read.ts'

export const kindsTogether = ['service', 'system', 'software', 'network', 'medical', 'mixed'] as const
export type KindsTogether = (typeof kindsTogether)[number]

/** "This concerns your 14 medical devices in 2 departments." `what`: one kind, or several. */
export function concernsWords(
  t: T,
  { pieces, departments }: Pick<MatchLine, 'pieces' | 'departments'>,
  what: KindsTogether = 'mixed',
): string {
  const things = t(`matches.concerns.${what}`, { n: pieces })
  return departments > 0
    ? t('matches.concerns.in', { things, where: t('matches.departments', { n: departments }) })
    : t('matches.concerns', { things })
}

/** In words, as the number says more than anybody knows. */
export function sureWords(t: T, sure: number): string {
  return t(`matches.sure.${sure >= 0.9 ? 'certain' : sure >= 0.7 ? 'likely' : 'perhaps'}`)
}
