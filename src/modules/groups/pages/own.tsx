/** What the reader is in a group, and what they can do about it. */
import {
  Actions,
  Button,
  Chip,
  EmptyState,
  Field,
  Form,
  Notice,
  Section,
  Time,
  TlpChip,
} from '../../../ui/index.ts'
import { deliveries } from '../joining.ts'
import type { Named, OwnSeat } from '../standing.ts'
import type { ShowProps } from './show-props.ts'
import { lastDay, reachOf, wayOf } from './words.ts'

export function Own(props: ShowProps) {
  const { frame, standing, coordinates } = props
  const { t } = frame
  const { seats, waiting, invited, fits, muted } = standing
  const nothing = seats.length + waiting.length + fits.length === 0 && !invited
  // Coordinators lead every group without sitting there.
  if (nothing && coordinates) return null
  return (
    <Section title={t('groups.you')} id="own">
      {muted && <Notice kind="careful">{t('groups.you.muted', { reason: muted.reason })}</Notice>}
      {invited && <Invited {...props} />}
      {seats.map((seat) => (
        <Seat key={seat.org} {...props} seat={seat} />
      ))}
      {waiting.map((one) => (
        <Waiting key={one.id} {...props} one={one} />
      ))}
      {seats.length > 0 && <Delivery {...props} />}
      {fits.length > 0 && <Join {...props} />}
      {nothing && (
        <EmptyState title={t('groups.you.not')}>{t(`groups.you.not.${props.group.joining}`)}</EmptyState>
      )}
    </Section>
  )
}

function Seat({ frame, group, seat }: ShowProps & { seat: OwnSeat }) {
  const { t, csrf } = frame
  return (
    <>
      <p>
        {t('groups.you.sit', { org: seat.orgName, way: wayOf(seat, frame) })}{' '}
        <TlpChip t={t} tlp={reachOf(group, seat)} />
      </p>
      {!seat.member && group.tlpMax !== 'CLEAR' && <p class="muted">{t('groups.you.clear')}</p>}
      {seat.way === 'rule' ? (
        <p class="muted">{t('groups.you.rule')}</p>
      ) : (
        <Form action={`/groups/${group.slug}/seat/withdrawal`} csrf={csrf} hidden={{ org: seat.org }}>
          <Button>{t('groups.leave')}</Button>
        </Form>
      )}
    </>
  )
}

function Waiting({ frame, group, one }: ShowProps & { one: Named & { since: number } }) {
  const { t, now, zone, csrf } = frame
  return (
    <>
      <p>
        <Chip>{t('groups.you.waits')}</Chip> {t('groups.you.wait', { org: one.name })}{' '}
        <Time t={t} at={one.since} now={now} zone={zone} as="short" />
      </p>
      <Form action={`/groups/${group.slug}/seat/withdrawal`} csrf={csrf} hidden={{ org: one.id }}>
        <Button>{t('groups.takeBack')}</Button>
      </Form>
    </>
  )
}

/** For which organisation: a choice only where there is one. */
function Organisation({ frame, among }: Pick<ShowProps, 'frame'> & { among: Named[] }) {
  const [only] = among
  if (among.length === 1 && only) return <input type="hidden" name="org" value={only.id} />
  return (
    <Field
      label={frame.t('groups.for')}
      name="org"
      type="select"
      options={among.map(({ id, name }) => ({ value: String(id), label: name }))}
    />
  )
}

function Invited({ frame, group, standing: { invited } }: ShowProps) {
  const { t, csrf, actor } = frame
  const refusal = `/groups/${group.slug}/invitation/refusal`
  const orgs = actor?.organisations ?? []
  if (!invited) return null
  return (
    <Notice title={t('groups.you.invited')}>
      <p>{invited.reason}</p>
      <p class="muted">{t('groups.you.invitedUntil', { day: lastDay(invited.seatUntil, frame) })}</p>
      {orgs.length === 0 && <p>{t('groups.you.noOrganisation')}</p>}
      <Form action={orgs.length === 0 ? refusal : `/groups/${group.slug}/invitation/acceptance`} csrf={csrf}>
        {orgs.length > 0 && <Organisation frame={frame} among={orgs} />}
        <Actions>
          {orgs.length > 0 && <Button kind="primary">{t('groups.accept')}</Button>}
          <Button formaction={refusal}>{t('groups.decline')}</Button>
        </Actions>
      </Form>
    </Notice>
  )
}

function Join({ frame, group, standing, refused }: ShowProps) {
  const { t, csrf } = frame
  const { given = {}, errors = {} } = refused?.form === 'join' ? refused : {}
  const asks = group.joining === 'request'
  return (
    <Form action={`/groups/${group.slug}/seat`} csrf={csrf} label={t(asks ? 'groups.ask' : 'groups.take')}>
      <Organisation frame={frame} among={standing.fits} />
      {asks && (
        <Field
          label={t('groups.ask.reason')}
          name="reason"
          type="textarea"
          rows={3}
          maxlength={500}
          hint={t('groups.ask.reason.hint')}
          value={given.reason}
          error={errors.reason}
        />
      )}
      <Actions>
        <Button kind="primary">{t(asks ? 'groups.ask' : 'groups.take')}</Button>
      </Actions>
    </Form>
  )
}

function Delivery({ frame, group, standing }: ShowProps) {
  const { t, csrf } = frame
  return (
    <Form action={`/groups/${group.slug}/delivery`} csrf={csrf} label={t('groups.delivery')}>
      <Field
        label={t('groups.delivery')}
        name="delivery"
        type="select"
        hint={t('groups.delivery.hint')}
        value={standing.delivery}
        options={deliveries.map((value) => ({ value, label: t(`groups.delivery.${value}`) }))}
      />
      <Actions>
        <Button>{t('groups.delivery.do')}</Button>
      </Actions>
    </Form>
  )
}
