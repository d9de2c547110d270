/** One colleague: the roles, whether they manage people, and ending it all with its consequences said before. */
import type { Frame } from '../../../platform/frame.ts'
import type { Provider } from '../../../platform/providers.ts'
import { Actions, Button, Facts, Field, Form, html, Notice, Page, Section } from '../../../ui/index.ts'
import type { Colleague } from '../colleagues.ts'
import { type MemberRole, memberRoles } from '../may.ts'
import { providerIn, rolesIn } from './people.tsx'

export interface PersonProps {
  frame: Frame
  org: number
  /** Of the organisation. */
  name: string
  person: Colleague
  /** By which people sign in here. */
  providers: Provider[]
  givable: MemberRole[]
  mayDelegate: boolean
  /** The page is about the one who looks. */
  self: boolean
  done?: 'roles' | 'delegated' | 'ended' | undefined
  /** `last`: nobody would manage people any more; `none`: without a role it would be a removal. */
  problem?: 'last' | 'none'
}

export function personPage(props: PersonProps): string {
  const { frame, org, name, person, done, problem } = props
  const { t } = frame
  return html(
    <Page
      {...frame}
      organisation={name}
      lead={t('people.person.lead', { roles: rolesIn(person.roles, t), name })}
      flash={done ? { text: t(`people.done.${done}`) } : undefined}
    >
      {problem && <Notice kind="wrong">{t(`people.problem.${problem}`)}</Notice>}
      <Facts
        facts={[{ label: t('people.email'), value: <a href={`mailto:${person.email}`}>{person.email}</a> }]}
      />
      <ByProvider {...props} />
      <Roles {...props} />
      <Delegation {...props} />
      <Removal {...props} />
      <p>
        <a href={`/members/${org}/people`}>{t('people.back')}</a>
      </p>
    </Page>,
  )
}

/** What happens to roles of a provider's group that are changed by hand, said before. */
function ByProvider({ frame: { t }, person, providers }: PersonProps) {
  if (person.byProvider.length === 0) return null
  return (
    <Notice kind="careful" title={t('granted.title')}>
      <ul class="bullets">
        {person.byProvider.map(({ role, provider }) => (
          <li key={role}>
            {t('granted.from', {
              role: t(`ui.role.${role}`),
              provider: providerIn(providers, provider, t),
            })}
          </li>
        ))}
      </ul>
      <p>{t('granted.happens')}</p>
    </Notice>
  )
}

function Roles({ frame, org, person, givable }: PersonProps) {
  const { t } = frame
  return (
    <Section title={t('people.roles')} id="roles">
      <Form action={`/members/${org}/people/${person.id}/roles`} csrf={frame.csrf}>
        {memberRoles.map((role) => {
          const fixed = !givable.includes(role)
          const held = person.roles.includes(role)
          return (
            <div key={role}>
              {fixed && held && <input type="hidden" name="roles" value={role} />}
              <Field
                label={t(`ui.role.${role}`)}
                name="roles"
                type="checkbox"
                value={role}
                checked={held}
                disabled={fixed}
                hint={t(fixed ? 'people.role.fixed' : `people.role.${role}`)}
              />
            </div>
          )
        })}
        <Actions>
          <Button kind="primary">{t('people.roles.do')}</Button>
        </Actions>
      </Form>
    </Section>
  )
}

function Delegation({ frame, org, person, mayDelegate }: PersonProps) {
  const { t } = frame
  const path = `/members/${org}/people/${person.id}/delegation`
  if (person.roles.includes('representative'))
    return (
      <Section title={t('people.delegation.title')} id="delegation">
        <p>{t('people.delegation.byRole')}</p>
      </Section>
    )
  return (
    <Section title={t('people.delegation.title')} id="delegation">
      <p>{t(person.delegate ? 'people.delegation.on' : 'people.delegation.off')}</p>
      {mayDelegate ? (
        <Form action={person.delegate ? `${path}/withdrawal` : path} csrf={frame.csrf}>
          <Button>{t(person.delegate ? 'people.delegation.end' : 'people.delegation.give')}</Button>
        </Form>
      ) : (
        <p class="muted">{t('people.delegation.onlyRepresentative')}</p>
      )}
    </Section>
  )
}

function Removal({ frame, org, person, givable, self }: PersonProps) {
  const { t } = frame
  const fixed = person.roles.some((role) => !givable.includes(role))
  return (
    <Section title={t('people.removal.title')} id="removal">
      <p>{t(self ? 'people.removal.self' : 'people.removal.what')}</p>
      {person.assigned > 0 && (
        <p>
          <a href="/warnings">{t('people.removal.assigned', { n: person.assigned })}</a>
        </p>
      )}
      {fixed ? (
        <p class="muted">{t('people.role.fixed')}</p>
      ) : (
        <Form action={`/members/${org}/people/${person.id}/removal`} csrf={frame.csrf}>
          <Button kind="danger">{t('people.removal.do')}</Button>
        </Form>
      )}
    </Section>
  )
}
