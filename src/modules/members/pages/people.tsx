/** The people of an organisation and who manages them; for those, inviting and the way to each person. */
import type { Frame } from '../../../platform/frame.ts'
import type { T } from '../../../platform/i18n.ts'
import type { Provider } from '../../../platform/providers.ts'
import {
  Actions,
  Button,
  Chip,
  EmptyState,
  Field,
  Form,
  html,
  Page,
  Section,
  Table,
  Time,
} from '../../../ui/index.ts'
import type { Colleague } from '../colleagues.ts'
import type { Invitation } from '../invitations.ts'
import type { MemberRole } from '../may.ts'

export interface PeopleProps {
  frame: Frame
  org: number
  /** Of the organisation. */
  name: string
  people: Colleague[]
  invitations: Invitation[]
  /** Numbers of the people who manage people. */
  managers: number[]
  mayManage: boolean
  /** By which people sign in here. */
  providers: Provider[]
  givable: MemberRole[]
  done?: 'invited' | 'withdrawn' | 'removed' | undefined
  refused?: { given: Record<string, string>; errors: Record<string, string> }
}

export function peoplePage(props: PeopleProps): string {
  const { frame, org, name, people, managers, mayManage, done } = props
  const { t } = frame
  return html(
    <Page
      {...frame}
      organisation={name}
      lead={t('people.lead', { name })}
      flash={done ? { text: t(`people.done.${done}`) } : undefined}
    >
      <Table
        caption={t('people.title')}
        captionHidden
        rows={people}
        rowKey={(row) => row.id}
        rowHref={mayManage ? (row) => `/members/${org}/people/${row.id}` : undefined}
        empty={<EmptyState title={t('people.none')}>{t('people.none.what')}</EmptyState>}
        columns={columns(props)}
      />
      {managers.length === 0 && (
        <p>{t(mayManage ? 'people.inviteRepresentative' : 'people.nobodyManages')}</p>
      )}
      {!mayManage && managers.length > 0 && (
        <p class="muted">
          {t('people.whoManages', {
            names: t.list(people.filter(({ id }) => managers.includes(id)).map((one) => one.name)),
          })}
        </p>
      )}
      {mayManage && <Open {...props} />}
      {mayManage && <Invite {...props} />}
    </Page>,
  )
}

const columns = ({ frame: { t, now, zone }, org, managers, mayManage, providers }: PeopleProps) => [
  {
    key: 'name',
    label: t('people.name'),
    main: true,
    cell: (row: Colleague) => (
      <>
        {mayManage ? <a href={`/members/${org}/people/${row.id}`}>{row.name}</a> : row.name}{' '}
        {managers.includes(row.id) && <Chip>{t('people.manages')}</Chip>}
      </>
    ),
  },
  {
    key: 'roles',
    label: t('people.roles'),
    cell: (row: Colleague) => <Roles t={t} row={row} providers={providers} />,
  },
  {
    key: 'email',
    label: t('people.email'),
    cell: (row: Colleague) => <a href={`mailto:${row.email}`}>{row.email}</a>,
  },
  {
    key: 'since',
    label: t('people.since'),
    kind: 'time' as const,
    cell: (row: Colleague) => <Time t={t} at={row.since} now={now} zone={zone} as="short" />,
  },
]

/** What the operator calls the provider in the reader's language; one that is no longer in the file keeps its short name. */
export const providerIn = (providers: Provider[], id: string, t: T): string =>
  providers.find((one) => one.id === id)?.name[t.lang] ?? id

function Roles({ t, row, providers }: { t: T; row: Colleague; providers: Provider[] }) {
  return (
    <>
      {rolesIn(row.roles, t)}
      {row.byProvider.map(({ role, provider }) => (
        <div class="muted" key={role}>
          {t('granted.from', { role: t(`ui.role.${role}`), provider: providerIn(providers, provider, t) })}
        </div>
      ))}
    </>
  )
}

export const rolesIn = (roles: readonly string[], t: T): string =>
  t.list(roles.map((role) => t(`ui.role.${role}`)))

function Open({ frame, org, invitations }: PeopleProps) {
  const { t, now, zone } = frame
  if (invitations.length === 0) return null
  return (
    <Section title={t('people.open.title')} id="invitations">
      <Table
        caption={t('people.open.title')}
        captionHidden
        rows={invitations}
        rowKey={(row) => row.id}
        columns={[
          {
            key: 'name',
            label: t('people.name'),
            main: true,
            cell: (row) => (
              <>
                {row.name} <span class="muted">{row.email}</span>
              </>
            ),
          },
          { key: 'role', label: t('people.role'), cell: (row) => t(`ui.role.${row.role}`) },
          {
            key: 'by',
            label: t('people.invitedBy'),
            cell: (row) => row.invitedBy ?? t('people.coordinator'),
          },
          {
            key: 'until',
            label: t('people.until'),
            kind: 'time',
            cell: (row) => <Time t={t} at={row.expiresAt} now={now} zone={zone} as="short" />,
          },
          {
            key: 'withdraw',
            label: t('people.withdraw'),
            cell: (row) => (
              <Form action={`/members/${org}/invitations/${row.id}/withdrawal`} csrf={frame.csrf}>
                <Button>{t('people.withdraw.do')}</Button>
              </Form>
            ),
          },
        ]}
      />
    </Section>
  )
}

function Invite({ frame, org, givable, refused }: PeopleProps) {
  const { t } = frame
  const { given = {}, errors = {} } = refused ?? {}
  return (
    <Section title={t('people.invite.title')} id="invite" lead={t('people.invite.lead')}>
      <Form action={`/members/${org}/invitations`} csrf={frame.csrf}>
        <Field
          label={t('people.email')}
          name="email"
          type="email"
          autocomplete="off"
          required
          maxlength={254}
          value={given.email}
          error={errors.email}
        />
        <Field
          label={t('people.name')}
          name="name"
          autocomplete="off"
          required
          maxlength={100}
          value={given.name}
          error={errors.name}
        />
        <Field
          label={t('people.role')}
          name="role"
          type="select"
          hint={t('people.role.hint')}
          options={givable.map((value) => ({ value, label: t(`ui.role.${value}`) }))}
          value={given.role ?? 'admin'}
          error={errors.role}
        />
        <Field
          label={t('people.language')}
          name="language"
          type="select"
          options={['cs', 'en'].map((value) => ({ value, label: t(`members.member.language.${value}`) }))}
          value={given.language ?? t.lang}
        />
        <Actions>
          <Button kind="primary">{t('people.invite.do')}</Button>
        </Actions>
      </Form>
    </Section>
  )
}

/** For whoever acts for several organisations. */
export function choosePage({ frame, own }: { frame: Frame; own: { id: number; name: string }[] }): string {
  return html(
    <Page {...frame} lead={frame.t('people.choose')}>
      <ul>
        {own.map(({ id, name }) => (
          <li key={id}>
            <a href={`/members/${id}/people`}>{name}</a>
          </li>
        ))}
      </ul>
      <p>
        <a href="/people/search">{frame.t('finding.link')}</a>
      </p>
    </Page>,
  )
}
