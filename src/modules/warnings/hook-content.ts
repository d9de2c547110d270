/** What a webhook is told of a warning: what a mail would say in its subject, by the same label, read as its organisation. */
import { asActor } from '../../platform/access.ts'
import type { Context } from '../../platform/context.ts'
import { NotFound } from '../../platform/errors.ts'
import type { HookContent, TellHook } from '../channels/index.ts'
import { bodyIsAllowed, pageOf, severityName } from './mail-parts.ts'
import { titleOf } from './pages/words.ts'
import { getWarning } from './queries.ts'
import { formOf } from './written/reach.ts'
import { getWritten, versionOf } from './written/read.ts'
import { saidIn } from './written/words.ts'

type Args = Parameters<TellHook>

/** Null where the organisation may no longer read it, or a later version says it. */
export const hookContent: TellHook = async (...args) => {
  try {
    const [, delivery] = args
    if (delivery.written === null) return await ofDetected(...args)
    return delivery.kind === 'revoked' ? await ofRevoked(...args) : await ofWritten(...args)
  } catch (error) {
    if (error instanceof NotFound) return null
    throw error
  }
}

/** What somebody answered, when that is the news. */
const answerOf = ({ kind, detail }: Args[1]): HookContent['answer'] =>
  kind === 'answer'
    ? { answer: String(detail.answer), counted: detail.counted === true, via: String(detail.via) }
    : null

async function ofDetected(...[context, delivery, reader, now]: Args): Promise<HookContent> {
  const warning = await asActor(context.db, reader.actor, now, (tx) => getWarning(tx, delivery.warning ?? 0))
  const answer = answerOf(delivery)
  return {
    event: answer ? 'warning.answered' : delivery.kind === 'update' ? 'warning.updated' : 'warning.detected',
    exercise: warning.lane === 2,
    number: warning.number,
    version: null,
    tlp: warning.tlp,
    severity: severityName(warning.severity),
    title: bodyIsAllowed(warning) ? titleOf(warning.title, reader.actor.language) : null,
    url: pageOf(context, warning),
    answer,
  }
}

const writtenUrl = ({ settings }: Context, id: number): string => `${settings.baseUrl}/warnings/written/${id}`

async function ofWritten(...[context, delivery, reader, now]: Args): Promise<HookContent | null> {
  const id = delivery.written ?? 0
  const found = await asActor(context.db, reader.actor, now, async (tx) => ({
    warning: await getWritten(tx, id),
    version: await versionOf(tx, id, 'published'),
  }))
  const { warning, version } = found
  const answer = answerOf(delivery)
  if (warning.state !== 'published' || !version) return null
  if (!answer && version.no !== delivery.detail.version) return null
  return {
    event: answer ? 'warning.answered' : delivery.kind === 'update' ? 'warning.updated' : 'warning.published',
    exercise: false,
    number: warning.number ?? '',
    version: version.no,
    tlp: version.tlp,
    severity: severityName(version.severity),
    title: formOf(version.tlp) === 'notice' ? null : saidIn(version, reader.actor.language).title,
    url: writtenUrl(context, id),
    answer,
  }
}

/** Nobody may read it any more: told as the program, to whoever was told of it before. */
async function ofRevoked(...[context, delivery, reader]: Args): Promise<HookContent | null> {
  const { engine } = context.db
  const id = delivery.written ?? 0
  const { rowCount } = await engine.query(
    `select 1 from deliveries where written_id = $1 and address = $2 and kind <> 'revoked' and state in ('sending', 'sent') limit 1`,
    [id, delivery.address],
  )
  if (!rowCount) return null
  const warning = await getWritten(engine, id)
  const version = await versionOf(engine, id, Number(delivery.detail.version))
  if (!version) return null
  const tlp = (await versionOf(engine, id, 'published'))?.tlp ?? version.tlp
  return {
    event: 'warning.revoked',
    exercise: false,
    number: warning.number ?? '',
    version: version.no,
    tlp,
    severity: severityName(version.severity),
    title: formOf(tlp) === 'notice' ? null : saidIn(version, reader.actor.language).title,
    url: writtenUrl(context, id),
    answer: null,
  }
}
