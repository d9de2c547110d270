/** Merging two organisations: first which, then what it would do to whom, and only then the click. */
import type { Frame } from '../../../platform/frame.ts'
import { Actions, Button, Code, Facts, Field, Form, html, Notice, Page, Section } from '../../../ui/index.ts'
import type { Preview } from '../merge-preview.ts'
import { rolesIn } from './people.tsx'

export interface MergerProps {
  frame: Frame
  org: { id: number; name: string }
  /** What was typed for the successor. */
  typed: string
  errors: Record<string, string>
  /** Once it is known which organisation is meant. */
  preview?: Preview
  given?: { reason: string; people: number[] }
}

export function mergerPage(props: MergerProps): string {
  const { frame, org, preview } = props
  const { t } = frame
  return html(
    <Page {...frame} lead={t('merging.lead')}>
      <Which {...props} />
      {preview?.obstacle && <Notice kind="wrong">{t(`merging.refused.${preview.obstacle}`)}</Notice>}
      {preview && !preview.obstacle && <What {...props} preview={preview} />}
      <p>
        <a href={`/members/${org.id}`}>{t('merging.back')}</a>
      </p>
    </Page>,
  )
}

function Which({ frame: { t }, org, typed, errors }: MergerProps) {
  return (
    <div class="narrow">
      <Form action={`/members/${org.id}/merger`} method="get" label={t('merging.which')}>
        <Field
          label={t('merging.into', { name: org.name })}
          name="into"
          required
          maxlength={200}
          value={typed}
          error={errors.into}
          hint={t('merging.into.hint')}
        />
        <Actions>
          <Button>{t('merging.show')}</Button>
        </Actions>
      </Form>
    </div>
  )
}

function What(props: MergerProps & { preview: Preview }) {
  const { frame, org, preview, errors, given } = props
  const { t, csrf } = frame
  const { into } = preview
  return (
    <Section title={t('merging.what', { name: org.name, into: into.name })} id="what">
      <ul class="bullets">
        <li>{t('merging.what.history', { into: into.name })}</li>
        <li>{t('merging.what.name', { name: org.name })}</li>
        <li>{t('merging.what.undo')}</li>
      </ul>
      <Carried frame={frame} preview={preview} />
      <Form action={`/members/${org.id}/merger`} csrf={csrf} hidden={{ into: String(into.id) }}>
        <People {...props} />
        <div class="narrow">
          <Field
            label={t('merging.reason')}
            name="reason"
            type="textarea"
            rows={2}
            required
            maxlength={1000}
            value={given?.reason}
            error={errors.reason}
            hint={t('merging.reason.hint')}
          />
        </div>
        <Actions>
          <Button kind="danger">{t('merging.do', { name: org.name, into: into.name })}</Button>
        </Actions>
      </Form>
    </Section>
  )
}

function Carried({ frame: { t }, preview }: { frame: Frame; preview: Preview }) {
  const { org, into } = preview
  const codes = (texts: string[]) =>
    texts.length === 0 ? (
      <span class="muted">{t('merging.nothing')}</span>
    ) : (
      texts.map((text) => (
        <div key={text}>
          <Code t={t} text={text} />
        </div>
      ))
    )
  return (
    <Facts
      facts={[
        {
          label: t('merging.warnings'),
          value: (
            <a href={`/warnings?kind=detected&org=${org.id}&state=living`}>{t.number(preview.warnings)}</a>
          ),
          note: t('merging.warnings.note', { into: into.name }),
        },
        {
          label: t('merging.networks'),
          value: codes(preview.networks),
          note: t('merging.networks.note', { into: into.name }),
        },
        { label: t('merging.domains'), value: codes(preview.domains) },
        {
          label: t('merging.sensors'),
          value: <a href="/sensors">{t.number(preview.sensors)}</a>,
          note: t('merging.sensors.note'),
        },
        {
          label: t('merging.keys'),
          value: <a href="/keys">{t.number(preview.keys)}</a>,
          note: t('merging.keys.note'),
        },
        {
          label: t('merging.signatures'),
          value: <a href={`/members/${org.id}#memorandum`}>{t.number(preview.signatures)}</a>,
          note: t('merging.signatures.note'),
        },
      ]}
    />
  )
}

function People({ frame: { t }, preview, errors, given }: MergerProps & { preview: Preview }) {
  const { people, managers, into } = preview
  // Managing by delegation does not go over: only a representative can be ticked so that somebody manages there.
  const noManager = people.some(({ roles }) => roles.includes('representative'))
    ? 'merging.people.noManager'
    : 'merging.people.noManager.nobody'
  return (
    <>
      {managers === 0 && <Notice kind="careful">{t(noManager, { into: into.name })}</Notice>}
      <fieldset class="field" aria-describedby="people-what">
        <legend>{t('merging.people')}</legend>
        <p id="people-what">
          {people.length === 0 ? t('merging.people.none') : t('merging.people.what', { into: into.name })}
        </p>
        {errors.people && <p class="field-error">{errors.people}</p>}
        {people.map((person) => (
          <Field
            key={person.id}
            label={`${person.name}: ${rolesIn(person.roles, t)}`}
            name="people"
            type="checkbox"
            value={person.id}
            checked={given?.people.includes(person.id)}
            hint={
              person.delegate
                ? t('merging.people.delegate')
                : person.manages
                  ? t('merging.people.manages')
                  : undefined
            }
          />
        ))}
      </fieldset>
    </>
  )
}
