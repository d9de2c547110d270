/** The page of a refusal: what happened, what was kept, what to do. */
import type { FastifyRequest } from 'fastify'
import { askAgain } from './modules/members/pages.ts'
import { frameOf } from './platform/frame.ts'
import type { Why } from './platform/http.ts'
import type { T } from './platform/i18n.ts'
import { ErrorState, html, Page } from './ui/index.ts'

/** Key of the words in which pages say what a verb, which speaks English to programs, refused with. */
export const refusedKey = (said: string): string =>
  `refused.${said
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '')}`

/** The reason in the reader's language. One without words of its own is left out of a Czech page: the title says enough. */
function reasonOf(t: T, said: string | null): string | undefined {
  if (said === null) return undefined
  const key = refusedKey(said)
  if (t.has(key)) return t(key)
  return t.lang === 'en' ? said : undefined
}

const known = [400, 403, 404, 409, 413, 422, 429, 503]

export function errorPage(request: FastifyRequest, status: number, said: string | null, why: Why): string {
  const { t } = request
  if (why === 'stale') return askAgain(request)
  const key = why === 'slow' ? 'slow' : known.includes(status) ? String(status) : '500'
  return html(
    <Page {...frameOf(request, { title: t(`error.${key}.title`) })}>
      <ErrorState
        t={t}
        kept={status === 404 ? undefined : reasonOf(t, said)}
        todo={t(`error.${key}.todo`)}
        reference={status < 500 ? undefined : request.id}
      />
      <p>
        <a href="/">{t('error.home')}</a>
      </p>
    </Page>,
  )
}
