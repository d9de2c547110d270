/** A sensor's certificates: until when they are good, the token for a new one, and their end at once. */
import type { FastifyRequest } from 'fastify'
import { asActor } from '../../../platform/access.ts'
import type { Context } from '../../../platform/context.ts'
import { frameOf } from '../../../platform/frame.ts'
import { type Access, type App, actorOf } from '../../../platform/http.ts'
import type { T } from '../../../platform/i18n.ts'
import {
  Actions,
  Button,
  Chip,
  CodeBlock,
  Form,
  html,
  Notice,
  Page,
  Section,
  Steps,
  Table,
  Time,
} from '../../../ui/index.ts'
import { offer, renewDays, revoke, tokenHours } from '../enrolment.ts'
import { managers } from '../may.ts'
import type { CertificateLine, CertificateState, SensorCertificates } from '../queries/certificates.ts'
import { remindDays } from '../remind.ts'
import { idParam } from './view.ts'

const dayMs = 86_400_000

export function mountCertificates(app: App, context: Context): void {
  const { db, settings } = context
  const access: Access = { who: ['coordinator', ...managers], objects: { id: 'sensor' } }
  const route = { config: { access }, schema: { hide: true } }
  app.post('/sensors/:id/enrolment', route, async (request, reply) => {
    const id = idParam(request, 'id', 2_147_483_647)
    const actor = actorOf(request)
    const made = await asActor(db, actor, request.now, async (tx) => {
      const { token, until } = await offer(tx, id, actor, request.now)
      const { rows } = await tx.query<{ name: string }>('select name from sensors where id = $1', [id])
      return { id, token, until, name: rows[0]?.name ?? '' }
    })
    return reply.type('text/html; charset=utf-8').send(tokenHtml(request, made, settings))
  })
  app.post('/sensors/:id/revocation', route, async (request, reply) => {
    const id = idParam(request, 'id', 2_147_483_647)
    const actor = actorOf(request)
    await asActor(db, actor, request.now, (tx) => revoke(tx, id, actor, request.now))
    return reply.redirect(`/sensors/${id}?said=revoked`, 303)
  })
}

/** The page that shows the token, this once. */
function tokenHtml(
  request: FastifyRequest,
  made: { id: number; token: string; until: number; name: string },
  { baseUrl, zone }: Context['settings'],
): string {
  const { t, now } = request
  const title = t('events.enrolment.title', { name: made.name })
  return html(
    <Page {...frameOf(request, { title, active: 'sensors', zone })}>
      <Notice kind="careful" title={t('events.enrolment.once')}>
        <p>
          {t('events.enrolment.until')} <Time t={t} at={made.until} now={now} zone={zone} as="exact" />
        </p>
      </Notice>
      <Section title={t('events.enrolment.steps')} lead={t('events.enrolment.lead')}>
        <Steps
          steps={[
            <>
              {t('events.enrolment.key')}
              <CodeBlock t={t} label="openssl" text={keyCommand(made.name)} />
            </>,
            <>
              {t('events.enrolment.fetch')}
              <CodeBlock t={t} label="curl" text={fetchCommand(baseUrl, made.token)} />
            </>,
            t('events.enrolment.use'),
          ]}
        />
      </Section>
      <Actions>
        <Button href={`/sensors/${made.id}`}>{t('events.enrolment.back')}</Button>
      </Actions>
    </Page>,
  )
}

const keyCommand = (name: string): string =>
  `openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes \\\n  -subj /CN=${name} -keyout key.pem -out request.pem`

const fetchCommand = (baseUrl: string, token: string): string =>
  `curl -sS --fail-with-body --cacert server.pem \\\n  -H 'Authorization: Bearer ${token}' \\\n  --data-binary @request.pem -o cert.pem \\\n  ${baseUrl}/api/v1/sensors/enrolment`

interface Props {
  t: T
  now: number
  zone: string
  csrf: string | undefined
  sensor: { id: number; disabled_at: string | null }
  certificates: SensorCertificates
  /** May the reader give and revoke? */
  manages: boolean
}

