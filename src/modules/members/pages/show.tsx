import { dayOf, dayShort } from '../../../platform/dates.ts'
import type { Frame } from '../../../platform/frame.ts'
import { Button, Chip, Code, Facts, type Flash, html, Page, Section, Table } from '../../../ui/index.ts'
import type { Member, MemberNetwork } from '../members.ts'
import type { SignatureLine } from '../signatures.ts'
import type { IcoDoubts } from '../standing.ts'
import { kindIn, labelIn, networkRoleIn, regimeIn } from './names.ts'
import { MergerBanner, type MergerPartProps, Mergers } from './show-merger.tsx'
import { OtherNames } from './show-names.tsx'
import { OwnSignatures } from './show-signatures.tsx'
import { Status, type StatusProps } from './show-status.tsx'

export interface ShowProps extends StatusProps, MergerPartProps {
  frame: Frame
  member: Member
  /** People of the organisation cannot change the register themselves. */
  isOwn: boolean
  ico: IcoDoubts
  signatures: SignatureLine[]
  flash?: Flash
  /** What was wrong with a name that was to be added. */
  nameError?: string
}

export function showPage(props: ShowProps): string {
  const { frame, member, isOwn } = props
  const { t } = frame
  const said = (value: string | null) => value ?? <span class="muted">{t('members.member.notSaid')}</span>
  return html(
    <Page {...frame} organisation={member.name} flash={props.flash}>
      <MergerBanner {...props} />
      <Facts
        facts={[
          {
            label: t('organisations.status.title'),
            value: (
              <Chip>{t(member.mergedInto ? 'merging.status' : `organisations.status.${member.status}`)}</Chip>
            ),
          },
          { label: t('organisations.ico'), value: said(member.ico), note: icoNote(props) },
          { label: t('members.member.kind'), value: kindIn(member.kind, t) },
          { label: t('members.member.region'), value: said(member.region), note: member.nuts3 },
          { label: t('organisations.regime'), value: regimeIn(member.regime, t) },
          member.parent !== null && {
            label: t('organisations.parent'),
            value: <a href={`/members/${member.parent.id}`}>{member.parent.name}</a>,
          },
          {
            label: t('organisations.rules'),
            value:
              member.rulesAcceptedAt === null
                ? said(null)
                : dayShort(dayOf(member.rulesAcceptedAt, frame.zone), t, true),
          },
          member.founder !== null && { label: t('members.member.founder'), value: member.founder },
          {
            label: t('members.member.contact'),
            value: member.contactEmail ? (
              <a href={`mailto:${member.contactEmail}`}>{member.contactEmail}</a>
            ) : (
              said(null)
            ),
          },
          {
            label: t('members.member.phone'),
            value: member.phone ? (
              <a href={`tel:${member.phone.replace(/[^+\d]/g, '')}`}>{member.phone}</a>
            ) : (
              said(null)
            ),
          },
          {
            label: t('members.member.language'),
            value: t(`members.member.language.${member.language}`),
            note:
              member.languages.length > 1 &&
              t('organisations.languages.also', {
                list: t.list(
                  member.languages
                    .filter((one) => one !== member.language)
                    .map((one) => t(`members.member.language.${one}`)),
                ),
              }),
          },
          { label: t('members.member.sensors'), value: <a href="/sensors">{t.number(member.sensors)}</a> },
        ]}
      />
      {props.isCoordinator && (
        <p>
          <Button href={`/members/${member.id}/edit`}>{t('organisations.edit')}</Button>
        </p>
      )}
      <Status {...props} />
      <Networks {...props} />
      <Section title={t('members.member.domains')} id="domains">
        {member.domains.length === 0 ? (
          <p class="muted">{t(member.mergedInto ? 'merging.moved' : 'members.member.domains.none')}</p>
        ) : (
          <ul>
            {member.domains.map((domain) => (
              <li key={domain}>
                <Code t={t} text={domain} />
              </li>
            ))}
          </ul>
        )}
      </Section>
      <People {...props} />
      <OwnSignatures frame={frame} signatures={props.signatures} />
      <OtherNames frame={frame} member={member} isCoordinator={props.isCoordinator} error={props.nameError} />
      <Mergers {...props} />
      {isOwn && <p class="muted">{t('members.member.wrong')}</p>}
    </Page>,
  )
}

