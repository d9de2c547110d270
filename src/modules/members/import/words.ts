/** The sentences of an import, Czech and English: every one says what to do. */
import type { Lang } from './types.ts'

const sentences = {
  tooLarge: {
    cs: 'Soubor má {bytes} bajtů, přijímá se nejvýše {limit}. Rozdělte ho na více souborů.',
    en: 'The file has {bytes} bytes, at most {limit} are accepted. Split it into several files.',
  },
  empty: {
    cs: 'Soubor je prázdný. Uložte do něj hlavičku (name,kind,region,prefixes,…) a alespoň jednu organizaci.',
    en: 'The file is empty. Put a heading (name,kind,region,prefixes,…) and at least one organisation into it.',
  },
  noRows: {
    cs: 'Pod hlavičkou není žádná organizace. Je soubor celý?',
    en: 'There is no organisation below the heading. Is the file complete?',
  },
  unknownFormat: {
    cs: 'Podle přípony nelze poznat formát. Uložte soubor jako .csv, .xlsx nebo .yaml.',
    en: 'The ending does not tell the format. Save the file as .csv, .xlsx or .yaml.',
  },
  oldExcel: {
    cs: 'Toto je starý formát Excelu (.xls) nebo sešit s heslem. Uložte ho bez hesla jako .xlsx nebo CSV.',
    en: 'This is the old Excel format (.xls) or a workbook with a password. Save it without one as .xlsx or CSV.',
  },
  isExcel: {
    cs: 'Obsah je sešit Excelu, přípona říká něco jiného. Přejmenujte soubor na .xlsx.',
    en: 'The content is an Excel workbook, the ending says otherwise. Rename the file to .xlsx.',
  },
  notExcel: {
    cs: 'Soubor není sešit Excelu (.xlsx), nebo není celý. Uložte ho v Excelu znovu, nebo použijte CSV.',
    en: 'The file is no Excel workbook (.xlsx), or not a whole one. Save it again in Excel, or use CSV.',
  },
  brokenExcel: {
    cs: 'Sešit nelze přečíst. Uložte ho v Excelu znovu, nebo použijte CSV.',
    en: 'The workbook cannot be read. Save it again in Excel, or use CSV.',
  },
  zipTooLarge: {
    cs: 'Sešit by se rozbalil na více než {limit} bajtů. Uložte jen list s organizacemi, nejlépe jako CSV.',
    en: 'The workbook would unpack to more than {limit} bytes. Save only the sheet with organisations, best as CSV.',
  },
  sheetTooLarge: {
    cs: 'List sahá za řádek {rows} nebo za sloupec {columns}. Smažte vše mimo tabulku organizací.',
    en: 'The sheet reaches beyond row {rows} or column {columns}. Delete everything outside the table.',
  },
  noSheet: {
    cs: 'Žádný viditelný list nemá hlavičku se sloupcem name (název).',
    en: 'No visible sheet has a heading with the column name (název).',
  },
  manySheets: {
    cs: 'Hlavičku s organizacemi má více listů: {sheets}. Nechte v souboru jen jeden z nich.',
    en: 'Several sheets have a heading with organisations: {sheets}. Leave only one of them in the file.',
  },
  formula: {
    cs: 'Buňka obsahuje vzorec. Vložte místo něj hodnotu (Vložit jinak – Hodnoty).',
    en: 'The cell holds a formula. Put its value there instead (Paste special – Values).',
  },
  cellError: {
    cs: 'Buňka obsahuje chybu tabulky. Opravte ji, nebo ji vyprázdněte.',
    en: 'The cell holds a spreadsheet error. Correct it, or empty it.',
  },
  utf16: {
    cs: 'Soubor je v kódování UTF-16. Uložte ho jako CSV UTF-8.',
    en: 'The file is encoded in UTF-16. Save it as CSV UTF-8.',
  },
  binary: {
    cs: 'Soubor obsahuje nulové bajty, není to text. Uložte ho jako CSV UTF-8.',
    en: 'The file holds NUL bytes, it is no text. Save it as CSV UTF-8.',
  },
  badEncoding: {
    cs: 'Text není v UTF-8 ani ve windows-1250. Uložte ho jako CSV UTF-8.',
    en: 'The text is neither UTF-8 nor windows-1250. Save it as CSV UTF-8.',
  },
  cutCharacter: {
    cs: 'Soubor končí uprostřed znaku, patrně není celý. Nahrajte ho znovu.',
    en: 'The file ends in the middle of a character and is probably not whole. Fetch it again.',
  },
  readAs1250: {
    cs: 'Soubor není v UTF-8; byl čten jako windows-1250. Zkontrolujte v náhledu háčky a čárky.',
    en: 'The file is not UTF-8; it was read as windows-1250. Check the accents in the preview.',
  },
  csv: {
    cs: 'Řádek nelze rozdělit na sloupce: uvozovka na nečekaném místě. Text s uvozovkami dejte celý do uvozovek a ty uvnitř zdvojte.',
    en: 'The line cannot be split into columns: an unexpected quote. Put a text with quotes into quotes and double those inside.',
  },
  lineTooLong: {
    cs: 'Řádek je delší než {limit} znaků. Zkontrolujte konce řádků a uvozovky.',
    en: 'The line is longer than {limit} characters. Check the line ends and the quotes.',
  },
  openQuote: {
    cs: 'Uvozovka, která se neuzavírá; soubor patrně není celý.',
    en: 'A quote that is never closed; the file is probably not whole.',
  },
  shortLine: {
    cs: 'Řádek má {have} sloupců, hlavička {want}; chybějící na konci se berou jako nevyplněné.',
    en: 'The line has {have} columns, the heading {want}; those missing at the end count as not filled in.',
  },
  cutLine: {
    cs: 'Poslední řádek má {have} sloupců místo {want} a nekončí; soubor patrně není celý. Nahrajte ho znovu.',
    en: 'The last line has {have} columns instead of {want} and does not end; the file is probably not whole.',
  },
  longLine: {
    cs: 'Řádek má {have} sloupců, hlavička {want}. Text s oddělovačem dejte do uvozovek.',
    en: 'The line has {have} columns, the heading {want}. Put text that holds the separator into quotes.',
  },
  yaml: {
    cs: 'YAML nelze přečíst ({why}). Opravte odsazení nebo uvozovky.',
    en: 'The YAML cannot be read ({why}). Correct the indentation or the quotes.',
  },
  yamlDepth: {
    cs: 'YAML je hlouběji vnořený než {depth} úrovní, nebo příliš dlouhý. Použijte prostý seznam organizací nebo CSV.',
    en: 'The YAML is nested deeper than {depth} levels, or too long. Use a plain list of organisations, or CSV.',
  },
  yamlShape: {
    cs: 'Čeká se seznam organizací: každá začíná pomlčkou a má klíče name, kind, prefixes, …',
    en: 'A list of organisations is expected: each begins with a dash and has keys name, kind, prefixes, …',
  },
  yamlValue: {
    cs: 'Čeká se jednoduchá hodnota{orList}. Odstraňte vnoření nebo odkaz.',
    en: 'A simple value is expected{orList}. Remove the nesting or the alias.',
  },
  yamlPrefix: {
    cs: 'Rozsah se píše jako text, nebo jako klíče prefix, role a label.',
    en: 'A prefix is written as text, or as the keys prefix, role and label.',
  },
  tooManyRows: {
    cs: 'Soubor má více než {limit} organizací. Rozdělte ho.',
    en: 'The file has more than {limit} organisations. Split it.',
  },
  tooManyErrors: {
    cs: 'Dalších chyb: {count}. Opravte nejdřív ty uvedené.',
    en: 'Further errors: {count}. Correct the listed ones first.',
  },
  tooManyNotes: { cs: 'Dalších poznámek: {count}.', en: 'Further notes: {count}.' },
  noHeading: {
    cs: 'První řádek musí být hlavička a mít sloupec name (název); nalezeno: {found}.',
    en: 'The first line must be the heading and have the column name (název); found: {found}.',
  },
  aboveHeading: { cs: 'Co stojí nad hlavičkou, se nečte.', en: 'What stands above the heading is not read.' },
  twoSeparators: {
    cs: 'Nelze poznat, zda sloupce dělí čárka, nebo středník. Použijte v celém souboru jen jeden oddělovač.',
    en: 'It cannot be told whether comma or semicolon separates the columns. Use one of them only.',
  },
  sameColumn: {
    cs: 'Sloupec „{column}“ je v hlavičce dvakrát (také jako „{other}“). Nechte jen jeden.',
    en: 'Column "{column}" stands twice in the heading (also as "{other}"). Leave only one.',
  },
  misspelt: {
    cs: 'Neznámý sloupec; nemá být „{guess}“? Opravte název, nebo sloupec smažte.',
    en: 'Unknown column; should it be "{guess}"? Correct the name, or delete the column.',
  },
  ignored: {
    cs: 'Neznámý sloupec; nečte se.',
    en: 'Unknown column; it is not read.',
  },
  cellTooLong: {
    cs: 'Hodnota má {length} znaků, přijímá se nejvýše {limit}. Zkraťte ji.',
    en: 'The value has {length} characters, at most {limit} are accepted. Shorten it.',
  },
  control: {
    cs: 'Hodnota obsahuje neviditelný řídicí znak. Napište ji znovu.',
    en: 'The value holds an invisible control character. Type it anew.',
  },
  noName: {
    cs: 'Chybí název organizace. Doplňte ho.',
    en: 'The name of the organisation is missing. Add it.',
  },
  sameName: {
    cs: 'Tato organizace je už na řádku {other}. Spojte oba řádky, nebo jeden přejmenujte.',
    en: 'This organisation stands on line {other} already. Join the two lines, or rename one.',
  },
  kind: {
    cs: 'Neznámý druh. Možné jsou: {allowed}.',
    en: 'Unknown kind. Possible are: {allowed}.',
  },
  noKind: {
    cs: 'Druh není vyplněn; nová organizace dostane „other“, stávající zůstane.',
    en: 'No kind is filled in; a new organisation gets "other", an existing one keeps its kind.',
  },
  language: { cs: 'Neznámý jazyk. Napište cs, nebo en.', en: 'Unknown language. Write cs or en.' },
  email: {
    cs: 'Není to jedna e-mailová adresa. Napište ji jako jmeno@domena.cz.',
    en: 'This is not one e-mail address. Write it as name@domain.example.',
  },
  phone: {
    cs: 'Není to telefonní číslo. Napište ho jako +420 123 456 789.',
    en: 'This is no telephone number. Write it as +420 123 456 789.',
  },
  yesNo: { cs: 'Napište ano, nebo ne.', en: 'Write yes or no.' },
  role: {
    cs: 'Neznámý vztah k rozsahu. Možné jsou: {allowed}.',
    en: 'Unknown role. Possible are: {allowed}.',
  },
  date: {
    cs: 'Datum napište jako 2026-01-31 nebo 31. 1. 2026.',
    en: 'Write the date as 2026-01-31 or 31. 1. 2026.',
  },
  dateOrder: {
    cs: 'Platnost končí dřív ({to}), než začíná ({from}). Opravte jedno z dat.',
    en: 'The validity ends ({to}) before it begins ({from}). Correct one of the dates.',
  },
  domain: {
    cs: 'Není to doména. Napište jen jméno, třeba nemocnice.example, bez https://, cesty a hvězdičky.',
    en: 'This is no domain. Write the name only, such as hospital.example, without https://, path or asterisk.',
  },
  prefix: {
    cs: 'Není to adresa, síť ani rozsah. Napište třeba 192.0.2.0/24, 192.0.2.7, 192.0.2.1-192.0.2.9 nebo 2001:db8::/32.',
    en: 'This is no address, network or range. Write 192.0.2.0/24, 192.0.2.7, 192.0.2.1-192.0.2.9 or 2001:db8::/32.',
  },
  reversed: {
    cs: 'Rozsah začíná vyšší adresou, než kterou končí. Vyměňte je.',
    en: 'The range begins with a higher address than it ends. Swap them.',
  },
  hostBits: {
    cs: 'Adresa není začátkem této sítě. Napište celou síť {network}, nebo jen adresu {address}.',
    en: 'The address does not begin this network. Write the whole network {network}, or the address {address}.',
  },
  tooWide: {
    cs: 'Síť je širší než /{limit}; to není rozsah jedné organizace. Napište užší.',
    en: 'The network is wider than /{limit}; that is no range of one organisation. Write narrower ones.',
  },
  special: {
    cs: 'Tyto adresy nikomu nepatří (místní smyčka, linkové, skupinové nebo vyhrazené). Smažte je.',
    en: 'These addresses belong to nobody (loopback, link-local, multicast or reserved). Delete them.',
  },
  privateRange: {
    cs: 'Soukromý rozsah; přiřadí se jen událostem senzoru, který ho má mezi vnitřními sítěmi.',
    en: 'A private range; only events of a sensor that has it among its inside networks are matched to it.',
  },
  repeated: { cs: 'Je v řádku dvakrát; počítá se jednou.', en: 'Stands twice in the line; counted once.' },
  sharedPrefix: {
    cs: 'Týž rozsah má i {other} (řádek {line}): upozornění dostanou obě organizace.',
    en: '{other} (line {line}) has the same range: both organisations will be warned.',
  },
  nestedPrefix: {
    cs: 'Leží uvnitř {outer} ({other}, řádek {line}): platí užší rozsah.',
    en: 'Lies inside {outer} ({other}, line {line}): the narrower range wins.',
  },
  ico: {
    cs: 'IČO má osm číslic, chybět smějí jen nuly na začátku.',
    en: 'An IČO has eight digits; only zeros at its beginning may be missing.',
  },
  icoDigit: {
    cs: 'Kontrolní číslice IČO nesouhlasí. Uloží se tak, jak je; ověřte ho v registru.',
    en: 'The check digit of the IČO does not fit. It is kept as it is; look it up in the register.',
  },
  regime: {
    cs: 'Tento režim neznáme. Napište jeden z těchto: {allowed}.',
    en: 'This regime is not known. Write one of: {allowed}.',
  },
  listEmpty: {
    cs: 'Seznam je prázdný. Vložte tabulku se sloupci instituce a signatář.',
    en: 'The list is empty. Give a table with the columns institution and signatory.',
  },
  listTooLong: {
    cs: 'Seznam má víc než {limit} řádků. Rozdělte jej.',
    en: 'The list has more than {limit} lines. Split it.',
  },
  listHeading: {
    cs: 'Chybí hlavička se sloupci instituce a signatář (institution, signatory).',
    en: 'There is no heading with the columns institution and signatory (instituce, signatář).',
  },
  listHalf: {
    cs: 'Řádek má jen instituci, nebo jen jméno. Doplňte jej, nebo jej ze seznamu vyjměte.',
    en: 'The line has only an institution, or only a name. Complete it, or take it out of the list.',
  },
  listDay: {
    cs: 'Tento den nelze přečíst. Podpis bude bez data.',
    en: 'This day cannot be read. The signature will have no date.',
  },
  listAddress: {
    cs: 'Toto není e-mailová adresa; nečte se.',
    en: 'This is no e-mail address; it is not read.',
  },
  mojibake: {
    cs: 'Zde je nejspíš poškozená diakritika. Zkontrolujte ji; nic se neopravuje samo.',
    en: 'Accents look broken here. Check them; nothing is put right by itself.',
  },
  listDecision: {
    cs: 'Rozhodnutí pište jako řádek;organizace;osoba, například 12;org:7;line:3, nebo slashes;mdy.',
    en: 'Write decisions as line;organisation;person, for example 12;org:7;line:3, or slashes;mdy.',
  },
  crossingPrefix: {
    cs: 'Částečně se kryje s {outer} ({other}, řádek {line}). Zkontrolujte hranice.',
    en: 'Partly overlaps {outer} ({other}, line {line}). Check the bounds.',
  },
  sharedDomain: {
    cs: 'Tutéž doménu má i {other} (řádek {line}).',
    en: '{other} (line {line}) has the same domain.',
  },
} satisfies Record<string, Record<Lang, string>>

export type Sentence = keyof typeof sentences
export type Values = Record<string, string | number>

/** The sentence in the language, its `{placeholders}` filled. */
export function say(lang: Lang, sentence: Sentence, values: Values = {}): string {
  return sentences[sentence][lang].replace(/\{(\w+)\}/g, (_, key: string) => String(values[key] ?? ''))
}
