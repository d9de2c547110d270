/** What an invitation offers, and how to take it. */
import type { Frame } from '../../../platform/frame.ts'
import { longest, shortest, type Weakness } from '../../../platform/passwords.ts'
import { Actions, Button, EmptyState, Field, Form, html, Notice, Page } from '../../../ui/index.ts'
import type { Offer } from '../invitations.ts'

export type InvitationProblem = Weakness | 'differs' | 'other'

interface Props {
  frame: Frame
  token: string
  offer: Offer
  /** The number of whoever is signed in here. */
  signedIn: number | null
  problem?: InvitationProblem
}

export function invitationPage(props: Props): string {
  const { frame, offer, signedIn, problem } = props
  const { t } = frame
  const isOther = signedIn !== null && signedIn !== offer.person
  const role = t(`ui.role.${offer.role}`)
  return html(
    <Page
      {...frame}
      lead={t('people.invitation.lead', { by: offer.invitedBy, name: offer.organisation, role })}
    >
      <div class="narrow">
        {isOther || problem === 'other' ? (
          <Notice kind="wrong">{t('people.invitation.other', { email: offer.email })}</Notice>
        ) : signedIn !== null ? (
          <Form action={path(props)} csrf={frame.csrf} noTurbo>
            <Button kind="primary">{t('people.invitation.accept')}</Button>
          </Form>
        ) : offer.known ? (
          <>
            <p>{t('people.invitation.known', { email: offer.email })}</p>
            <Actions>
              <Button kind="primary" href={`/sign-in?back=${encodeURIComponent(path(props))}`}>
                {t('people.invitation.signIn')}
              </Button>
            </Actions>
          </>
        ) : (
          <NewPerson {...props} />
        )}
      </div>
    </Page>,
  )
}

const path = ({ token }: Pick<Props, 'token'>): string => `/invitation/${encodeURIComponent(token)}`

function NewPerson(props: Props) {
  const { frame, offer, problem } = props
  const { t } = frame
  const weak = problem && problem !== 'differs' && problem !== 'other'
  return (
    <Form action={path(props)} csrf={frame.csrf} noTurbo>
      <p>{t('people.invitation.new', { email: offer.email })}</p>
      <Field
        label={t('members.newPassword.password')}
        name="password"
        type="password"
        autocomplete="new-password"
        hint={t('members.newPassword.hint', { n: shortest })}
        error={
          weak ? t(`members.password.${problem}`, { n: problem === 'long' ? longest : shortest }) : undefined
        }
        maxlength={longest}
        required
      />
      <Field
        label={t('members.newPassword.again')}
        name="again"
        type="password"
        autocomplete="new-password"
        error={problem === 'differs' ? t('members.newPassword.differs') : undefined}
        maxlength={longest}
        required
      />
      <Actions>
        <Button kind="primary">{t('people.invitation.accept')}</Button>
      </Actions>
    </Form>
  )
}

/** A link that was used, withdrawn, is over, or never was: all the same to whoever opens it. */
export function invitationOverPage(frame: Frame): string {
  const { t } = frame
  return html(
    <Page {...frame}>
      <EmptyState title={t('people.invitation.over')}>
        <p>{t('people.invitation.over.what')}</p>
      </EmptyState>
    </Page>,
  )
}
