/** By which ways a person is written to: each way with what it is for, from which severity on and when not, and the person's devices. */
import type { Frame } from '../../../platform/frame.ts'
import { Actions, Button, Field, Form, html, Notice, Page, Section, Table, Time } from '../../../ui/index.ts'
import type { OwnDevice } from '../push/devices.ts'
import type { Choice, ChosenWay } from '../ways/choices.ts'

export const waysDone = ['saved', 'added', 'removed', 'tried', 'named'] as const

interface Props {
  frame: Frame
  digest: 'daily' | 'weekly'
  /** Null: short messages are not set up here. */
  sms: { numbers: string[]; choice: Choice | null } | null
  /** Null: push is switched off here. `key`: what a browser subscribes with. */
  push: { devices: OwnDevice[]; choice: Choice | null; key: string; suggested: string } | null
  done?: (typeof waysDone)[number]
}

export function waysPage(props: Props): string {
  const { frame, done } = props
  const { t } = frame
  return html(
    <Page
      {...frame}
      lead={t('ways.page.lead')}
      flash={done ? { kind: 'done', text: t(`ways.done.${done}`) } : undefined}
    >
      <Section title={t('ways.mail.title')} id="mail" lead={t('ways.mail.lead')}>
        <p>{t(`ways.mail.digest.${props.digest}`)}</p>
        <Actions>
          <Button href="/account">{t('ways.mail.change')}</Button>
        </Actions>
      </Section>
      <Phone {...props} />
      <Push {...props} />
    </Page>,
  )
}

function Phone({ frame, sms }: Props) {
  const { t } = frame
  if (!sms)
    return (
      <Section title={t('ways.title')} id="phone">
        <p class="muted">{t('ways.off.sms')}</p>
      </Section>
    )
  if (sms.numbers.length === 0 && !sms.choice)
    return (
      <Section title={t('ways.title')} id="phone" lead={t('ways.none')}>
        <Actions>
          <Button href="/contacts">{t('ways.contacts')}</Button>
        </Actions>
      </Section>
    )
  return (
    <Section title={t('ways.title')} id="phone" lead={t('ways.lead')}>
      <p>{sms.numbers.length > 0 ? t('ways.numbers', { numbers: t.list(sms.numbers) }) : t('ways.none')}</p>
      <ChoiceForm frame={frame} way="sms" choice={sms.choice} />
    </Section>
  )
}

/** From which severity on, and when not: the same for every way. */
function ChoiceForm({
  frame: { t, csrf },
  way,
  choice,
}: {
  frame: Frame
  way: ChosenWay
  choice: Choice | null
}) {
  const hours = [
    { value: '', label: t('ways.quiet.none') },
    ...Array.from({ length: 24 }, (_, n) => ({ value: String(n), label: t('ways.hour', { n: String(n) }) })),
  ]
  return (
    <div class="narrow">
      <Form action="/account/ways" csrf={csrf} hidden={{ way }} label={t(`ways.name.${way}`)} noTurbo>
        <Field
          label={t('ways.least')}
          name="least"
          type="select"
          value={String(choice?.least ?? '')}
          options={['', '4', '3', '2', '1'].map((value) => ({
            value,
            label: t(`ways.least.${value || 'none'}`),
          }))}
        />
        <Field
          label={t('ways.quiet.from')}
          name="quiet_from"
          type="select"
          value={String(choice?.quietFrom ?? '')}
          hint={t('ways.quiet.hint')}
          options={hours}
        />
        <Field
          label={t('ways.quiet.to')}
          name="quiet_to"
          type="select"
          value={String(choice?.quietTo ?? '')}
          options={hours}
        />
        <Actions>
          <Button kind="primary">{t('ways.save')}</Button>
        </Actions>
      </Form>
    </div>
  )
}

const problems = ['script', 'insecure', 'home-screen', 'unsupported', 'denied', 'failed']

function Push({ frame, push }: Props) {
  const { t, csrf } = frame
  if (!push)
    return (
      <Section title={t('push.title')} id="push">
        <p class="muted">{t('push.off')}</p>
      </Section>
    )
  return (
    <Section title={t('push.title')} id="push" lead={t('push.lead')}>
      <Notice kind="careful">{t('push.never-alone')}</Notice>
      {push.devices.length > 0 && <Devices frame={frame} devices={push.devices} />}
      {problems.map((problem) => (
        <p key={problem} class="muted" data-push-problem={problem} hidden={problem !== 'script'}>
          {t(`push.problem.${problem}`)}
        </p>
      ))}
      <form
        action="/account/push"
        method="post"
        class="form narrow"
        data-turbo="false"
        data-push={push.key}
        hidden
      >
        <input type="hidden" name="_csrf" value={csrf} />
        {['endpoint', 'p256dh', 'auth'].map((name) => (
          <input key={name} type="hidden" name={name} />
        ))}
        <Field label={t('push.device')} name="name" value={push.suggested} maxlength={60} />
        <Actions>
          <Button kind="primary" type="button">
            {t('push.add')}
          </Button>
        </Actions>
      </form>
      {(push.devices.length > 0 || push.choice) && (
        <ChoiceForm frame={frame} way="push" choice={push.choice} />
      )}
    </Section>
  )
}

function Devices({ frame, devices }: { frame: Frame; devices: OwnDevice[] }) {
  const { t, now, zone, csrf } = frame
  const time = (at: number) => <Time t={t} at={at} now={now} zone={zone} as="short" />
  return (
    <Table
      caption={t('push.devices')}
      walkable={false}
      rows={devices}
      rowKey={(row) => row.id}
      columns={[
        {
          key: 'name',
          label: t('push.device'),
          main: true,
          cell: (row) => (
            <Form action={`/account/push/${row.id}/name`} csrf={csrf} noTurbo>
              <Field
                label={t('push.device')}
                labelHidden
                name="name"
                value={row.name}
                maxlength={60}
                required
              />
              <Button kind="quiet">{t('push.rename')}</Button>
            </Form>
          ),
        },
        { key: 'added', label: t('push.added'), kind: 'time', cell: (row) => time(row.addedAt) },
        { key: 'seen', label: t('push.seen'), kind: 'time', cell: (row) => time(row.seenAt) },
        {
          key: 'last',
          label: t('push.last'),
          cell: (row) =>
            row.gone ? (
              t('push.gone')
            ) : row.last === null || row.lastAt === null ? (
              t('push.nothing')
            ) : (
              <>
                {t(`push.state.${stateOf(row.last)}`)} {time(row.lastAt)}
              </>
            ),
        },
        {
          key: 'do',
          label: t('push.do'),
          cell: (row) => (
            <Actions>
              {!row.gone && (
                <Form action={`/account/push/${row.id}/trial`} csrf={csrf} noTurbo>
                  <Button>{t('push.try')}</Button>
                </Form>
              )}
              <Form action={`/account/push/${row.id}/removal`} csrf={csrf} noTurbo>
                <Button kind="quiet">{t('push.remove')}</Button>
              </Form>
            </Actions>
          ),
        },
      ]}
    />
  )
}

/** `delivered` only when the device itself said so. */
const stateOf = (state: string): 'waits' | 'sent' | 'delivered' | 'failed' =>
  state === 'delivered' || state === 'sent'
    ? state
    : state === 'queued' || state === 'sending'
      ? 'waits'
      : 'failed'
