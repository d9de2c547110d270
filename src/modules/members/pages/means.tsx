/** How one signs in: passkeys, an app, codes on paper. Also the one page of somebody who has yet to set one up. */
import { Actions, Button, Form, html, Notice, Page, Section, Time } from '../../../ui/index.ts'
import { keepReason, type MeansProps } from './means-props.ts'
import { PasskeysSection } from './passkeys.tsx'

export function meansPage(props: MeansProps): string {
  const { frame, isFirst, isOff, done, means, back } = props
  const { t } = frame
  return html(
    <Page
      {...frame}
      lead={isFirst ? undefined : t('members.means.lead')}
      flash={
        done
          ? { kind: 'done', text: t(`members.means.done.${done}`, { n: means.codes?.left ?? 0 }) }
          : undefined
      }
    >
      {isFirst && (
        <Notice kind="careful" title={t('members.means.first.title')}>
          <p>{t('members.means.first')}</p>
        </Notice>
      )}
      {isOff && <Notice>{t('members.signIn.off')}</Notice>}
      <PasskeysSection {...props} />
      <App {...props} />
      <Codes {...props} />
      {isFirst ? (
        <Form action="/sign-out" csrf={frame.csrf} noTurbo>
          <Button>{t('members.means.signOut')}</Button>
        </Form>
      ) : (
        <p>
          <a href={back === '/' ? '/account' : back}>
            {t(back === '/' ? 'members.means.account' : 'members.means.onward')}
          </a>
        </p>
      )}
    </Page>,
  )
}

function App(props: MeansProps) {
  const { frame, means, back } = props
  const { t, csrf, now, zone } = frame
  return (
    <Section title={t('members.means.app')} lead={t('members.means.app.lead')}>
      {means.totp !== null && (
        <p>
          {t('members.means.app.since')} <Time t={t} at={means.totp} now={now} zone={zone} />
        </p>
      )}
      <Actions>
        <Form action="/account/totp" csrf={csrf} hidden={{ back }} noTurbo>
          <Button kind={means.totp === null && means.passkeys.length === 0 ? 'primary' : 'plain'}>
            {t(means.totp === null ? 'members.means.app.add' : 'members.means.app.again')}
          </Button>
        </Form>
        {means.totp !== null && (
          <Form action="/account/totp/removal" csrf={csrf} noTurbo>
            <Button
              kind="danger"
              disabledReason={keepReason(props)}
              consequence={t('members.means.app.remove.effect')}
            >
              {t('members.means.app.remove')}
            </Button>
          </Form>
        )}
      </Actions>
    </Section>
  )
}

/** Codes stand in for a second factor, so there are none without one. */
function Codes({ frame, means }: MeansProps) {
  const { t, csrf, now, zone } = frame
  if (means.totp === null && means.passkeys.length === 0) return null
  return (
    <Section title={t('members.means.codes')} lead={t('members.means.codes.lead')}>
      {means.codes === null ? (
        <p>{t('members.means.codes.none')}</p>
      ) : (
        <p>
          {t('members.means.codes.left', { n: means.codes.left })}{' '}
          <Time t={t} at={means.codes.made} now={now} zone={zone} />
        </p>
      )}
      <Form action="/account/recovery-codes" csrf={csrf} noTurbo>
        <Button consequence={means.codes === null ? undefined : t('members.means.codes.effect')}>
          {t('members.means.codes.make')}
        </Button>
      </Form>
    </Section>
  )
}
