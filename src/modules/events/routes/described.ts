/**
 * The machines' doors as the pages' process describes them at `/api`. What comes to the pages' port for them is handed to
 * the intake's process before it reaches a route, so whoever gets here met a process without its neighbour.
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

const given = z.object({
  name: z.string().describe("the certificate's common name, as the sensor's record has it"),
  certificate: z.string().describe('PEM'),
  authority: z.string().describe('PEM of the authority that signed it'),
  serial: z.string(),
  until: z.string().describe('ISO 8601'),
})
const csr =
  'Body: a certificate request (PKCS#10) as PEM or DER, at most 16 kB; RSA of 2048 to 8192 bits, P-256, P-384 or Ed25519. Its name must be ' +
  "the sensor's, or none. The answer is PEM, the certificate and then its authority's; JSON with Accept: application/json."

const away = {
  onRequest: async () => {
    throw new Unavailable('This is not answered at the moment; come again in a few seconds.')
  },
  handler: async () => null,
}

/** Certificates of sensors. */
export function describeEnrolment(app: App): void {
  const answers = { 200: given, 401: refusal, 409: refusal, 413: refusal, 422: refusal, 503: refusal }
  app.post('/api/v1/sensors/enrolment', {
    config: { access: { who: 'anyone', by: 'sensor' } },
    schema: {
      tags: ['sensors'],
      summary: 'Get a certificate with a token',
      security: [{ token: [] }],
      description: `Authorization: Bearer TOKEN, as "hsoc sensor enrol" or the sensor's page gave it: good once. ${csr}`,
      response: answers,
    },
    ...away,
  })
  app.post('/api/v1/sensors/renewal', {
    config: { access: { who: 'anyone', by: 'sensor' } },
    schema: {
      tags: ['sensors'],
      summary: 'Renew a certificate by itself',
      security: [{ certificate: [] }],
      description: `Over mutual TLS with the certificate that is to be renewed, in its last 60 days. ${csr}`,
      response: answers,
    },
    ...away,
  })
  for (const [name, summary] of [
    ['authority', "The authority's certificate (PEM)"],
    ['revocations', 'The list of revoked certificates (DER, RFC 5280)'],
  ])
    app.get(`/api/v1/sensors/${name}`, {
      config: { access: { who: 'anyone', by: 'sensor' } },
      // Whoever has to check a sensor's certificate may ask.
      schema: { tags: ['sensors'], summary, security: [], response: { 200: z.string(), 503: refusal } },
      ...away,
    })
}

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
    },
    onRequest: async () => {
      throw new Unavailable('Events are not taken at the moment; come again in a few seconds.')
    },
    handler: async () => null,
  })
}
