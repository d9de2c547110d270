/** One person of a group, for those who lead it: whether they write, whether they lead too, and taking the seat away. */
import type { Frame } from '../../../platform/frame.ts'
import {
  Actions,
  Button,
  Field,
  Form,
  html,
  Notice,
  Page,
  Section,
  Table,
  TlpChip,
} from '../../../ui/index.ts'
import type { Group } from '../groups.ts'
import type { Seated } from '../roster.ts'
import { reachOf, wayOf } from './words.ts'

export const memberDone = ['managed'] as const

export interface MemberProps {
  frame: Frame
  group: Group
  seats: Seated[]
  coordinates: boolean
  /** The page is about the one who looks. */
  self: boolean
  done: (typeof memberDone)[number] | undefined
  refused?:
    | {
        form: 'mute' | 'removal' | 'moderator'
        given: Record<string, string>
        errors: Record<string, string>
        /** The state forbids it. */
        problem?: boolean
      }
    | undefined
}

export function memberPage(props: MemberProps): string {
  const { frame, group, seats, done, refused } = props
  const { t } = frame
  const word = refused?.form === 'mute' ? 'changed' : 'last'
  return html(
    <Page
      {...frame}
      lead={t('groups.member.lead', { group: group.name })}
      flash={done ? { text: t(`groups.done.${done}`) } : undefined}
    >
      {refused?.problem && <Notice kind="wrong">{t(`groups.problem.${word}`)}</Notice>}
      <Table
        caption={t('groups.member.seats')}
        captionHidden
        rows={seats}
        rowKey={(row) => row.orgId}
        columns={[
          { key: 'org', label: t('groups.organisation'), main: true, cell: (row) => row.orgName },
          { key: 'way', label: t('groups.way'), cell: (row) => wayOf(row, frame) },
          { key: 'tlp', label: t('groups.tlp'), cell: (row) => <TlpChip t={t} tlp={reachOf(group, row)} /> },
        ]}
      />
      <Moderator {...props} />
      {!props.self && <Mute {...props} />}
      <Removal {...props} />
      <p>
        <a href={`/groups/${group.slug}`}>{t('groups.member.back', { group: group.name })}</a>
      </p>
    </Page>,
  )
}

const pathOf = ({ group, seats }: MemberProps): string => `/groups/${group.slug}/members/${seats[0]?.person}`

function Moderator(props: MemberProps) {
  const { t, csrf } = props.frame
  const leads = props.seats.some(({ moderator }) => moderator)
  return (
    <Section title={t('groups.moderator')} id="moderator">
      <p>{t(leads ? 'groups.moderator.is' : 'groups.moderator.isNot')}</p>
      <Form action={`${pathOf(props)}/moderator${leads ? '/withdrawal' : ''}`} csrf={csrf}>
        <Button>{t(leads ? 'groups.dismiss' : 'groups.appoint')}</Button>
      </Form>
    </Section>
  )
}

function Reason(props: MemberProps & { form: 'mute' | 'removal' }) {
  const { t } = props.frame
  const { given = {}, errors = {} } = props.refused?.form === props.form ? props.refused : {}
  return (
    <Field
      label={t('groups.reason')}
      name="reason"
      required
      maxlength={500}
      value={given.reason}
      error={errors.reason}
    />
  )
}

function Mute(props: MemberProps) {
  const { t, csrf } = props.frame
  const isMuted = props.seats.some(({ muted }) => muted)
  return (
    <Section title={t('groups.mute.title')} id="mute">
      <p>{t(isMuted ? 'groups.mute.is' : 'groups.mute.isNot')}</p>
      {isMuted ? (
        <Form action={`${pathOf(props)}/mute/withdrawal`} csrf={csrf}>
          <Button>{t('groups.unmute')}</Button>
        </Form>
      ) : (
        <Form action={`${pathOf(props)}/mute`} csrf={csrf}>
          <Reason {...props} form="mute" />
          <Actions>
            <Button>{t('groups.mute')}</Button>
          </Actions>
        </Form>
      )}
    </Section>
  )
}

function Removal(props: MemberProps) {
  const { t, csrf } = props.frame
  const byRole = props.seats.every(({ way }) => way === 'rule')
  return (
    <Section title={t('groups.removal.title')} id="removal">
      <p>{t(byRole ? 'groups.removal.byRole' : 'groups.removal.what')}</p>
      {!byRole && (
        <Form action={`${pathOf(props)}/removal`} csrf={csrf}>
          <Reason {...props} form="removal" />
          <Actions>
            <Button kind="danger">{t('groups.removal.do')}</Button>
          </Actions>
        </Form>
      )}
    </Section>
  )
}
