/** The webhooks that somebody keeps, and the form for another one. */
import type { Frame } from '../../../platform/frame.ts'
import { Button, Chip, EmptyState, Field, Form, html, Page, Section, Table } from '../../../ui/index.ts'
import { forms, news, places } from '../webhooks/message.ts'
import type { Webhook } from '../webhooks/webhooks.ts'

export const hooksDone = ['removed', 'tried', 'on', 'off'] as const

export interface Given {
  org: number
  name: string
  form: string
  template: string
  url: string
  events: string[]
  least: number
  language: string
}

interface Props {
  frame: Frame
  hooks: Webhook[]
  organisations: { id: number; name: string }[]
  done?: (typeof hooksDone)[number]
  errors?: Record<string, string>
  given?: Given
}

export function hooksPage(props: Props): string {
  const { frame, hooks, done } = props
  const { t } = frame
  return html(
    <Page
      {...frame}
      lead={t('webhooks.lead')}
      flash={done ? { kind: 'done', text: t(`webhooks.done.${done}`) } : undefined}
    >
      {hooks.length === 0 ? (
        <EmptyState title={t('webhooks.none')}>
          <p>{t('webhooks.none.why')}</p>
        </EmptyState>
      ) : (
        <Hooks {...props} />
      )}
      <Make {...props} />
    </Page>,
  )
}

function Hooks({ frame: { t }, hooks, organisations }: Props) {
  return (
    <Table<Webhook>
      caption={t('webhooks.title')}
      captionHidden
      rows={hooks}
      rowKey={(row) => row.id}
      rowHref={(row) => `/webhooks/${row.id}`}
      columns={[
        {
          key: 'name',
          label: t('webhooks.name'),
          main: true,
          cell: (row) => <a href={`/webhooks/${row.id}`}>{row.name}</a>,
        },
        {
          key: 'state',
          label: t('webhooks.state'),
          cell: (row) => <Chip yours={row.disabledAt === null}>{t(`webhooks.is.${stateOf(row)}`)}</Chip>,
        },
        ...(organisations.length > 1
          ? [{ key: 'org', label: t('webhooks.org'), cell: (row: Webhook) => row.orgName }]
          : []),
        { key: 'host', label: t('webhooks.host'), kind: 'mono' as const, cell: (row) => row.host },
        { key: 'form', label: t('webhooks.form'), cell: (row) => t(`webhooks.form.${row.form}`) },
        {
          key: 'events',
          label: t('webhooks.events'),
          cell: (row) => t.list(row.events.map((one) => t(`webhooks.news.${one}`))),
        },
      ]}
    />
  )
}

export const stateOf = ({ disabledAt, failures }: Webhook): 'on' | 'off' | 'failing' =>
  disabledAt !== null ? 'off' : failures > 0 ? 'failing' : 'on'

function Make({ frame, organisations, errors, given }: Props) {
  const { t, csrf } = frame
  const wrong = (field: string) => (errors?.[field] ? t(`webhooks.error.${field}`) : undefined)
  return (
    <Section title={t('webhooks.make')} id="make" lead={t('webhooks.make.lead')}>
      <div class="narrow">
        <Form
          action="/webhooks"
          csrf={csrf}
          label={t('webhooks.make')}
          noTurbo
          hidden={organisations.length === 1 ? { org: organisations[0]?.id } : {}}
        >
          {organisations.length > 1 && (
            <Field
              label={t('webhooks.org')}
              name="org"
              type="select"
              value={String(given?.org ?? '')}
              options={organisations.map(({ id, name }) => ({ value: String(id), label: name }))}
            />
          )}
          <Field
            label={t('webhooks.name')}
            name="name"
            required
            maxlength={100}
            value={given?.name}
            error={wrong('name')}
          />
          <Field
            label={t('webhooks.url')}
            name="url"
            type="url"
            required
            maxlength={1000}
            value={given?.url}
            hint={t('webhooks.url.hint')}
            error={wrong('url')}
          />
          <Field
            label={t('webhooks.form')}
            name="form"
            type="select"
            value={given?.form ?? 'signed'}
            options={forms.map((value) => ({ value, label: t(`webhooks.form.${value}`) }))}
            error={wrong('form')}
          />
          <Field
            label={t('webhooks.template')}
            name="template"
            type="textarea"
            rows={3}
            mono
            maxlength={4000}
            value={given?.template}
            placeholder={'{"text": "{line} {url}"}'}
            hint={t('webhooks.template.hint', { places: places.map((one) => `{${one}}`).join(' ') })}
            error={wrong('template')}
          />
          <fieldset class="field">
            <legend>{t('webhooks.events')}</legend>
            {wrong('events') && (
              <p class="field-error" role="alert">
                {wrong('events')}
              </p>
            )}
            {news.map((one) => (
              <Field
                key={one}
                label={t(`webhooks.news.${one}`)}
                name="events"
                type="checkbox"
                value={one}
                checked={given ? given.events.includes(one) : one !== 'answers'}
              />
            ))}
          </fieldset>
          <Field
            label={t('webhooks.least')}
            name="least"
            type="select"
            value={String(given?.least ?? 2)}
            options={['4', '3', '2', '1'].map((value) => ({ value, label: t(`ways.least.${value}`) }))}
            error={wrong('least')}
          />
          <Field
            label={t('webhooks.language')}
            name="language"
            type="select"
            value={given?.language ?? t.lang}
            options={[
              { value: 'cs', label: 'Čeština' },
              { value: 'en', label: 'English' },
            ]}
          />
          <Button kind="primary">{t('webhooks.make')}</Button>
        </Form>
      </div>
    </Section>
  )
}
