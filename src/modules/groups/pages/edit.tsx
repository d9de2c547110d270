/** The form of a group, new or existing. */
import type { Frame } from '../../../platform/frame.ts'
import { Actions, Button, Field, Form, html, Notice, Page, Section } from '../../../ui/index.ts'
import { kinds, memberRoles } from '../../members/index.ts'
import { kindIn } from '../../members/pages.ts'
import { groupTlps, joinings, type WantedGroup } from '../groups.ts'

export interface FormProps {
  frame: Frame
  /** Null for a new one. */
  slug: string | null
  given: WantedGroup
  errors: Record<string, string>
}

export function groupFormPage(props: FormProps): string {
  const { frame, slug, given, errors } = props
  const { t } = frame
  return html(
    <Page {...frame} lead={slug === null ? t('groups.new.lead') : given.name}>
      <Form action={slug === null ? '/groups' : `/groups/${slug}`} csrf={frame.csrf} label={frame.title}>
        <Field
          label={t('groups.name')}
          name="name"
          required
          maxlength={60}
          value={given.name}
          error={errors.name}
        />
        {slug === null && (
          <Field
            label={t('groups.slug')}
            name="slug"
            required
            maxlength={60}
            mono
            hint={t('groups.slug.hint')}
            value={given.slug}
            error={errors.slug}
          />
        )}
        {(['purposeCs', 'purposeEn'] as const).map((name) => (
          <Field
            key={name}
            label={t(`groups.${name}`)}
            name={name}
            type="textarea"
            rows={3}
            maxlength={600}
            value={given[name]}
            error={errors[name]}
          />
        ))}
        <Joining {...props} />
        <Ticked {...props} name="roles" of={memberRoles} word={(role) => t(`ui.role.${role}`)} />
        <Ticked {...props} name="kinds" of={kinds} word={(kind) => kindIn(kind, t)} />
        <Field
          label={t('groups.tlp')}
          name="tlpMax"
          type="select"
          hint={t('groups.tlp.what')}
          options={groupTlps.map((value) => ({ value, label: `TLP:${value}` }))}
          value={given.tlpMax}
          error={errors.tlpMax}
        />
        <Field
          label={t('groups.public')}
          name="public"
          type="checkbox"
          checked={given.public}
          hint={t('groups.public.hint')}
        />
        <Actions>
          <Button kind="primary">{t('groups.save')}</Button>
          <a href={slug === null ? '/groups' : `/groups/${slug}`}>{t('groups.back.form')}</a>
        </Actions>
      </Form>
      {slug !== null && (
        <Section title={t('groups.close')} id="closing">
          <Form action={`/groups/${slug}/closing`} csrf={frame.csrf}>
            <Button kind="danger" consequence={t('groups.close.what')}>
              {t('groups.close')}
            </Button>
          </Form>
        </Section>
      )}
    </Page>,
  )
}

function Joining({ frame: { t }, given, errors }: FormProps) {
  return (
    <Field
      label={t('groups.who')}
      name="joining"
      type="select"
      hint={t('groups.joining.hint')}
      options={joinings.map((value) => ({ value, label: t(`groups.joining.${value}`) }))}
      value={given.joining}
      error={errors.joining}
    />
  )
}

/** Ticked boxes of one name; none ticked means any. */
function Ticked(
  props: FormProps & { name: 'roles' | 'kinds'; of: readonly string[]; word: (value: string) => string },
) {
  const { frame, given, errors, name, of, word } = props
  const error = errors[name]
  return (
    <fieldset>
      <legend>{frame.t(`groups.${name}`)}</legend>
      <p class="field-hint">{frame.t(`groups.${name}.hint`)}</p>
      {error && <Notice kind="wrong">{error}</Notice>}
      {of.map((value) => (
        <Field
          key={value}
          label={word(value)}
          name={name}
          type="checkbox"
          value={value}
          checked={given[name].includes(value)}
        />
      ))}
    </fieldset>
  )
}