export function Certificates(props: Props) {
  const { t, now, zone, sensor, certificates, manages } = props
  const { lines, waitsUntil } = certificates
  if (lines.length === 0 && !manages) return null
  return (
    <Section title={t('events.certificates')} id="certificates" lead={t('events.certificates.lead')}>
      <Ending {...props} />
      {lines.length > 0 && <Lines {...props} />}
      {waitsUntil !== null && (
        <p>
          {t('events.certificates.waits')} <Time t={t} at={waitsUntil} now={now} zone={zone} as="exact" />
        </p>
      )}
      {manages && sensor.disabled_at === null && <Deeds {...props} />}
    </Section>
  )
}

/** What is due: nothing, a renewal, or help because it is too late for that. */
function Ending({ t, now, zone, sensor, certificates: { ends } }: Props) {
  if (ends === null || sensor.disabled_at !== null || ends - now > remindDays * dayMs) return null
  const over = ends <= now
  return (
    <Notice kind={over ? 'wrong' : 'careful'} title={t(`events.certificates.${over ? 'over' : 'ending'}`)}>
      <p>
        {t(`events.certificates.${over ? 'ended' : 'ends'}`)}{' '}
        <Time t={t} at={ends} now={now} zone={zone} as="exact" />
        {'. '}
        {t(`events.certificates.${over ? 'overWhat' : 'endingWhat'}`, { days: renewDays })}
      </p>
    </Notice>
  )
}

export function stateOf(line: CertificateLine, now: number): CertificateState {
  if (line.revokedAt !== null) return 'revoked'
  if (line.notAfter <= now) return 'over'
  return line.notAfter - now <= remindDays * dayMs ? 'ending' : 'good'
}

function Lines({ t, now, zone, certificates }: Props) {
  const time = (at: number) => <Time t={t} at={at} now={now} zone={zone} as="short" />
  return (
    <Table<CertificateLine>
      caption={t('events.certificates')}
      captionHidden
      walkable={false}
      rows={certificates.lines}
      rowKey={(row) => row.serial}
      columns={[
        {
          key: 'state',
          label: t('events.state'),
          main: true,
          cell: (row) => (
            <Chip yours={stateOf(row, now) === 'good'}>
              {t(`events.certificates.is.${stateOf(row, now)}`)}
            </Chip>
          ),
        },
        {
          key: 'via',
          label: t('events.certificates.via'),
          cell: (row) => t(`events.certificates.by.${row.via}`),
        },
        {
          key: 'since',
          label: t('events.certificates.since'),
          kind: 'time',
          cell: (row) => time(row.issuedAt),
        },
        {
          key: 'until',
          label: t('events.certificates.until'),
          kind: 'time',
          cell: (row) => time(row.notAfter),
        },
        {
          key: 'revoked',
          label: t('events.certificates.revokedAt'),
          kind: 'time',
          cell: (row) => (row.revokedAt === null ? '–' : time(row.revokedAt)),
        },
        { key: 'serial', label: t('events.certificates.serial'), kind: 'mono', cell: (row) => row.serial },
      ]}
    />
  )
}

/** Plain forms: the answer of the first is shown once and never fetched again. */
function Deeds({ t, csrf, sensor, certificates, now }: Props) {
  const good = certificates.lines.some((line) => ['good', 'ending'].includes(stateOf(line, now)))
  return (
    <>
      <Form action={`/sensors/${sensor.id}/enrolment`} csrf={csrf} label={t('events.enrolment.make')} noTurbo>
        <p>{t('events.enrolment.what', { hours: tokenHours })}</p>
        <Button kind={certificates.lines.length === 0 ? 'primary' : 'plain'}>
          {t('events.enrolment.make')}
        </Button>
      </Form>
      <Form action={`/sensors/${sensor.id}/revocation`} csrf={csrf} label={t('events.certificates.revoke')}>
        <p>{t(good ? 'events.certificates.revokeWhat' : 'events.certificates.revokeNone')}</p>
        <Button kind="danger">{t('events.certificates.revoke')}</Button>
      </Form>
    </>
  )
}
