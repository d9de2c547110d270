/**
 * The machines' door as the pages' process describes it at `/api`. Events that come to the pages' port are handed to
 * the intake's process before they reach a route, so whoever gets here met a process without its neighbour.
 */
import { z } from 'zod'
import { Unavailable } from '../../../platform/errors.ts'
import type { App } from '../../../platform/http.ts'
import { formats } from '../sources/index.ts'

const summary = z.object({
  lines: z.number().describe('records read, blank ones included'),
  stored: z.number(),
  duplicate: z.number().describe('stored before with the same content'),
  quarantined: z.number().describe('refused; the first are named in errors, samples are kept for the owner'),
  skipped: z.number().describe('records that are context and no events'),
  blank: z.number(),
  conflicts: z.number().describe('stored before under the same id with other content; both are kept'),
  errors: z.array(
    z.object({
      index: z.number().describe('from 0, without blank records'),
      line: z.number(),
      id: z.string().nullable(),
      reason: z.string(),
    }),
  ),
})
const refusal = z.object({ error: z.string(), message: z.string() })

export function describeApiDoor(app: App): void {
  app.post('/api/v1/events', {
    config: { access: { who: 'anyone', by: 'sensor' } },
    schema: {
      tags: ['events'],
      summary: 'Send events as IDEA, Suricata EVE, CSV or a named profile',
      description:
        'Body: NDJSON, a JSON array, or CSV; plain or gzip. The format is told by ?format= or the content type. The answer 200 is given ' +
        'after the events were stored for good; the same request may be sent again and nothing is counted twice.',
      querystring: z.object({
        format: z
          .string()
          .optional()
          .describe(`one of ${formats().join(', ')}`),
      }),
      response: { 200: summary, 400: refusal, 401: refusal, 403: refusal, 415: refusal, 503: refusal },
    } as never,
    onRequest: async () => {
      throw new Unavailable('Events are not taken at the moment; come again in a few seconds.')
    },
    handler: async () => null,
  })
}
