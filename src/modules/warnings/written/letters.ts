/**
 * Mails about written warnings, read as their reader. How much they hold is the label's affair (sharing.md 6, mail.md 1): CLEAR and
 * GREEN the whole text, AMBER the title, AMBER+STRICT and RED neither; encrypted to one person's own key it is the whole text.
 */
import { asActor } from '../../../platform/access.ts'
import type { Context } from '../../../platform/context.ts'
import type { Queryable } from '../../../platform/database.ts'
import { dayShort } from '../../../platform/dates.ts'
import { NotFound } from '../../../platform/errors.ts'
import { type T, translator } from '../../../platform/i18n.ts'
import {
  type Block,
  type Delivery,
  type Letter,
  labelLine,
  leaveUrl,
  type Reader,
  subjectLine,
} from '../../channels/index.ts'
import { severityName } from '../mail-parts.ts'
import { inMail } from './indicators/in-mail.ts'
import { indicatorsOf, type Kept } from './indicators/keep.ts'
import { linkFor } from './links.ts'
import { askedAt, type Holding } from './owners.ts'
import { type Form, formOf } from './reach.ts'
import { getWritten, versionOf } from './read.ts'
import { reviewLetter } from './review-letters.ts'
import { answerWords, type Version, type Written } from './types.ts'
import { ownsWords, saidIn } from './words.ts'

interface Telling {
  context: Context
  delivery: Delivery
  reader: Reader
  warning: Written
  version: Version
  /** The one before, where the reader had it. */
  before: Version | null
  form: Form
  /** Confirmed ones. */
  indicators: Kept[]
  /** Where to answer; null for who is not asked. */
  answers: string | null
  /** What its organisation runs of what the warning names. */
  owns: Holding | null
  t: T
}

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

export const pageOf = (context: Context, id: number): string =>
  `${context.settings.baseUrl}/warnings/written/${id}`

const frame = ({ delivery, reader, version, t }: Pick<Telling, 'delivery' | 'reader' | 'version' | 't'>) => ({
  lang: reader.actor.language,
  kind: delivery.kind,
  label: labelLine(version.tlp, t),
  banner: null,
  // mail.md 1: low and medium can be left with one click, high by preferences, an emergency not at all.
  leave: version.severity < 3 ? ('singles' as const) : null,
})

/** `[TLP:GREEN] HSOC-2026-0007 v2 title` */
const subjectOf = ({ warning, version }: Pick<Telling, 'warning' | 'version'>, title: string): string =>
  subjectLine({ exercise: false, tlp: version.tlp, text: `${warning.number} v${version.no} ${title}`.trim() })

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

/** A member gets it for an organisation; who gets it for none was passed it on. */
const wasPassed = (delivery: Delivery, reader: Reader): boolean =>
  reader.as === 'member' && delivery.org === null

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

function footer(
  telling: Pick<Telling, 'context' | 'delivery' | 'reader' | 'version' | 't'>,
  leave = frame(telling).leave,
): Block {
  const { context, delivery, reader, t } = telling
  const { coordinatorPhone: phone, baseUrl } = context.settings
  return {
    kind: 'small',
    lines: [
      ...(phone ? [t('mails.phone', { phone })] : []),
      t(
        `written.mail.why.${reader.as === 'coordinator' ? 'coordinator' : wasPassed(delivery, reader) ? 'passed' : 'member'}`,
      ),
      ...(leave ? [{ label: t('mails.leave'), href: leaveUrl(context, leave, delivery.address) }] : []),
      ...(reader.as === 'contact' ? [] : [{ label: t('mails.preferences'), href: `${baseUrl}/account` }]),
    ],
  }
}

/**
 * To those who had it: it is revoked, or no longer for them. They may not read it any more, so this is written as the program, of
 * what they were sent: number, title as far as the label lets it stand in a mail, and the reason.
 */
async function goneLetter(
  context: Context,
  delivery: Delivery,
  reader: Reader,
  t: T,
): Promise<Letter | null> {
  const { db } = context
  const { rowCount } = await db.engine.query(
    `select 1 from deliveries where written_id = $1 and address = $2 and kind not in ('revoked', 'talk') and state in ('sending', 'sent', 'digested') limit 1`,
    [delivery.written, delivery.address],
  )
  if (!rowCount) return null
  const warning = await getWritten(db.engine, delivery.written ?? 0)
  const version = await versionOf(db.engine, warning.id, Number(delivery.detail.version))
  if (!version) return null
  const tlp = (await versionOf(db.engine, warning.id, 'published'))?.tlp ?? version.tlp
  const shown = { warning, version: { ...version, tlp }, context, delivery, reader, t }
  const form = formOf(tlp, reader.encrypted)
  const title = form === 'notice' ? '' : saidIn(version, reader.actor.language).title
  const revoked = warning.state === 'revoked'
  const mark = t('written.mail.mark')
  return {
    ...frame(shown),
    leave: null,
    subject: subjectOf(shown, title ? `${mark}: ${title}` : mark),
    answer: t(revoked ? 'written.mail.revoked' : 'written.mail.out', { number: warning.number ?? '' }),
    blocks: [
      ...(title ? [{ kind: 'heading' as const, text: `${mark}: ${title}` }] : []),
      ...(revoked && form !== 'notice' && warning.revokeReason
        ? [{ kind: 'paragraph' as const, text: t('written.mail.reason', { reason: warning.revokeReason }) }]
        : []),
      {
        kind: 'paragraph',
        text: [t('written.mail.gone'), ...(revoked ? [t('written.mail.undo')] : [])].join(' '),
      },
      footer(shown, null),
    ],
  }
}
