/** A warning and the advisory that it was made of: the button there, and here what the advisory has become. */
import type { PageProps } from '../../../../ui/index.ts'
import { Actions, Button, Form, Notice, Section } from '../../../../ui/index.ts'
import { Changes } from '../../../advisories/pages.ts'
import { type AdvisoryNews, type Made, mayMakeOf } from '../../written/from-advisory.ts'

/** On the page of an advisory, for coordinators. */
export function WarningOfAdvisory({
  frame,
  advisory,
  made,
}: {
  frame: PageProps
  advisory: number
  made: Made[]
}) {
  const { t, csrf } = frame
  return (
    <Section title={t('written.advisory.section')} id="warning">
      {made.map(({ id, number, state, title }) => (
        <p key={id}>
          <a href={`/warnings/written/${id}${number === null ? '/edit' : ''}`}>
            {[number, title || t('written.untitled')].filter(Boolean).join(' ')}
          </a>{' '}
          <span class="muted">{t(`written.state.${state}`)}</span>
        </p>
      ))}
      {mayMakeOf(made) && (
        <Form action={`/advisories/${advisory}/warning`} csrf={csrf} label={t('written.advisory.make')}>
          <Actions>
            <Button consequence={t('written.advisory.what')}>{t('written.advisory.make')}</Button>
          </Actions>
        </Form>
      )}
    </Section>
  )
}

/** On the warning and on what is being written, for coordinators. */
export function NewsOfAdvisory({
  frame,
  warning,
  news,
}: {
  frame: PageProps
  warning: number
  news: AdvisoryNews | null
}) {
  if (!news) return null
  const { t, csrf } = frame
  const { advisory, from, withdrawn, taken } = news
  const { line } = advisory
  return (
    <>
      <Notice
        kind="careful"
        title={t(withdrawn ? 'written.advisory.withdrawn' : 'written.advisory.newer', {
          id: line.trackingId,
          version: line.version,
        })}
        actions={<a href={`/advisories/${line.id}`}>{t('written.advisory.open')}</a>}
      >
        {taken && <p>{t('written.advisory.taken')}</p>}
        {!taken && advisory.seq > from && (
          <Form
            action={`/warnings/written/${warning}/advisory`}
            csrf={csrf}
            label={t('written.advisory.take')}
          >
            <Actions>
              <Button kind="primary">{t('written.advisory.take')}</Button>
            </Actions>
          </Form>
        )}
      </Notice>
      <Changes frame={frame} advisory={advisory} from={from} />
    </>
  )
}
