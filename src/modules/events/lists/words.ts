/** What loading lists tells the operator, Czech and English. */

export type Lang = 'cs' | 'en'

const sentences = {
  tooLarge: {
    cs: 'soubor má {bytes} bajtů, přijímá se nejvýše 67108864 (64 MB)',
    en: 'the file has {bytes} bytes, at most 67108864 (64 MB) are accepted',
  },
  wrongShape: {
    cs: 'nemá tvar varovného seznamu MISP (klíč „{key}“: {why})',
    en: 'does not have the shape of a MISP warning list (key "{key}": {why})',
  },
  unreadList: { cs: 'Seznam {list} nebyl načten: {why}.', en: 'List {list} was not loaded: {why}.' },
  unreadLines: {
    cs: 'Seznam {list}: nepřečtené řádky: {count}, první je „{first}“; ostatní platí.',
    en: 'List {list}: lines not understood: {count}, the first is "{first}"; the others are in force.',
  },
  nothingFound: {
    cs: 'Ve složce {dir} není žádný seznam; čeká se NÁZEV/list.json nebo NÁZEV.txt.',
    en: 'Folder {dir} holds no list; expected is NAME/list.json or NAME.txt.',
  },
  unreadFolder: { cs: 'Složku {dir} nelze číst: {why}.', en: 'Folder {dir} cannot be read: {why}.' },
} satisfies Record<string, Record<Lang, string>>

/** The sentence in the language, its `{placeholders}` filled. */
export function say(
  lang: Lang,
  sentence: keyof typeof sentences,
  values: Record<string, string | number>,
): string {
  return sentences[sentence][lang].replace(/\{(\w+)\}/g, (_, key: string) => String(values[key] ?? ''))
}
