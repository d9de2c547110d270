import { Button, Chip, Details, Field, Form, Notice, Section, Table, Time } from '../../../ui/index.ts'
import { keepReason, type MeansProps } from './means-props.ts'
import { PasskeyForm } from './passkey-form.tsx'

export function PasskeysSection(props: MeansProps) {
  const { t, csrf } = props.frame
  return (
    <Section title={t('members.passkey.title')} lead={t('members.passkey.lead')}>
      {props.problem === 'passkey' && (
        <Notice kind="wrong" title={t('members.passkey.refused.title')}>
          {t('members.passkey.refused')}
        </Notice>
      )}
      {props.means.passkeys.length > 0 && <Passkeys {...props} />}
      {!props.passkeys ? (
        <p>{t('members.passkey.nowhere')}</p>
      ) : (
        <>
          <noscript>
            <p>{t('members.passkey.script')}</p>
          </noscript>
          <div class="narrow">
            <PasskeyForm
              t={t}
              does="make"
              action="/account/passkeys"
              options="/account/passkeys/options"
              field="response"
              hidden={{ _csrf: csrf, back: props.back }}
              label={t('members.passkey.add')}
              kind={props.means.passkeys.length === 0 ? 'primary' : 'plain'}
            >
              <Field
                label={t('members.passkey.name.new')}
                name="name"
                hint={t('members.passkey.name.hint')}
                value={props.typed ?? ''}
                maxlength={60}
              />
            </PasskeyForm>
          </div>
        </>
      )}
    </Section>
  )
}

function Passkeys(props: MeansProps) {
  const { t, csrf, now, zone } = props.frame
  return (
    <Table
      caption={t('members.passkey.title')}
      captionHidden
      walkable={false}
      rows={props.means.passkeys}
      rowKey={(row) => String(row.id)}
      columns={[
        {
          key: 'name',
          label: t('members.passkey.name'),
          main: true,
          cell: (row) => (
            <>
              {row.name} {row.backedUp && <Chip>{t('members.passkey.synced')}</Chip>}
            </>
          ),
        },
        {
          key: 'added',
          label: t('members.passkey.added'),
          kind: 'time',
          cell: (row) => <Time t={t} at={row.added} now={now} zone={zone} as="short" />,
        },
        {
          key: 'used',
          label: t('members.passkey.used'),
          kind: 'time',
          cell: (row) =>
            row.used === null ? (
              t('members.passkey.unused')
            ) : (
              <Time t={t} at={row.used} now={now} zone={zone} />
            ),
        },
        {
          key: 'rename',
          label: t('passkeys.rename'),
          cell: (row) => {
            const refused = props.renaming?.id === row.id ? props.renaming : undefined
            return (
              <Details summary={t('passkeys.rename')} open={refused !== undefined}>
                <Form action={`/account/passkeys/${row.id}/name`} csrf={csrf} label={row.name} noTurbo>
                  <Field
                    label={t('passkeys.name')}
                    name="name"
                    required
                    maxlength={60}
                    value={refused ? refused.typed.slice(0, 60) : row.name}
                    error={refused ? t('passkeys.name.error') : undefined}
                  />
                  <Button>{t('passkeys.rename.do')}</Button>
                </Form>
              </Details>
            )
          },
        },
        {
          key: 'remove',
          label: t('members.passkey.remove'),
          cell: (row) => (
            <Form action={`/account/passkeys/${row.id}/removal`} csrf={csrf} noTurbo>
              <Button kind="danger" disabledReason={keepReason(props)}>
                {t('members.passkey.remove')}
              </Button>
            </Form>
          ),
        },
      ]}
    />
  )
}
