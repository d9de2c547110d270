/** What moderators and coordinators decide in a group: who waits, who is invited, and seats beside the rule. */
import { Actions, Button, Details, Field, Form, Section, Table, Time } from '../../../ui/index.ts'
import type { Request } from '../roster.ts'
import type { ShowProps } from './show-props.ts'
import { lastDay } from './words.ts'

export function Requests({ frame, group, requests, refused }: ShowProps) {
  const { t, now, zone, csrf } = frame
  if (requests.length === 0) return null
  const wrong = refused?.form === 'decide' ? refused.errors.reason : undefined
  const decide = (row: Request) => (
    <Form action={`/groups/${group.slug}/requests/${row.id}/acceptance`} csrf={csrf}>
      <Field label={t('groups.decide.reason')} name="reason" maxlength={500} error={wrong} />
      <Actions>
        <Button kind="primary">{t('groups.admit')}</Button>
        <Button formaction={`/groups/${group.slug}/requests/${row.id}/refusal`}>{t('groups.refuse')}</Button>
      </Actions>
    </Form>
  )
  return (
    <Section title={t('groups.requests')} id="requests" lead={t('groups.requests.lead')}>
      <Table
        caption={t('groups.requests')}
        captionHidden
        rows={requests}
        rowKey={(row) => row.id}
        columns={[
          { key: 'name', label: t('groups.person'), main: true, cell: (row) => row.name },
          { key: 'org', label: t('groups.organisation'), cell: (row) => row.orgName },
          { key: 'reason', label: t('groups.reason'), cell: (row) => row.reason },
          {
            key: 'since',
            label: t('groups.since'),
            kind: 'time',
            cell: (row) => <Time t={t} at={row.since} now={now} zone={zone} as="short" />,
          },
          { key: 'decide', label: t('groups.decide'), cell: decide },
        ]}
      />
    </Section>
  )
}

export function Invitations(props: ShowProps) {
  const { frame, group, invitations } = props
  const { t, now, zone, csrf } = frame
  return (
    <Section title={t('groups.invitations')} id="invitations" lead={t('groups.invite.lead')}>
      {invitations.length > 0 && (
        <Table
          caption={t('groups.invitations')}
          captionHidden
          rows={invitations}
          rowKey={(row) => row.id}
          columns={[
            { key: 'address', label: t('groups.address'), main: true, cell: (row) => row.address },
            { key: 'reason', label: t('groups.reason'), cell: (row) => row.reason },
            {
              key: 'until',
              label: t('groups.until'),
              kind: 'time',
              cell: (row) => lastDay(row.seatUntil, frame),
            },
            {
              key: 'expires',
              label: t('groups.expires'),
              kind: 'time',
              cell: (row) => <Time t={t} at={row.expiresAt} now={now} zone={zone} as="short" />,
            },
            {
              key: 'withdraw',
              label: t('groups.takeBack'),
              cell: (row) => (
                <Form action={`/groups/${group.slug}/invitations/${row.id}/withdrawal`} csrf={csrf}>
                  <Button>{t('groups.takeBack')}</Button>
                </Form>
              ),
            },
          ]}
        />
      )}
      <Details summary={t('groups.invite.open')} open={props.refused?.form === 'invite'}>
        <Invite {...props} />
      </Details>
    </Section>
  )
}

function Invite({ frame, group, refused, latest }: ShowProps) {
  const { t, csrf } = frame
  const { given = {}, errors = {} } = refused?.form === 'invite' ? refused : {}
  return (
    <Form action={`/groups/${group.slug}/invitations`} csrf={csrf} label={t('groups.invite')}>
      <Field
        label={t('groups.address')}
        name="address"
        type="email"
        autocomplete="off"
        required
        maxlength={254}
        value={given.address}
        error={errors.address}
      />
      <ReasonAndEnd t={t} given={given} errors={errors} latest={latest} />
      <Actions>
        <Button>{t('groups.invite')}</Button>
      </Actions>
    </Form>
  )
}

type Words = Record<string, string>

function ReasonAndEnd(props: { t: ShowProps['frame']['t']; given: Words; errors: Words; latest: string }) {
  const { t, given, errors, latest } = props
  return (
    <>
      <Field
        label={t('groups.reason')}
        name="reason"
        required
        maxlength={500}
        hint={t('groups.reason.hint')}
        value={given.reason}
        error={errors.reason}
      />
      <Field
        label={t('groups.until')}
        name="until"
        type="date"
        required
        max={latest}
        hint={t('groups.until.hint')}
        value={given.until ?? latest}
        error={errors.until}
      />
    </>
  )
}

export function Give({ frame, group, refused, latest }: ShowProps) {
  const { t, csrf } = frame
  const { given = {}, errors = {} } = refused?.form === 'give' ? refused : {}
  return (
    <Section title={t('groups.give')} id="give" lead={t('groups.give.lead')}>
      <Details summary={t('groups.give.do')} open={refused?.form === 'give'}>
        <Form action={`/groups/${group.slug}/seats`} csrf={csrf} label={t('groups.give')}>
          <Field
            label={t('groups.address')}
            name="email"
            type="email"
            autocomplete="off"
            required
            maxlength={254}
            value={given.email}
            error={errors.email}
          />
          <Field
            label={t('groups.organisation')}
            name="organisation"
            maxlength={200}
            hint={t('groups.give.organisation')}
            value={given.organisation}
            error={errors.organisation}
          />
          <ReasonAndEnd t={t} given={given} errors={errors} latest={latest} />
          <Actions>
            <Button>{t('groups.give.do')}</Button>
          </Actions>
        </Form>
      </Details>
    </Section>
  )
}
