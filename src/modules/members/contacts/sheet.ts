/** The emergency sheet: the telephones of hSOC and of one organisation in the order of trying, for when neither network nor portal works. */
import { dayOf, dayShort } from '../../../platform/dates.ts'
import type { T } from '../../../platform/i18n.ts'
import type { Sheet, SheetBlock } from '../../../platform/pdf.ts'
import type { Entry } from './book.ts'
import { proofOf } from './gaps.ts'
import { readable } from './values.ts'
import { purposes } from './words.ts'

interface Printed {
  name: string
  entries: Entry[]
  attestedAt: number | null
  /** As the last parts of `contacts.gap.…`. */
  gaps: string[]
  t: T
  zone: string
  now: number
  phone: string | null
  /** Where people meet in an emergency; null for who is no member, and where none is set. */
  room: string | null
}

export function emergencySheet(printed: Printed): Omit<Sheet, 'foot' | 'watermark'> {
  const { name, t, phone, room, gaps, attestedAt, zone } = printed
  const day = (at: number): string => dayShort(dayOf(at, zone), t, true)
  return {
    lang: t.lang,
    title: t('print.sheet.title'),
    mark: null,
    head: t('print.sheet.head', { organisation: name }),
    blocks: [
      { kind: 'text', text: `${name}\n${t('print.sheet.keep')}` },
      { kind: 'strong', text: phone ? `${t('print.sheet.hsoc')}: ${phone}` : t('print.sheet.noPhone') },
      ...(room ? [{ kind: 'strong' as const, text: `${t('print.sheet.room')}: ${room}` }] : []),
      ...purposes.flatMap((purpose) => callable(printed, purpose)),
      { kind: 'heading', text: t('print.sheet.codes') },
      { kind: 'text', text: t('print.sheet.codes.how') },
      {
        kind: 'facts',
        rows: [
          [t('print.sheet.codes.call'), t('print.sheet.codes.digits')],
          [t('print.sheet.codes.warning'), t('print.sheet.codes.letters')],
        ],
      },
      ...(gaps.length > 0
        ? [
            { kind: 'heading' as const, text: t('print.sheet.gaps') },
            { kind: 'text' as const, text: gaps.map((gap) => t(`contacts.gap.${gap}`)).join('\n') },
          ]
        : []),
      ...(attestedAt === null
        ? []
        : [{ kind: 'text' as const, text: `${t('contacts.age.at')} ${day(attestedAt)}.` }]),
    ],
  }
}

/** Phones before what needs a network, each in the order of the book. */
const rank = ({ channel }: Entry): number => (channel === 'phone' || channel === 'sms' ? 0 : 1)

function callable({ entries, t, now, zone }: Printed, purpose: (typeof purposes)[number]): SheetBlock[] {
  const theirs = entries.filter((entry) => entry.purpose === purpose).toSorted((a, b) => rank(a) - rank(b))
  if (theirs.length === 0)
    return [
      { kind: 'heading', text: t(`contacts.for.${purpose}`) },
      { kind: 'text', text: t('print.sheet.nobody') },
    ]
  return [
    { kind: 'heading', text: t(`contacts.for.${purpose}`) },
    {
      kind: 'table',
      columns: ['who', 'where', 'when', 'proof'].map((column) => t(`print.sheet.${column}`)),
      widths: [3, 4, 2, 2],
      rows: theirs.map((entry) => [
        entry.name,
        `${t(`contacts.channel.${entry.channel}`)}: ${readable(entry.channel, entry.value)}`,
        [entry.roundTheClock ? t('contacts.always') : '', entry.hours].filter(Boolean).join(', '),
        [
          proofOf(entry.verifiedAt, now) === 'verified'
            ? ''
            : t(`contacts.proof.${proofOf(entry.verifiedAt, now)}`),
          entry.verifiedAt === null ? '' : dayShort(dayOf(entry.verifiedAt, zone), t, true),
        ]
          .join(' ')
          .trim(),
      ]),
    },
  ]
}
