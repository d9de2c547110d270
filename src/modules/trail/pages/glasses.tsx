/** Break-glass access: what was opened, and for coordinators the form that opens. */
import type { FastifyRequest } from 'fastify'
import { frameOf } from '../../../platform/frame.ts'
import type { T } from '../../../platform/i18n.ts'
import {
  Actions,
  Button,
  EmptyState,
  Field,
  Form,
  html,
  Page,
  Section,
  Table,
  Time,
} from '../../../ui/index.ts'
import { glassMinutes, longestReason, type Opening, reviewHours } from '../glass.ts'
import type { GlassTyped } from '../schema.ts'
import { Views } from './views.tsx'

interface Props {
  request: FastifyRequest
  zone: string
  openings: Opening[]
  /** Only those that wait for a review. */
  only: boolean
  /** To which the reader may open it; null for who may not open any. */
  choices: { id: number; name: string }[] | null
  typed?: GlassTyped
  errors?: Record<string, string>
}

export function glassesPage(props: Props): string {
  const { request, zone, openings, only, choices } = props
  const { t, now } = request
  const frame = {
    ...frameOf(request, { title: t('glass.title'), active: 'trail', zone }),
    path: '/trail/glass',
  }
  return html(
    <Page {...frame} lead={t('glass.lead', { minutes: glassMinutes, hours: reviewHours })}>
      <Views t={t} active="/trail/glass" actor={request.actor} />
      {only && (
        <p>
          {t('decisions.glass.only')} <a href="/trail/glass">{t('decisions.glass.all')}</a>
        </p>
      )}
      <Table
        caption={t('glass.title')}
        captionHidden
        rows={openings}
        rowKey={(one) => one.id}
        columns={columns(t, now, zone)}
        empty={<EmptyState title={t('glass.none')}>{t('glass.none.what')}</EmptyState>}
      />
      {choices && <Open {...props} choices={choices} csrf={frame.csrf} />}
    </Page>,
  )
}

const columns = (t: T, now: number, zone: string) => [
  {
    key: 'at',
    label: t('glass.opened'),
    kind: 'time' as const,
    cell: (one: Opening) => <Time t={t} at={one.openedAt} now={now} zone={zone} as="short" />,
  },
  { key: 'org', label: t('trail.org'), cell: (one: Opening) => one.orgName ?? '–' },
  { key: 'who', label: t('trail.who'), cell: (one: Opening) => one.opener },
  {
    key: 'reason',
    label: t('glass.reason'),
    main: true,
    cell: (one: Opening) => <a href={`/trail/glass/${one.id}`}>{shortened(one.reason)}</a>,
  },
  { key: 'state', label: t('glass.state'), cell: (one: Opening) => stateOf(t, one, now) },
]

const shortest = 120
const shortened = (text: string): string =>
  text.length <= shortest ? text : `${text.slice(0, shortest).trimEnd()}…`

/** Where it stands, in one word or two. */
export function stateOf(t: T, one: Opening, now: number): string {
  if (one.isOpen) return t('glass.state.open')
  if (one.verdict) return t(`glass.state.${one.verdict}`)
  return t(now < one.reviewDueAt ? 'glass.state.waiting' : 'glass.state.late')
}

function Open({
  request: { t, query },
  choices,
  typed,
  errors,
  csrf,
}: Props & { choices: { id: number; name: string }[]; csrf?: string }) {
  const { org } = query as { org?: unknown }
  return (
    <Section title={t('glass.open')} lead={t('glass.open.lead')} id="open">
      <div class="narrow">
        <Form action="/trail/glass" csrf={csrf} noTurbo>
          <Field
            label={t('trail.org')}
            name="org"
            type="select"
            value={typed?.org ?? (typeof org === 'string' ? org : '')}
            options={[
              { value: '', label: t('glass.choose') },
              ...choices.map(({ id, name }) => ({ value: String(id), label: name })),
            ]}
            error={errors?.org}
            required
          />
          <Field
            label={t('glass.reason')}
            name="reason"
            type="textarea"
            rows={3}
            value={typed?.reason}
            hint={t('glass.reason.hint')}
            error={errors?.reason}
            maxlength={longestReason}
            required
          />
          <Actions>
            <Button kind="danger" consequence={t('glass.open.effect', { minutes: glassMinutes })}>
              {t('glass.open.submit')}
            </Button>
          </Actions>
        </Form>
      </div>
    </Section>
  )
}
