/** That a version waits for another coordinator; whoever did not write it confirms it where it is read. */
import { Button, Form, Notice } from '../../../ui/index.ts'
import type { ShowProps } from './show-props.ts'

export function Waits({ frame: { t, csrf }, advisory: { line, seq, waiting }, person }: ShowProps) {
  if (waiting === null || seq < line.seq) return null
  if (seq !== waiting.seq)
    return (
      <Notice
        kind="careful"
        title={t('advisories.waits.beside', { version: waiting.version })}
        actions={<a href={`/advisories/${line.id}?version=${waiting.seq}`}>{t('advisories.waits.look')}</a>}
      />
    )
  const isOwn = waiting.writtenBy === person
  return (
    <Notice kind="careful" title={t('advisories.waits')}>
      <p>{t(isOwn ? 'advisories.waits.own' : 'advisories.waits.what')}</p>
      {!isOwn && (
        <Form
          action={`/advisories/${line.id}/confirmation`}
          csrf={csrf}
          label={t('advisories.waits.confirm')}
        >
          <input type="hidden" name="version" value={waiting.version} />
          <Button kind="primary">{t('advisories.waits.confirm')}</Button>
        </Form>
      )}
    </Notice>
  )
}
