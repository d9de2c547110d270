/** Keys of addresses: the own ones to give and take away, and for who looks after others what ends soon. */
import type { Frame } from '../../../platform/frame.ts'
import { publicKeyPath } from '../../../platform/signing-key.ts'
import {
  Actions,
  Button,
  Chip,
  EmptyState,
  Facts,
  Field,
  Form,
  html,
  Notice,
  Page,
  Section,
  Table,
  Time,
} from '../../../ui/index.ts'
import { isBroken, type MailKey, type Own } from '../pgp/keys.ts'
import { grouped } from '../pgp/letters.ts'

export const keysDone = ['asked', 'removed'] as const

export interface Refused {
  address: string
  key: string
  /** A word of `pgp.wrong`. */
  fault: string
}

interface Props {
  frame: Frame
  own: Own[]
  keys: MailKey[]
  /** Takes keys of others away too. */
  coordinates: boolean
  /** Of the installation; null while nothing has been signed. */
  signer: string | null
  done?: (typeof keysDone)[number] | undefined
  refused?: Refused | undefined
}

const isOf =
  (address: string) =>
  (key: MailKey): boolean =>
    key.address.toLowerCase() === address.toLowerCase()

export function keysPage(props: Props): string {
  const { frame, own, keys, signer, done } = props
  const { t } = frame
  const others = keys.filter((key) => !own.some(({ address }) => isOf(address)(key)))
  return html(
    <Page {...frame} lead={t('pgp.lead')} flash={done ? { text: t(`pgp.done.${done}`) } : undefined}>
      {own.map((one) => (
        <OwnAddress key={one.address} {...props} one={one} held={keys.filter(isOf(one.address))} />
      ))}
      {others.length > 0 && <Others {...props} others={others} />}
      {signer && (
        <Section title={t('pgp.signer')} lead={t('pgp.signer.what')} id="signer">
          <p>
            <code>{grouped(signer)}</code>
          </p>
          <Actions>
            <Button href={publicKeyPath(signer)} download>
              {t('pgp.signer.get')}
            </Button>
          </Actions>
        </Section>
      )}
    </Page>,
  )
}

function OwnAddress({ frame, one, held, refused }: Props & { one: Own; held: MailKey[] }) {
  const { t, csrf, now } = frame
  const mine = refused && refused.address.toLowerCase() === one.address.toLowerCase() ? refused : null
  return (
    <Section
      title={one.address}
      lead={one.org ? t('pgp.of.org', { organisation: one.org.name }) : t('pgp.of.you')}
      id={one.org ? `of-${one.org.id}` : 'own'}
    >
      {held.length === 0 && (
        <EmptyState title={t('pgp.none')}>
          <p>{t('pgp.none.what')}</p>
        </EmptyState>
      )}
      {held.some((key) => isBroken(key, now)) && <Notice kind="careful">{t('pgp.broken')}</Notice>}
      {held.map((key) => (
        <Held key={key.id} frame={frame} one={key} />
      ))}
      <div class="narrow">
        <Form
          action="/mail-keys"
          csrf={csrf}
          hidden={{ address: one.address }}
          label={t('pgp.give.of', { address: one.address })}
          noTurbo
        >
          <Field
            label={t(held.length > 0 ? 'pgp.give.other' : 'pgp.give')}
            name="key"
            type="textarea"
            rows={6}
            mono
            required
            hint={t('pgp.give.hint')}
            value={mine && mine.fault !== 'private' ? mine.key : ''}
            {...(mine ? { error: t(`pgp.wrong.${mine.fault}`) } : {})}
          />
          <Actions>
            <Button kind="primary">{t('pgp.give.do')}</Button>
          </Actions>
        </Form>
      </div>
    </Section>
  )
}

