/** The page behind the answer links of a detection-born warning's mail. */
import type { FastifyReply, FastifyRequest } from 'fastify'
import { asActor } from '../../../platform/access.ts'
import type { Context } from '../../../platform/context.ts'
import { Forbidden, Invalid, WrongState } from '../../../platform/errors.ts'
import type { App } from '../../../platform/http.ts'
import { type T, translator } from '../../../platform/i18n.ts'
import {
  Actions,
  Button,
  Facts,
  Field,
  Form,
  html,
  Notice,
  SeverityBadge,
  Statement,
} from '../../../ui/index.ts'
import { type ActionLink, answerByLink, readLink, revokeLink } from '../action-links.ts'
import { bodyIsAllowed, severityName } from '../mail-parts.ts'
import { needsNote, transitions } from '../may.ts'
import { getWarning } from '../queries.ts'
import { type AnswerWord, answerWords, type WarningDetail } from '../types.ts'
import { byLink, frameByLink, LinkPage, mountWithdrawal, plain, sendOver, tokenOf } from './mail-link.tsx'
import { standingWords, titleOf } from './words.ts'

interface Given {
  token: string
  link: ActionLink
  /** The answer that the pressed link of the mail names, or that was just given. */
  chosen: AnswerWord | null
}

interface Shown extends Given {
  warning: WarningDetail
  t: T
  said?: AnswerWord | undefined
  error?: { status: number; text: string; note?: string } | undefined
}

export function mountAnswerByLink(app: App, context: Context): void {
  app.get('/a/:token', byLink, async (request, reply) => {
    const given = await givenBy(context, request)
    const said = wordOf((request.query as { said?: unknown }).said)
    return show(context, request, reply, { ...given, said: said ?? undefined })
  })

  app.post('/a/:token', byLink, async (request, reply) => {
    const given = await givenBy(context, request)
    const { answer, note } = (request.body ?? {}) as { answer?: unknown; note?: unknown }
    const word = wordOf(answer)
    const text = typeof note === 'string' ? note.slice(0, 4_000) : ''
    if (!given.link.alive) return show(context, request, reply, given)
    if (!word)
      return show(context, request, reply, { ...given, error: { status: 422, text: 'mails.link.choose' } })
    try {
      await answerByLink(context, given.link, { answer: word, note: text || null }, request.now)
    } catch (error) {
      const refused = refusalOf(error)
      if (!refused) throw error
      return show(context, request, reply, { ...given, chosen: word, error: { ...refused, note: text } })
    }
    return plain(reply).redirect(`/a/${given.token}?said=${word}`, 303)
  })

  mountWithdrawal(app, context, 'a', { readLink, revokeLink })
}

const wordOf = (value: unknown): AnswerWord | null => answerWords.find((word) => word === value) ?? null

async function givenBy(context: Context, request: FastifyRequest): Promise<Given> {
  const token = tokenOf(request)
  const link = await readLink(context, token, request.now)
  return { token, link, chosen: wordOf((request.query as { answer?: unknown }).answer) }
}

function refusalOf(error: unknown): { status: number; text: string } | null {
  if (error instanceof Invalid) return { status: 422, text: 'mails.link.note' }
  if (error instanceof Forbidden) return { status: 403, text: 'mails.link.forbidden' }
  if (error instanceof WrongState) return { status: 409, text: 'mails.link.newer' }
  return null
}

type Showing = Given & Pick<Shown, 'said' | 'error'>

async function show(
  context: Context,
  request: FastifyRequest,
  reply: FastifyReply,
  given: Showing,
): Promise<FastifyReply> {
  const t = translator(given.link.actor.language)
  plain(reply).type('text/html; charset=utf-8')
  if (!given.link.alive) return sendOver(request, reply, t, t('mails.link.over.lead'))
  const warning = await asActor(context.db, given.link.actor, request.now, (tx) =>
    getWarning(tx, given.link.warning),
  )
  return reply.status(given.error?.status ?? 200).send(answerPage(request, { ...given, warning, t }))
}

function answerPage(request: FastifyRequest, shown: Shown): string {
  const { t, warning, link, token, said, error } = shown
  const title = bodyIsAllowed(warning) ? titleOf(warning.title, t.lang) : t('mails.notice')
  return html(
    <LinkPage
      frame={frameByLink(request, t, title)}
      tlp={warning.tlp}
      exercise={warning.lane === 2 ? (warning.exercise ?? '') : undefined}
      name={link.actor.name}
      org={warning.orgName ?? ''}
      path={`/a/${token}`}
      about={`/warnings/${warning.id}`}
    >
      {said && <Notice kind="done" title={t('mails.link.said', { answer: t(`mails.answer.${said}`) })} />}
      {error && <Notice kind="wrong" title={t(error.text)} />}
      <Statement>{standingWords(warning, t)}</Statement>
      <Facts
        facts={[
          { label: t('mails.link.number'), value: warning.number },
          {
            label: t('mails.link.severity'),
            value: <SeverityBadge t={t} severity={severityName(warning.severity)} />,
          },
        ]}
      />
      <AnswerForm {...shown} />
    </LinkPage>,
  )
}

function AnswerForm({ t, warning, link, token, chosen, error }: Shown) {
  const open = link.actions.filter((word) => transitions[warning.answer].includes(word))
  if (open.length === 0) return null
  const first = chosen && open.includes(chosen) ? chosen : null
  const likely = first ?? open.find((word) => word === 'working') ?? open[0]
  const noted = open.some((word) => needsNote(warning.answer, word))
  return (
    <Form action={`/a/${token}`} noTurbo label={t('mails.answer')}>
      {noted && (
        <Field
          label={t('mails.link.noteLabel')}
          name="note"
          type="textarea"
          rows={3}
          maxlength={4000}
          value={error?.note ?? ''}
          error={error?.status === 422 ? t(error.text) : undefined}
        />
      )}
      <Actions>
        {[...open]
          .sort((a, b) => Number(b === first) - Number(a === first))
          .map((word) => (
            <Button key={word} name="answer" value={word} kind={word === likely ? 'primary' : 'plain'}>
              {t(`warnings.answer.${word}`)}
            </Button>
          ))}
      </Actions>
    </Form>
  )
}
