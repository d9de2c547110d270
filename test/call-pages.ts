/** What tests of a call's pages share: asking them, and the form of an emergency to everybody. */
import type { LightMyRequestResponse } from 'fastify'
import type { Actor } from '../src/platform/access.ts'
import type { Context } from '../src/platform/context.ts'
import type { App } from '../src/platform/http.ts'
import { getAs, postAs } from './asking.ts'

export const callForm = {
  ...{ class: 'emergency', title: 'Výpadek dodavatele', body: 'Odpojte vzdálené přístupy.' },
  ...{ tlp: 'GREEN', whom: 'all', mode: 'org', within: '60', quorum: '2', managers: '1' },
  ...{ cs_1: 'Ano', en_1: 'Yes', cs_2: 'Ne', en_2: 'No' },
}

export interface CallPages {
  get(who: Actor | null, url: string): Promise<LightMyRequestResponse>
  /** A field may come several times. */
  post(
    who: Actor | null,
    url: string,
    fields?: Record<string, string | string[]>,
  ): Promise<LightMyRequestResponse>
}

export const callPages = (at: { app: App; context: Context }): CallPages => ({
  get: (who, url) => getAs(at, who, url),
  post: (who, url, fields = {}) =>
    postAs(
      at,
      who,
      url,
      Object.entries(fields).flatMap(([name, values]) =>
        [values].flat().map((value): [string, string] => [name, value]),
      ),
    ),
})