/** Doubts about the number, never a refusal. */
function icoNote({ frame: { t }, ico }: ShowProps) {
  if (!ico.wrongDigit && ico.shared.length === 0) return undefined
  return (
    <>
      {ico.wrongDigit && <span>{t('organisations.ico.digit')} </span>}
      {ico.shared.length > 0 && (
        <span>
          {t('organisations.ico.shared')}{' '}
          {ico.shared.map((one, index) => (
            <>
              {index > 0 && ', '}
              <a href={`/members/${one.id}`}>{one.name}</a>
            </>
          ))}
        </span>
      )}
    </>
  )
}

function Networks({ frame: { t, zone }, member }: ShowProps) {
  const day = (at: number | null) =>
    at === null ? t('members.member.network.always') : dayShort(dayOf(at, zone), t, true)
  // The last moment of validity belongs to the day before its end.
  const lastDay = ({ to }: MemberNetwork) => day(to === null ? null : to - 1)
  return (
    <Section
      title={t('members.member.networks')}
      id="networks"
      lead={t('members.member.networks.lead')}
      actions={<a href={`/addresses?org=${member.id}`}>{t('addresses.see')}</a>}
    >
      <Table
        caption={t('members.member.networks')}
        captionHidden
        rows={member.networks}
        rowKey={(row) => row.text}
        empty={<p class="muted">{t(member.mergedInto ? 'merging.moved' : 'members.member.networks.none')}</p>}
        columns={[
          {
            key: 'text',
            label: t('members.member.network.text'),
            main: true,
            kind: 'mono',
            cell: (row) => <Code t={t} text={row.text} />,
          },
          {
            key: 'role',
            label: t('members.member.network.role'),
            cell: (row) => networkRoleIn(row.role, t),
          },
          { key: 'label', label: t('members.member.network.label'), cell: (row) => labelIn(row.label, t) },
          {
            key: 'from',
            label: t('members.member.network.from'),
            kind: 'time',
            cell: (row) => day(row.from),
          },
          { key: 'to', label: t('members.member.network.to'), kind: 'time', cell: lastDay },
        ]}
      />
    </Section>
  )
}

function People({ frame: { t }, member }: ShowProps) {
  return (
    <Section title={t('members.member.people.title')} id="people">
      {/* Both are kept by the successor after a merger. */}
      {!member.mergedInto && (
        <p>
          <a href={`/members/${member.id}/people`}>{t('people.title')}</a>{' '}
          <a href={`/members/${member.id}/contacts`}>{t('contacts.title')}</a>
        </p>
      )}
      <Table
        caption={t('members.member.people.title')}
        captionHidden
        rows={member.people}
        rowKey={(row) => row.id}
        empty={
          <p class="muted">
            {t(member.contactEmail ? 'members.member.people.none' : 'members.member.people.nobody')}
          </p>
        }
        columns={[
          {
            key: 'name',
            label: t('members.member.person.name'),
            main: true,
            cell: (row) => (
              <>
                {row.name} {row.disabled && <Chip>{t('members.member.person.disabled')}</Chip>}
              </>
            ),
          },
          {
            key: 'email',
            label: t('members.member.person.email'),
            cell: (row) => <a href={`mailto:${row.email}`}>{row.email}</a>,
          },
          {
            key: 'roles',
            label: t('members.member.person.roles'),
            cell: (row) => t.list(row.roles.map((role) => t(`ui.role.${role}`))),
          },
        ]}
      />
    </Section>
  )
}
