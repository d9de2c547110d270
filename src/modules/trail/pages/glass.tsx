/** One break-glass access: why, what was read meanwhile, how it was judged, what is said of it. */
import type { FastifyRequest } from 'fastify'
import { type Actor, isCoordinator } from '../../../platform/access.ts'
import { type Frame, frameOf } from '../../../platform/frame.ts'
import {
  Actions,
  Button,
  EmptyState,
  Facts,
  Field,
  Form,
  html,
  Notice,
  Page,
  Section,
  Table,
  Time,
} from '../../../ui/index.ts'
import { type Comment, longestText, type Opening, verdicts } from '../glass.ts'
import type { Read } from '../reads.ts'
import type { GlassTyped } from '../schema.ts'
import { stateOf } from './glasses.tsx'
import { readColumns } from './reads.tsx'
import { Views } from './views.tsx'

interface Props {
  request: FastifyRequest
  zone: string
  actor: Actor
  opening: Opening
  reads: Read[]
  comments: Comment[]
  typed?: GlassTyped
  errors?: Record<string, string>
}

interface Part extends Props {
  frame: Frame
}

export function glassPage(props: Props): string {
  const { request, zone, actor, opening } = props
  const { t, now } = request
  const title = t('glass.one', { organisation: opening.orgName ?? '–' })
  const path = `/trail/glass/${opening.id}`
  const frame = { ...frameOf(request, { title, active: 'trail', zone }), path }
  const late = !opening.isOpen && !opening.verdict && now >= opening.reviewDueAt
  return html(
    <Page {...frame}>
      <Views t={t} active="/trail/glass" actor={actor} />
      {late && <Notice kind="careful">{t('glass.late')}</Notice>}
      <Known {...props} frame={frame} />
      {opening.isOpen && isCoordinator(actor) && <End frame={frame} path={path} />}
      <Section title={t('glass.reads')} lead={t('glass.reads.lead')}>
        <Table
          caption={t('glass.reads')}
          captionHidden
          rows={props.reads}
          rowKey={(read) => read.id}
          columns={readColumns(t, now, zone)}
          empty={<EmptyState title={t('glass.reads.none')} />}
        />
      </Section>
      <Judged {...props} frame={frame} />
      <Said {...props} frame={frame} />
    </Page>,
  )
}

function Known({ frame: { t, now, zone }, opening }: Part) {
  const at = (ms: number) => <Time t={t} at={ms} now={now} zone={zone} as="exact" />
  return (
    <>
      <p class="said">{opening.reason}</p>
      <Facts
        facts={[
          { label: t('trail.who'), value: opening.opener },
          { label: t('glass.opened'), value: at(opening.openedAt) },
          { label: t(opening.isOpen ? 'glass.ends' : 'glass.ended'), value: at(opening.endsAt) },
          { label: t('glass.state'), value: stateOf(t, opening, now) },
        ]}
      />
    </>
  )
}

const End = ({ frame: { t, csrf }, path }: { frame: Frame; path: string }) => (
  <Form action={`${path}/end`} csrf={csrf} noTurbo>
    <Actions>
      <Button kind="primary" consequence={t('glass.end.effect')}>
        {t('glass.end')}
      </Button>
    </Actions>
  </Form>
)

/** The finding, or who is to write it by when, or the form for it. */
function Judged(props: Part) {
  const { frame, actor, opening } = props
  const { t, now, zone } = frame
  return (
    <Section title={t('glass.review')} id="review">
      {opening.verdict ? (
        <>
          <p>
            <strong>{t(`glass.verdict.${opening.verdict}`)}</strong>
          </p>
          <p class="said">{opening.finding}</p>
          <p class="muted">
            {opening.reviewer}
            {opening.reviewedAt !== null && (
              <>
                {' · '}
                <Time t={t} at={opening.reviewedAt} now={now} zone={zone} />
              </>
            )}
          </p>
        </>
      ) : (
        <p>
          {t('glass.review.due')} <Time t={t} at={opening.reviewDueAt} now={now} zone={zone} as="exact" />
        </p>
      )}
      {!opening.verdict && isCoordinator(actor) && <Review {...props} />}
    </Section>
  )
}

function Review({ frame: { t, csrf }, actor, opening, typed, errors }: Part) {
  if (opening.isOpen) return <p class="muted">{t('glass.review.open')}</p>
  if (opening.person === actor.person) return <p class="muted">{t('glass.review.own')}</p>
  return (
    <div class="narrow">
      <Form action={`/trail/glass/${opening.id}/review`} csrf={csrf} label={t('glass.review')} noTurbo>
        <Field
          label={t('glass.verdict')}
          name="verdict"
          type="select"
          value={typed?.verdict ?? ''}
          options={[
            { value: '', label: t('glass.choose') },
            ...verdicts.map((value) => ({ value, label: t(`glass.verdict.${value}`) })),
          ]}
          error={errors?.verdict}
          required
        />
        <Field
          label={t('glass.finding')}
          name="finding"
          type="textarea"
          rows={4}
          value={typed?.finding}
          hint={t('glass.finding.hint')}
          error={errors?.finding}
          maxlength={longestText}
          required
        />
        <Actions>
          <Button kind="primary" consequence={t('glass.review.effect')}>
            {t('glass.review.submit')}
          </Button>
        </Actions>
      </Form>
    </div>
  )
}

function Said({ frame: { t, csrf, now, zone }, opening, comments, typed, errors }: Part) {
  return (
    <Section title={t('glass.comments')} id="comments">
      {comments.length === 0 && <p class="muted">{t('glass.comments.none')}</p>}
      {comments.map((one) => (
        <blockquote key={one.id} class="talk">
          <p class="muted">
            <strong>{one.author}</strong> · <Time t={t} at={one.at} now={now} zone={zone} />
          </p>
          <p class="said">{one.text}</p>
        </blockquote>
      ))}
      <div class="narrow">
        <Form action={`/trail/glass/${opening.id}/comments`} csrf={csrf} label={t('glass.comments')} noTurbo>
          <Field
            label={t('glass.comment')}
            name="text"
            type="textarea"
            rows={3}
            value={typed?.text}
            hint={t('glass.comment.hint')}
            error={errors?.text}
            maxlength={longestText}
            required
          />
          <Actions>
            <Button>{t('glass.comment.submit')}</Button>
          </Actions>
        </Form>
      </div>
    </Section>
  )
}
