/** One event: what was understood of it, and the bytes as they were received, or a copy without what belongs to others. */
import type { FastifyRequest } from 'fastify'
import { asActor } from '../../../platform/access.ts'
import type { Context } from '../../../platform/context.ts'
import { NotFound } from '../../../platform/errors.ts'
import { frameOf } from '../../../platform/frame.ts'
import { type App, actorOf } from '../../../platform/http.ts'
import type { T } from '../../../platform/i18n.ts'
import {
  Actions,
  Button,
  CodeBlock,
  Facts,
  html,
  Notice,
  Page,
  Section,
  SeverityBadge,
  Table,
  Time,
} from '../../../ui/index.ts'
import { eventOf, type OneEvent } from '../queries/event.ts'
import { sourceLink } from './day-columns.tsx'
import { idParam, readers } from './view.ts'
import { className, ownClassName, verdictName } from './words.ts'

export function mountEvent(app: App, context: Context): void {
  const { db, settings } = context
  app.get(
    '/events/:batch/:idx',
    {
      config: { access: { who: readers, objects: { batch: 'event', idx: 'event' } } },
      schema: { hide: true },
    },
    async (request, reply) => {
      const { idx } = request.params as { idx: string }
      const file = idx.endsWith('.json')
      if (file) (request.params as { idx: string }).idx = idx.slice(0, -5)
      const event = await asActor(db, actorOf(request), request.now, (tx) =>
        eventOf(tx, idParam(request, 'batch'), idParam(request, 'idx', 2_147_483_647)),
      )
      if (!event) throw new NotFound('There is no such event.')
      if (file)
        // Received from a stranger: offered as a file of bytes, never shown by the browser as anything.
        return reply
          .type('application/octet-stream')
          .header('hsoc-redacted', event.redacted ? 'yes' : 'no')
          .header(
            'content-disposition',
            `attachment; filename="event-${event.batch}-${event.idx}${event.redacted ? '-redacted' : ''}.json"`,
          )
          .send(event.bytes)
      return reply.type('text/html; charset=utf-8').send(draw(request, event, settings.zone))
    },
  )
}

/** More than this is not drawn; the file has it all. */
const mostShown = 64 * 1024

/** The bytes as text that a page can hold: control characters as their pictures, tabs and line ends as they are. */
export function visible(bytes: Buffer): string {
  return bytes
    .subarray(0, mostShown)
    .toString('utf8')
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f]/g, (c) =>
      String.fromCharCode(0x2400 + c.charCodeAt(0)),
    )
    .replace(/[\u007f\u0080-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, '\uFFFD')
}

/** Indented, when it is JSON; a second reading of the same bytes. */
function pretty(bytes: Buffer): string | null {
  try {
    return visible(Buffer.from(JSON.stringify(JSON.parse(bytes.toString('utf8')), null, 2)))
  } catch {
    return null
  }
}

const flagNames = ['future', 'conflict', 'noTime', 'noZone', 'repaired', 'other'] as const

function draw(request: FastifyRequest, event: OneEvent, zone: string): string {
  const { t, now } = request
  const when = (iso: string) => <Time t={t} at={Date.parse(iso)} now={now} zone={zone} as="exact" />
  const flags = flagNames.filter((_, bit) => (event.flags ?? 0) & (1 << bit))
  const read = pretty(event.bytes)
  return html(
    <Page
      {...frameOf(request, {
        title: t('events.event.title', { id: `${event.batch}/${event.idx}` }),
        active: 'days',
        zone,
      })}
      tlp="AMBER"
      {...(event.exercise ? { exercise: event.exercise } : {})}
    >
      <Section title={t('events.event.understood')} id="understood">
        {event.at === null ? (
          <Notice>
            <p>{t('events.event.ofOthers')}</p>
          </Notice>
        ) : (
          <Facts
            facts={[
              { label: t('events.time'), value: when(event.at) },
              { label: t('events.verdict'), value: verdictName(event.verdict ?? 0, t) },
              { label: t('events.detector'), value: event.detector ?? '–' },
              { label: t('events.occurrences'), value: t.number(event.weight ?? 1) },
              event.lane !== 0 && { label: t('events.lane'), value: t(`events.lane.${event.lane}`) },
              flags.length > 0 && {
                label: t('events.event.marks'),
                value: t.list(flags.map((flag) => t(`events.flag.${flag}`))),
              },
            ]}
          />
        )}
        <Facts
          facts={[
            { label: t('events.event.received'), value: when(event.received_at) },
            {
              label: t('events.sensor'),
              value: event.sensor.name ? (
                <a href={`/sensors/${event.sensor.id}`}>{event.sensor.name}</a>
              ) : (
                t('events.sensorOfOthers')
              ),
            },
          ]}
        />
        {event.parts.length > 0 && <Parts t={t} event={event} />}
      </Section>
      <Section
        title={t(event.redacted ? 'events.event.copy' : 'events.event.bytes')}
        id="bytes"
        lead={
          event.redacted ? t('events.event.copyLead') : t('events.event.bytesLead', { n: event.bytes.length })
        }
      >
        <Actions>
          <Button href={`/events/${event.batch}/${event.idx}.json`}>
            {t(event.redacted ? 'events.event.downloadCopy' : 'events.event.download')}
          </Button>
        </Actions>
        {read && <CodeBlock t={t} label={t('events.event.indented')} text={read} />}
        {!event.redacted && <CodeBlock t={t} label={t('events.event.exact')} text={visible(event.bytes)} />}
        {event.bytes.length > mostShown && <p class="muted">{t('events.event.cut')}</p>}
      </Section>
    </Page>,
  )
}

function Parts({ t, event }: { t: T; event: OneEvent }) {
  return (
    <Table
      caption={t('events.event.parts')}
      rows={event.parts}
      rowKey={(part) => `${part.org}-${part.side}-${part.source}`}
      columns={[
        {
          key: 'whose',
          label: t('events.event.whose'),
          main: true,
          cell: (part) => part.organisation ?? (part.org === 0 ? t('events.perimeter') : ''),
        },
        { key: 'side', label: t('events.side'), cell: (part) => t(`events.side.${part.side}`) },
        {
          key: 'kind',
          label: t('events.kind'),
          cell: (part) => (part.org === 0 ? className(part.class, t) : ownClassName(part.class, t)),
        },
        {
          key: 'severity',
          label: t('events.severity'),
          cell: (part) => <SeverityBadge t={t} severity={part.severity as 0 | 1 | 2 | 3 | 4} />,
        },
        {
          key: 'source',
          label: t('events.source'),
          kind: 'mono',
          cell: (part) => (part.source ? sourceLink(part.source, t) : ''),
        },
        {
          key: 'host',
          label: t('events.ownHost'),
          kind: 'mono',
          cell: (part) => [part.host, part.port].filter((x) => x !== null).join(' : '),
        },
        { key: 'peer', label: t('events.peer'), kind: 'mono', cell: (part) => part.peer ?? '' },
      ]}
    />
  )
}
