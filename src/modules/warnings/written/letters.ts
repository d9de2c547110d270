/**
 * Mails about written warnings, read as their reader. How much they hold is the label's affair (sharing.md 6, mail.md 1): CLEAR and
 * GREEN the whole text, AMBER the title, AMBER+STRICT and RED neither; encrypted to one person's own key it is the whole text.
 */
import { asActor } from '../../../platform/access.ts'
import type { Context } from '../../../platform/context.ts'
import type { Queryable } from '../../../platform/database.ts'
import { dayShort } from '../../../platform/dates.ts'
import { NotFound } from '../../../platform/errors.ts'
import { translator } from '../../../platform/i18n.ts'
import type { Block, Delivery, Letter, Reader } from '../../channels/index.ts'
import { severityName } from '../mail-parts.ts'
import { goneLetter } from './gone-letter.ts'
import { inMail } from './indicators/in-mail.ts'
import { indicatorsOf } from './indicators/keep.ts'
import { footer, frame, pageOf, subjectOf, type Telling, wasPassed } from './letter-parts.ts'
import { linkFor } from './links.ts'
import { askedAt } from './owners.ts'
import { formOf } from './reach.ts'
import { getWritten, versionOf } from './read.ts'
import { reviewLetter } from './review-letters.ts'
import { answerWords } from './types.ts'
import { ownsWords, saidIn } from './words.ts'

/** Null: the reader may no longer read it, or another version is out by now. */
export async function writtenLetter(
  context: Context,
  delivery: Delivery,
  reader: Reader,
  now: number,
): Promise<Letter | null> {
  const t = translator(reader.actor.language)
  if (delivery.kind === 'talk') return reviewLetter(context, delivery, reader, now)
  if (delivery.kind === 'revoked') return goneLetter(context, delivery, reader, t)
  const found = await asActor(context.db, reader.actor, now, (tx) => outNow(tx, delivery))
  if (!found) return null
  const { asked, ...shown } = found
  const answers = asked ? await answerLink(context, delivery, reader, now) : null
  const telling = {
    ...shown,
    context,
    delivery,
    reader,
    t,
    answers,
    form: formOf(found.version.tlp, reader.encrypted),
  }
  return telling.form === 'notice' ? notice(telling) : letter(telling)
}

async function outNow(
  tx: Queryable,
  delivery: Delivery,
): Promise<
  (Pick<Telling, 'warning' | 'version' | 'before' | 'indicators' | 'owns'> & { asked: boolean }) | null
> {
  try {
    const warning = await getWritten(tx, delivery.written ?? 0)
    const version = await versionOf(tx, warning.id, 'published')
    if (warning.state !== 'published' || !version || version.no !== delivery.detail.version) return null
    return {
      ...(await askedAt(tx, warning.id, delivery.org)),
      warning,
      version,
      indicators: (await indicatorsOf(tx, warning.id, version.no)).filter((one) => one.state === 'confirmed'),
      before: version.no > 1 ? await versionOf(tx, warning.id, version.no - 1) : null,
    }
  } catch (error) {
    if (error instanceof NotFound) return null
    throw error
  }
}

/** A contact address belongs to no person and answers nothing; neither does who has a role that may not. */
async function answerLink(
  context: Context,
  delivery: Delivery,
  reader: Reader,
  now: number,
): Promise<string | null> {
  const { id, written, org, person } = delivery
  if (reader.as !== 'member' || written === null || org === null || person === null) return null
  return linkFor(context, { delivery: id, warning: written, org, person }, now)
}

const choices = ({ answers, t }: Telling): Block[] =>
  answers === null
    ? []
    : [
        {
          kind: 'choices',
          label: t('mails.answer'),
          href: answers,
          choices: answerWords.map((word) => ({
            label: t(`written.answer.${word}`),
            href: `${answers}?answer=${word}`,
          })),
        },
      ]

function notice(telling: Telling): Letter {
  const { t } = telling
  return {
    ...frame(telling),
    subject: subjectOf(telling, ''),
    answer: t('written.mail.notice'),
    blocks: [button(telling), ...choices(telling), footer(telling)],
  }
}

/** What brings the reader this mail. */
function saidBy({
  delivery,
  answers,
  reader,
}: Telling):
  | 'asked'
  | 'known'
  | 'update'
  | 'ladder'
  | 'handedUp'
  | 'review'
  | 'passed'
  | 'deadline'
  | 'calls' {
  const { about } = delivery.detail
  if (about === 'deadline' || about === 'calls') return about
  // What came to the coordinators: a member's silence, or a review that nobody has made.
  if (delivery.kind === 'ladder' && reader.as === 'coordinator')
    return delivery.org === null ? 'review' : 'handedUp'
  if (delivery.kind === 'update' || delivery.kind === 'ladder') return delivery.kind
  if (wasPassed(delivery, reader)) return 'passed'
  return answers === null ? 'known' : 'asked'
}

function letter(telling: Telling): Letter {
  const { version, before, reader, form, t } = telling
  const said = saidIn(version, reader.actor.language)
  const narrower = before && before.tlp !== version.tlp
  const changed = form === 'full' && version.changeNote !== '' ? version.changeNote : null
  return {
    ...frame(telling),
    subject: subjectOf(telling, said.title),
    answer: t(`written.mail.${saidBy(telling)}`, { n: version.no }),
    blocks: [
      { kind: 'heading', text: said.title },
      { kind: 'paragraph', text: facts(telling) },
      ...(narrower
        ? [
            {
              kind: 'paragraph' as const,
              text: t('written.mail.narrower', { was: before.tlp, tlp: version.tlp }),
            },
          ]
        : []),
      ...(changed
        ? [{ kind: 'paragraph' as const, text: t('written.mail.changed', { note: changed }) }]
        : []),
      ...(telling.owns ? [{ kind: 'paragraph' as const, text: ownsWords(t, telling.owns) }] : []),
      ...(form === 'full' ? wholeText(telling) : []),
      button(telling),
      ...choices(telling),
      footer(telling),
    ],
  }
}

function facts({ warning, version, t }: Telling): string {
  return [
    warning.number,
    t('mails.severity', { severity: t(`ui.severity.${severityName(version.severity)}`) }),
    ...(version.actionBy ? [t('written.mail.by', { day: dayShort(version.actionBy, t, true) })] : []),
  ].join(' · ')
}

function wholeText(telling: Telling): Block[] {
  const { version, reader, t } = telling
  const said = saidIn(version, reader.actor.language)
  return [
    ...(said.lag ? [{ kind: 'paragraph' as const, text: t(`written.lag.${said.lag}`) }] : []),
    ...(['happened', 'concerns', 'todo'] as const).flatMap((part): Block[] => [
      { kind: 'heading', text: t(`written.part.${part}`) },
      ...paragraphs(said[part]),
    ]),
    ...(version.refs
      ? [{ kind: 'heading' as const, text: t('written.refs') }, ...paragraphs(version.refs)]
      : []),
    ...inMail(telling.indicators, t),
  ]
}

const paragraphs = (text: string): Block[] =>
  text.split(/\n{2,}/).map((one) => ({ kind: 'paragraph', text: one.trim() }))

const button = ({ context, delivery, warning, t }: Telling): Block => ({
  kind: 'button',
  label: t('mails.open'),
  href: `${pageOf(context, warning.id)}${delivery.detail.about === 'calls' ? '/board#calls' : ''}`,
})
