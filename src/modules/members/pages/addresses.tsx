/** What an organisation holds and claims, today and on any day before; for coordinators all that waits for a decision. */
import type { ComponentChildren } from 'preact'
import type { Frame } from '../../../platform/frame.ts'
import {
  Button,
  Chip,
  EmptyState,
  Field,
  FilterBar,
  Form,
  html,
  KeysetPager,
  Notice,
  Page,
  Section,
  Statement,
  Table,
  Time,
} from '../../../ui/index.ts'
import { type ClaimLine, claimsOnPage, type HeldLine, mostHeld } from '../claims/queries.ts'
import { dayIn, lastDay, State, Value } from './address-words.tsx'

export interface Organisation {
  id: number
  name: string
}

export interface AddressesProps {
  frame: Frame
  /** Those whose addresses are shown; empty for a coordinator who looks at all that waits. */
  orgs: Organisation[]
  /** Those for which the reader may claim. */
  mayClaim: Organisation[]
  central: boolean
  held: HeldLine[]
  /** `YYYY-MM-DD`; empty for now. */
  asOf: string
  /** Open claims: by those shown, and by others touching them or offered by them. */
  own: ClaimLine[]
  others: ClaimLine[]
  /** Decided, withdrawn and ended ones, one more than a page holds. */
  earlier: ClaimLine[]
  /** The page is not the first. */
  paged: boolean
  registry: { file: string; rows: number; at: number } | null
  done?: 'asked' | 'withdrawn' | 'ended' | 'offered' | undefined
  refused?: {
    given: Record<string, string>
    errors: Record<string, string>
    entries: [entry: string, why: string][]
  }
}

export function addressesPage(props: AddressesProps): string {
  const { frame, orgs, done } = props
  const { t } = frame
  return html(
    <Page
      {...frame}
      {...(orgs.length === 1 ? { organisation: orgs[0]?.name } : {})}
      lead={t(orgs.length === 0 ? 'addresses.lead.all' : 'addresses.lead')}
      flash={done ? { kind: 'done', text: t(`addresses.done.${done}`) } : undefined}
    >
      <Answer {...props} />
      {orgs.length === 0 && <Registry {...props} />}
      <Claims
        {...props}
        id="others"
        title={t('addresses.others')}
        lead={t('addresses.others.lead')}
        rows={props.others}
      />
      <Claims
        {...props}
        id="open"
        title={t(orgs.length === 0 ? 'addresses.waiting' : 'addresses.open')}
        rows={props.own}
        empty={orgs.length === 0 ? <p class="muted">{t('addresses.waiting.none')}</p> : undefined}
      />
      {orgs.length > 0 && <Held {...props} />}
      {props.mayClaim.length > 0 && <Ask {...props} />}
      <Earlier {...props} />
    </Page>,
  )
}

/** The state in a sentence, before everything else. */
function Answer({ frame: { t }, orgs, held, own, others, asOf }: AddressesProps) {
  if (orgs.length === 0 || asOf !== '') return null
  const waits = own.length + others.length
  return (
    <Statement tone={others.length > 0 ? 'urgent' : 'calm'}>
      {t('addresses.holds', { n: Math.min(held.length, mostHeld) })}{' '}
      {waits === 0 ? t('addresses.holds.calm') : t('addresses.holds.waits', { n: waits })}
    </Statement>
  )
}

function Registry({ frame: { t, now, zone }, registry }: AddressesProps) {
  if (!registry) return <p class="muted">{t('addresses.registry.none')}</p>
  return (
    <p class="muted">
      {t('addresses.registry', { file: registry.file, n: registry.rows })}{' '}
      <Time t={t} at={registry.at} now={now} zone={zone} as="short" />
    </p>
  )
}

interface ClaimsProps extends AddressesProps {
  id: string
  title: string
  lead?: string
  rows: ClaimLine[]
  empty?: ComponentChildren
}

function Claims(props: ClaimsProps) {
  const { frame, rows, title } = props
  const { t, now, zone } = frame
  if (rows.length === 0 && !props.empty) return null
  const [only, ...more] = props.orgs
  const isOwn = more.length === 0 && rows.every(({ org_id }) => org_id === only?.id)
  return (
    <Section title={title} id={props.id} {...(props.lead ? { lead: props.lead } : {})}>
      <Table
        caption={title}
        captionHidden
        rows={rows}
        rowKey={(row) => row.id}
        rowHref={(row) => `/addresses/claims/${row.id}`}
        empty={props.empty}
        columns={[
          {
            key: 'value',
            label: t('addresses.value'),
            main: true,
            cell: (row) => <Value t={t} {...row} href={`/addresses/claims/${row.id}`} />,
          },
          ...(isOwn
            ? []
            : [
                {
                  key: 'org',
                  label: t('addresses.organisation'),
                  cell: (row: ClaimLine) => row.organisation,
                },
              ]),
          {
            key: 'state',
            label: t('addresses.state'),
            cell: (row) => (
              <>
                <State t={t} claim={row} />
                {row.delegator && t('addresses.offeredBy', { name: row.delegator })}
                {row.state === 'asked' && row.proof && <Chip>{t(`addresses.proof.${row.proof}`)}</Chip>}
              </>
            ),
          },
          {
            key: 'at',
            label: t('addresses.askedAt'),
            kind: 'time',
            cell: (row) => <Time t={t} at={row.askedAt} now={now} zone={zone} as="short" />,
          },
        ]}
      />
    </Section>
  )
}