function Held({ frame, one }: { frame: Frame; one: MailKey }) {
  const { t, csrf, now, zone } = frame
  return (
    <>
      <Facts
        facts={[
          { label: t('pgp.fingerprint'), value: <code>{grouped(one.fingerprint)}</code> },
          { label: t('pgp.state'), value: t(`pgp.state.${stateOf(one, now)}`) },
          {
            label: t('pgp.until'),
            value:
              one.expiresAt === null ? (
                t('pgp.until.never')
              ) : (
                <Time t={t} at={one.expiresAt} now={now} zone={zone} as="short" />
              ),
          },
        ]}
      />
      <Form action={`/mail-keys/${one.id}/removal`} csrf={csrf} label={grouped(one.fingerprint)} noTurbo>
        <Actions>
          <Button
            kind="danger"
            consequence={one.provedAt === null ? t('pgp.remove.waiting') : t('pgp.remove.effect')}
          >
            {t('pgp.remove')}
          </Button>
        </Actions>
      </Form>
    </>
  )
}

const monthMs = 30 * 86_400_000

function stateOf(key: MailKey, now: number): 'waiting' | 'broken' | 'ending' | 'used' {
  if (key.provedAt === null) return 'waiting'
  if (isBroken(key, now)) return 'broken'
  return key.expiresAt !== null && key.expiresAt <= now + monthMs ? 'ending' : 'used'
}

function Others({ frame, others, coordinates }: Props & { others: MailKey[] }) {
  const { t, csrf, now, zone } = frame
  return (
    <Section title={t('pgp.others')} lead={t('pgp.others.what')} id="others">
      <Table
        caption={t('pgp.others')}
        captionHidden
        walkable={false}
        rows={others}
        rowKey={(row) => String(row.id)}
        columns={[
          {
            key: 'address',
            label: t('pgp.address'),
            main: true,
            cell: (row) => (
              <>
                {row.address} <Chip>{t(`pgp.short.${stateOf(row, now)}`)}</Chip>
              </>
            ),
          },
          {
            key: 'fingerprint',
            label: t('pgp.fingerprint'),
            cell: (row) => <code>{grouped(row.fingerprint).slice(-19)}</code>,
          },
          {
            key: 'until',
            label: t('pgp.until'),
            kind: 'time',
            cell: (row) =>
              row.expiresAt === null ? (
                t('pgp.until.never')
              ) : (
                <Time t={t} at={row.expiresAt} now={now} zone={zone} as="short" />
              ),
          },
          ...(coordinates
            ? [
                {
                  key: 'remove',
                  label: t('pgp.remove'),
                  cell: (row: MailKey) => (
                    <Form action={`/mail-keys/${row.id}/removal`} csrf={csrf} label={row.address} noTurbo>
                      <Button>{t('pgp.remove')}</Button>
                    </Form>
                  ),
                },
              ]
            : []),
        ]}
      />
    </Section>
  )
}

/** The link in the mail that was encrypted to the key; looking alone proves nothing. */
export const keyProofPage = (frame: Frame, token: string, key: MailKey): string =>
  html(
    <Page {...frame} lead={frame.t('pgp.proof.lead', { address: key.address })} narrow>
      <p>
        <code>{grouped(key.fingerprint)}</code>
      </p>
      <p>{frame.t('pgp.proof.what')}</p>
      <Form action={`/mail-key-proof/${encodeURIComponent(token)}`} csrf={frame.csrf} noTurbo>
        <Button kind="primary">{frame.t('pgp.proof.do')}</Button>
      </Form>
    </Page>,
  )

export const keyProvedPage = (frame: Frame): string =>
  html(
    <Page {...frame} title={frame.t('pgp.proof.done')} narrow>
      <p>{frame.t('pgp.proof.doneWhat')}</p>
    </Page>,
  )

export const keyProofOverPage = (frame: Frame): string =>
  html(
    <Page {...frame} narrow>
      <EmptyState title={frame.t('pgp.proof.over')}>
        <p>{frame.t('pgp.proof.overWhat')}</p>
      </EmptyState>
    </Page>,
  )
