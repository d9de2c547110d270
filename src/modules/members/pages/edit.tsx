import type { Frame } from '../../../platform/frame.ts'
import { Actions, Button, Field, Form, html, Page } from '../../../ui/index.ts'
import { kinds, regimes } from '../import/types.ts'
import type { Member } from '../members.ts'
import type { Wanted } from '../organisations.ts'
import { regionCodes, regionNamed, regions } from '../regions.ts'
import { kindIn, regimeIn } from './names.ts'

export interface EditProps {
  frame: Frame
  member: Member
  /** As typed, when it was refused. */
  given?: Wanted
  errors?: Record<string, string>
}

/** What stands in the register, as the form would send it. */
export const asTyped = (member: Member): Wanted => ({
  name: member.name,
  ico: member.ico ?? '',
  kind: member.kind,
  region: member.nuts3 ?? member.region ?? '',
  founder: member.founder ?? '',
  parent: member.parent?.name ?? '',
  regime: member.regime,
  language: member.language,
  languages: member.languages,
  contactEmail: member.contactEmail ?? '',
  phone: member.phone ?? '',
})

export function editPage(props: EditProps): string {
  const { frame, member, errors = {} } = props
  const { t } = frame
  const given = props.given ?? asTyped(member)
  return html(
    <Page {...frame}>
      <div class="narrow">
        <Form action={`/members/${member.id}`} csrf={frame.csrf} label={t('organisations.edit')}>
          <Field
            label={t('members.member.name')}
            name="name"
            value={given.name}
            required
            maxlength={200}
            error={errors.name}
            hint={t('organisations.edit.name.hint')}
          />
          <Field
            label={t('organisations.ico')}
            name="ico"
            value={given.ico}
            inputmode="numeric"
            maxlength={12}
            error={errors.ico}
          />
          <Field
            label={t('members.member.kind')}
            name="kind"
            type="select"
            value={given.kind}
            options={kinds.map((value) => ({ value, label: kindIn(value, t) }))}
          />
          <Field
            label={t('members.member.region')}
            name="region"
            type="select"
            value={regionNamed(given.region) ?? given.region}
            options={regionOptions(given.region, t('members.member.notSaid'))}
          />
          <Field label={t('members.member.founder')} name="founder" value={given.founder} maxlength={200} />
          <Field
            label={t('organisations.parent')}
            name="parent"
            value={given.parent}
            maxlength={200}
            error={errors.parent}
            hint={t('organisations.parent.hint')}
          />
          <Field
            label={t('organisations.regime')}
            name="regime"
            type="select"
            value={given.regime}
            options={regimes.map((value) => ({ value, label: regimeIn(value, t) }))}
          />
          <Contact {...props} given={given} />
          <Actions>
            <Button kind="primary">{t('organisations.edit.do')}</Button>
            <a href={`/members/${member.id}`}>{t('organisations.back')}</a>
          </Actions>
        </Form>
      </div>
    </Page>,
  )
}

/** The 14 regions, nothing, and what an import said where it is none of them. */
function regionOptions(said: string, nothing: string): { value: string; label: string }[] {
  const foreign = said !== '' && regionNamed(said) === null ? [{ value: said, label: said }] : []
  return [
    { value: '', label: nothing },
    ...foreign,
    ...regionCodes.map((code) => ({ value: code, label: `${regions[code]} (${code})` })),
  ]
}

function Contact({ frame: { t }, given, errors = {} }: EditProps & { given: Wanted }) {
  return (
    <>
      <Field
        label={t('organisations.language')}
        name="language"
        type="select"
        value={given.language}
        options={(['cs', 'en'] as const).map((value) => ({
          value,
          label: t(`members.member.language.${value}`),
        }))}
      />
      {(['cs', 'en'] as const).map((value) => (
        <Field
          key={value}
          label={t(`organisations.languages.${value}`)}
          name={`understands_${value}`}
          type="checkbox"
          checked={given.languages.includes(value)}
        />
      ))}
      <Field
        label={t('members.member.contact')}
        name="contactEmail"
        type="email"
        value={given.contactEmail}
        maxlength={254}
        error={errors.contactEmail}
      />
      <Field
        label={t('members.member.phone')}
        name="phone"
        type="tel"
        value={given.phone}
        maxlength={40}
        error={errors.phone}
      />
    </>
  )
}