function Held(props: AddressesProps) {
  const { frame, orgs, asOf } = props
  const { t } = frame
  const held = props.held.slice(0, mostHeld)
  const only = orgs.length === 1 && props.central ? { org: orgs[0]?.id } : {}
  return (
    <Section title={asOf === '' ? t('addresses.held') : t('addresses.held.asOf')} id="held">
      <FilterBar
        t={t}
        action="/addresses"
        hidden={only}
        {...(asOf === '' ? {} : { reset: props.central ? `/addresses?org=${orgs[0]?.id}` : '/addresses' })}
      >
        <Field
          label={t('addresses.asOf')}
          name="at"
          type="date"
          value={asOf}
          hint={t('addresses.asOf.hint')}
        />
      </FilterBar>
      <Table
        caption={t('addresses.held')}
        captionHidden
        rows={held}
        rowKey={(row) => row.held}
        rowHref={(row) => `/addresses/held/${row.held}`}
        empty={
          <EmptyState title={t(asOf === '' ? 'addresses.held.none' : 'addresses.held.noneThen')}>
            <p>{t('addresses.held.noneWhy')}</p>
          </EmptyState>
        }
        columns={[
          {
            key: 'value',
            label: t('addresses.value'),
            main: true,
            cell: (row) => (
              <>
                <Value t={t} {...row} href={`/addresses/held/${row.held}`} />{' '}
                {asOf === '' && row.claimed && <Chip>{t('addresses.claimedToo')}</Chip>}
              </>
            ),
          },
          { key: 'kind', label: t('addresses.kind'), cell: (row) => t(`addresses.kind.${row.kind}`) },
          ...(orgs.length > 1
            ? [{ key: 'org', label: t('addresses.organisation'), cell: (row: HeldLine) => row.organisation }]
            : []),
          {
            key: 'from',
            label: t('addresses.from'),
            kind: 'time',
            cell: (row) => (row.from === null ? t('addresses.ever') : dayIn(row.from, frame)),
          },
          {
            key: 'to',
            label: t('addresses.to'),
            kind: 'time',
            cell: (row) => (row.to === null ? t('addresses.noEnd') : lastDay(row.to, frame)),
          },
        ]}
      />
      {props.held.length > mostHeld && <p class="muted">{t('addresses.held.more', { n: mostHeld })}</p>}
    </Section>
  )
}

function Ask({ frame: { t, csrf }, mayClaim, refused }: AddressesProps) {
  const { given = {}, errors = {}, entries = [] } = refused ?? {}
  return (
    <Section title={t('addresses.ask')} id="ask" lead={t('addresses.ask.lead')}>
      {entries.length > 0 && (
        <Notice kind="wrong" title={t('addresses.wrong.title')}>
          <ul class="bullets">
            {entries.map(([entry, why]) => (
              <li key={entry}>
                {entry !== '' && <code class="address">{entry}</code>} {why}
              </li>
            ))}
          </ul>
        </Notice>
      )}
      <Form
        action="/addresses/claims"
        csrf={csrf}
        label={t('addresses.ask')}
        {...(mayClaim.length === 1 ? { hidden: { org: mayClaim[0]?.id } } : {})}
      >
        {mayClaim.length > 1 && (
          <Field
            label={t('addresses.organisation')}
            name="org"
            type="select"
            value={given.org ?? ''}
            options={mayClaim.map(({ id, name }) => ({ value: String(id), label: name }))}
          />
        )}
        <Field
          label={t('addresses.values')}
          name="values"
          type="textarea"
          mono
          required
          maxlength={10_000}
          value={given.values}
          hint={t('addresses.values.hint')}
        />
        <Field
          label={t('addresses.until')}
          name="until"
          type="date"
          value={given.until}
          hint={t('addresses.until.hint')}
          error={errors.until}
        />
        <Field
          label={t('addresses.note')}
          name="note"
          maxlength={1_000}
          value={given.note}
          hint={t('addresses.note.hint')}
          error={errors.note}
        />
        <Button kind="primary">{t('addresses.ask.do')}</Button>
      </Form>
    </Section>
  )
}

function Earlier(props: AddressesProps) {
  const { frame, earlier, orgs, paged } = props
  const { t } = frame
  const rows = earlier.slice(0, claimsOnPage)
  const last = rows.at(-1)
  if (rows.length === 0) return null
  const base = props.central && orgs.length === 1 ? `/addresses?org=${orgs[0]?.id}` : '/addresses'
  const join = base.includes('?') ? '&' : '?'
  return (
    <>
      <Claims {...props} id="earlier" title={t('addresses.earlier')} rows={rows} />
      <KeysetPager
        t={t}
        shown={rows.length}
        {...(paged ? { newer: `${base}#earlier` } : {})}
        {...(earlier.length > claimsOnPage && last
          ? { older: `${base}${join}before=${last.id}#earlier` }
          : {})}
      />
    </>
  )
}
