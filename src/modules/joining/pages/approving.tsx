/** The forms by which an application is approved, tied to an organisation of the register, or handed to its people. */
import { Actions, Button, Field, Form, Section } from '../../../ui/index.ts'
import { givable, memberRoles } from '../../members/index.ts'
import { again, isOpenTo } from './judging.tsx'
import type { ApplicationProps } from './props.ts'
import { kindOptions, regionOptions } from './words.ts'

export function Approving(props: ApplicationProps) {
  const { judge, one } = props
  if (judge === 'manager') return isOpenTo(props, 'approved') ? <OwnPerson {...props} /> : null
  return (
    <>
      {isOpenTo(props, 'approved') && one.kind === 'organisation' && <NewOrganisation {...props} />}
      {isOpenTo(props, 'handed') && <Known {...props} />}
    </>
  )
}

/** The roles that whoever looks may give; somebody's own people get none that brings more than their judge's. */
function Role({ frame: { t }, actor, one, judge, preset, errors, given }: RoleProps) {
  const roles = judge === 'coordinator' ? memberRoles : givable(actor, one.org ?? 0)
  return (
    <Field
      label={t('joining.approve.role')}
      name="role"
      type="select"
      value={given.role ?? preset}
      error={errors.role}
      options={roles.map((value) => ({ value, label: t(`ui.role.${value}`) }))}
    />
  )
}
type RoleProps = ApplicationProps & {
  preset: string
  errors: Record<string, string>
  given: Record<string, string>
}

function OwnPerson(props: ApplicationProps) {
  const { frame, one } = props
  const { t } = frame
  const state = again(props, 'approval')
  return (
    <Section title={t('joining.approve.own.title')} id="approval" lead={t('joining.approve.own.lead')}>
      <div class="narrow">
        <Form
          action={`/applications/${one.id}/approval`}
          csrf={frame.csrf}
          label={t('joining.approve.own.title')}
        >
          <Role {...props} preset="admin" {...state} />
          {state.errors.email && <p class="field-error">{state.errors.email}</p>}
          <Actions>
            <Button kind="primary">{t('joining.approve.own.do')}</Button>
          </Actions>
        </Form>
      </div>
    </Section>
  )
}

function NewOrganisation(props: ApplicationProps) {
  const { frame, one, findings } = props
  const { t } = frame
  const { errors, given } = again(props, 'approval')
  // What the register says of the number is more likely right than what somebody typed.
  const said = findings?.register.find(({ by, differs }) => by === 'ico' && !differs)
  return (
    <Section title={t('joining.approve.new.title')} id="approval" lead={t('joining.approve.new.lead')}>
      <div class="narrow">
        <Form
          action={`/applications/${one.id}/approval`}
          csrf={frame.csrf}
          hidden={{ target: 'new' }}
          label={t('joining.approve.new.title')}
        >
          <Field
            label={t('joining.field.organisation')}
            name="name"
            required
            maxlength={200}
            value={given.name ?? said?.name ?? one.organisation}
            error={errors.name}
          />
          <Field
            label={t('joining.field.ico')}
            name="ico"
            maxlength={20}
            value={given.ico ?? one.ico ?? ''}
            error={errors.ico}
          />
          <Field
            label={t('joining.field.orgKind')}
            name="kind"
            type="select"
            value={given.kind ?? said?.kind ?? one.orgKind}
            error={errors.kind}
            options={kindOptions(t)}
          />
          <Field
            label={t('joining.field.region')}
            name="nuts3"
            type="select"
            value={given.nuts3 ?? said?.nuts3 ?? one.nuts3 ?? ''}
            options={regionOptions(t)}
          />
          <Role {...props} preset="representative" errors={errors} given={given} />
          {errors.target && (
            <Field
              label={t('joining.approve.despite')}
              name="despite"
              type="checkbox"
              error={errors.target}
            />
          )}
          {errors.email && <p class="field-error">{errors.email}</p>}
          <Actions>
            <Button kind="primary">{t('joining.approve.new.do')}</Button>
          </Actions>
        </Form>
      </div>
    </Section>
  )
}

/** Of an organisation with people who manage people these decide; without, a coordinator who vetted it may invite. */
function Known(props: ApplicationProps) {
  const { frame, one, findings } = props
  const { t } = frame
  const form = props.refused?.form === 'handing' ? 'handing' : 'approval'
  const refused = again(props, form)
  const isTied = refused.given.target === 'known' || form === 'handing'
  const { errors, given } = isTied
    ? refused
    : { errors: {} as Record<string, string>, given: {} as Record<string, string> }
  return (
    <Section title={t('joining.approve.known.title')} id="known" lead={t('joining.approve.known.lead')}>
      <div class="narrow">
        <Form
          action={`/applications/${one.id}/handing-over`}
          csrf={frame.csrf}
          hidden={{ target: 'known' }}
          label={t('joining.approve.known.title')}
        >
          <Field
            label={t('joining.field.org')}
            name="org"
            required
            maxlength={200}
            value={given.org ?? one.orgName ?? findings?.similar[0]?.name ?? ''}
            error={errors.target}
            hint={t('joining.approve.known.hint')}
          />
          {isOpenTo(props, 'approved') && <Role {...props} preset="admin" errors={errors} given={given} />}
          {errors.email && <p class="field-error">{errors.email}</p>}
          <Actions>
            <Button kind="primary">{t('joining.approve.hand')}</Button>
            {isOpenTo(props, 'approved') && (
              <Button formaction={`/applications/${one.id}/approval`}>{t('joining.approve.invite')}</Button>
            )}
          </Actions>
        </Form>
      </div>
    </Section>
  )
}
