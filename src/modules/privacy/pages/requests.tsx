/** A person's request for its data: first whose, then what there is and what erasing would do, and only then the click. */
import {
  Actions,
  Button,
  Facts,
  Field,
  Form,
  html,
  Notice,
  Page,
  type PageProps,
  Section,
  Table,
} from '../../../ui/index.ts'
import type { Fate } from '../preview.ts'
import { type Asked, longest, type Obstacle, parts, type Subject } from '../request.ts'
import { Views } from './views.tsx'

/** `typed` is an address, or a number, that is nobody's. */
export function findPage({ frame, typed }: { frame: PageProps; typed: string | undefined }): string {
  const { t } = frame
  return html(
    <Page {...frame} lead={t('requests.lead')}>
      <Views t={t} active="/people/data" roles={frame.actor?.roles ?? []} />
      <div class="narrow">
        <Form action="/people/data/choice" csrf={frame.csrf} label={t('requests.title')}>
          <Field
            label={t('requests.who')}
            name="person"
            required
            maxlength={320}
            value={typed}
            error={typed === undefined ? undefined : t('requests.nobody')}
            hint={t('requests.who.hint')}
          />
          <Actions>
            <Button kind="primary">{t('requests.show')}</Button>
          </Actions>
        </Form>
      </div>
      <p>
        <a href="/people/search">{t('finding.link')}</a>
      </p>
    </Page>,
  )
}

interface RequestProps {
  frame: PageProps
  subject: Subject
  preview: { goes: Fate[]; stays: Fate[] }
  /** What stands in the way of each. */
  exporting: Obstacle | null
  erasing: Obstacle | null
  /** Why it was refused when it was tried. */
  refused: Obstacle | undefined
  given: (Asked & { of: 'export' | 'erase'; wrong: string[] }) | undefined
  erased: boolean
}

export function requestPage(props: RequestProps): string {
  const { frame, exporting, erasing, refused } = props
  const { t } = frame
  return html(
    <Page
      {...frame}
      lead={t('requests.person.lead')}
      flash={props.erased ? { kind: 'done', text: t('requests.done.erased') } : undefined}
    >
      <p>
        <a href="/people/data">{t('requests.back')}</a>
      </p>
      {refused && refused !== erasing && <Notice kind="wrong">{t(`requests.refused.${refused}`)}</Notice>}
      <Whose {...props} />
      {/* One sentence is enough where neither is done here. */}
      {exporting ? (
        <Notice kind="note">
          <p>{t(`requests.refused.${exporting}`)}</p>
          {exporting === 'own' && <a href="/account/data">{t('privacy.data.title')}</a>}
        </Notice>
      ) : (
        <>
          <Exporting {...props} />
          <Erasing {...props} />
        </>
      )}
    </Page>,
  )
}

function Whose({ frame: { t }, subject }: RequestProps) {
  const { roles, merged, into, disabled } = subject
  return (
    <Facts
      facts={[
        { label: t('privacy.data.person'), value: String(subject.id) },
        { label: t('people.email'), value: subject.email },
        {
          label: t('requests.roles'),
          value:
            roles.length === 0
              ? t('requests.none')
              : roles.map(({ role, org }) => (
                  <div key={`${role} ${org}`}>
                    {t(`ui.role.${role}`)}
                    {org && `, ${org}`}
                  </div>
                )),
          note: disabled && !subject.erased ? t('requests.disabled') : undefined,
        },
        ...(merged.length > 0
          ? [
              {
                label: t('requests.merged'),
                value: merged.map(({ id, email }) => (
                  <div key={id}>
                    <a href={`/people/${id}/data`}>{email}</a>
                  </div>
                )),
                note: t('requests.merged.note'),
              },
            ]
          : []),
        ...(into === null
          ? []
          : [
              {
                label: t('requests.into'),
                value: <a href={`/people/${into}/data`}>{t('requests.into.open')}</a>,
              },
            ]),
      ]}
    />
  )
}

function Exporting(props: RequestProps) {
  const { frame, subject } = props
  const { t } = frame
  return (
    <Section title={t('requests.export')} lead={t('requests.export.lead')} id="export">
      <div class="narrow">
        <Form action={`/people/${subject.id}/data`} csrf={frame.csrf} noTurbo label={t('requests.export')}>
          <Request {...props} of="export" />
          <Actions>
            <Button kind="primary" name="as" value="json">
              {t('privacy.data.json')}
            </Button>
            <Button name="as" value="page">
              {t('privacy.data.read')}
            </Button>
          </Actions>
        </Form>
      </div>
    </Section>
  )
}

function Erasing(props: RequestProps) {
  const { frame, subject, preview, erasing, given } = props
  const { t } = frame
  const unseen = given?.of === 'erase' && given.wrong.includes('sure')
  return (
    <Section title={t('requests.erase')} lead={t('requests.erase.lead')} id="erase">
      {erasing && <Notice kind="careful">{t(`requests.refused.${erasing}`)}</Notice>}
      <Fates frame={frame} title={t('requests.goes')} rows={preview.goes} />
      <Fates frame={frame} title={t('requests.stays')} rows={preview.stays} />
      <ul class="bullets">
        <li>{t('requests.why.number')}</li>
        <li>{t('requests.why.signatures')}</li>
        <li>{t('requests.why.outside')}</li>
      </ul>
      {!erasing && (
        <div class="narrow">
          <Form action={`/people/${subject.id}/erasure`} csrf={frame.csrf} label={t('requests.erase')}>
            <Request {...props} of="erase" />
            <Field
              label={t('requests.sure')}
              name="sure"
              type="checkbox"
              value="1"
              required
              error={unseen ? t('requests.wrong.sure') : undefined}
            />
            <Actions>
              <Button kind="danger">{t('requests.erase.do', { email: subject.email })}</Button>
            </Actions>
          </Form>
        </div>
      )}
    </Section>
  )
}

/** Who asked, how it was found out that it is they, and why. */
function Request({ frame: { t }, given, of }: RequestProps & { of: 'export' | 'erase' }) {
  const typed = given?.of === of ? given : undefined
  return (
    <>
      {parts.map((part) => (
        <Field
          key={part}
          label={t(`requests.${part}`)}
          name={part}
          type={part === 'asker' ? 'text' : 'textarea'}
          {...(part === 'asker' ? {} : { rows: 2 })}
          required
          maxlength={longest[part]}
          value={typed?.[part]}
          error={typed?.wrong.includes(part) ? t(`requests.wrong.${part}`) : undefined}
          hint={t(`requests.${part}.hint`)}
        />
      ))}
    </>
  )
}

function Fates({ frame: { t }, title, rows }: { frame: PageProps; title: string; rows: Fate[] }) {
  return (
    <Table<Fate>
      caption={title}
      walkable={false}
      rows={rows}
      rowKey={(row) => `${row.table} ${row.end}`}
      empty={<p class="muted">{t('requests.nothing')}</p>}
      columns={[
        {
          key: 'what',
          label: t('privacy.processing.data'),
          main: true,
          cell: (row) => t(`privacy.table.${row.table}`),
        },
        { key: 'rows', label: t('requests.rows'), kind: 'number', cell: (row) => t.number(row.rows) },
        { key: 'end', label: t('privacy.processing.erased'), cell: (row) => t(`privacy.erase.${row.end}`) },
      ]}
    />
  )
}
