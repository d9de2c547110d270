/** Figures for Prometheus. Names of people, organisations and sensors are never labels. */
import type { Context } from './context.ts'

const questions: [name: string, help: string, sql: string][] = [
  [
    'hsoc_log_waiting_batches',
    'Batches stored and not yet condensed',
    'select count(*)::float8 as n from batches where first_serial is null',
  ],
  [
    'hsoc_events_stored_total',
    'Events stored according to the hourly totals',
    'select coalesce(sum(stored), 0)::float8 as n from loss',
  ],
  [
    'hsoc_events_duplicate_total',
    'Events that had been stored before',
    'select coalesce(sum(duplicate), 0)::float8 as n from loss',
  ],
  ['hsoc_events_refused_total', 'Events refused', 'select coalesce(sum(refused), 0)::float8 as n from loss'],
  [
    'hsoc_episodes_open',
    'Episodes going on',
    // An episode waits for a day at most (`gap_hours`); by organisation, as the index goes.
    `select count(*)::float8 as n from (select 0 as id union all select id from organisations) o
     join episodes e on e.org_id = o.id and e.alias_of is null and e.last_hour > (select closed_before()) - interval '25 hours'
     where e.events > 0 and e.last_at + make_interval(hours => e.gap_hours) >= (select closed_before())`,
  ],
  [
    'hsoc_warnings_open',
    'Warnings open or reopened',
    `select count(*)::float8 as n from warnings where state <> 'closed'`,
  ],
  [
    'hsoc_warnings_unanswered',
    'Open warnings without an answer',
    `select count(*)::float8 as n from warnings where state <> 'closed' and answer = 'pending'`,
  ],
  [
    'hsoc_mails_waiting',
    'Mails due and not handed over',
    `select count(*)::float8 as n from deliveries where state in ('queued', 'sending')`,
  ],
  [
    'hsoc_mails_failed_total',
    'Mails that failed for good',
    `select count(*)::float8 as n from deliveries where state = 'failed'`,
  ],
  [
    'hsoc_sensors_silent',
    'Enabled sensors without a request for an hour',
    `select count(*)::float8 as n from sensors where disabled_at is null and last_seen_at < now() - interval '1 hour'`,
  ],
  [
    'hsoc_sensors_certificate_ending',
    'Enabled sensors whose last certificate ends within 14 days or has ended',
    `select count(*)::float8 as n from (
       select max(c.not_after) as ends from sensors s join sensor_certificates c on c.sensor_id = s.id and c.revoked_at is null
       where s.disabled_at is null group by s.id) l where ends < now() + interval '14 days'`,
  ],
  ['hsoc_database_bytes', 'Size of the database', 'select pg_database_size(current_database())::float8 as n'],
]

export async function metricsText(context: Context): Promise<string> {
  // Few ask, and the library is large.
  const { Gauge, Registry } = await import('prom-client')
  const registry = new Registry()
  for (const [name, help, sql] of questions) {
    const { rows } = await context.db.engine.query<{ n: number }>(sql)
    new Gauge({ name, help, registers: [registry] }).set(rows[0]?.n ?? 0)
  }
  new Gauge({
    name: 'hsoc_process_resident_bytes',
    help: 'Memory of the process that answers',
    registers: [registry],
  }).set(process.memoryUsage.rss())
  return registry.metrics()
}
