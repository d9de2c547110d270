/** What the register and earlier applications say of somebody who applies: shown with the reason, decided by nobody but a person. */
import type { Frame } from '../../../platform/frame.ts'
import { Chip, Notice, Section, Table } from '../../../ui/index.ts'
import type { Similar } from '../../members/index.ts'
import type { ApplicationDetail, Findings } from '../queries.ts'
import { isOpen } from '../states.ts'
import { kindIn, regionIn } from './words.ts'

interface FoundProps {
  frame: Frame
  one: ApplicationDetail
  findings: Findings
}

export function FoundOut(props: FoundProps) {
  const { one, findings } = props
  return (
    <>
      {isOpen(one.state) && <FromRegister {...props} />}
      {isOpen(one.state) && <Alike {...props} />}
      {findings.others.length > 0 && <Others {...props} />}
    </>
  )
}

function FromRegister({ frame: { t }, findings: { register } }: FoundProps) {
  return (
    <Section title={t('joining.found.register')} id="found-register">
      {register.length === 0 && <p class="muted">{t('joining.found.register.none')}</p>}
      {register.some(({ differs, by }) => differs && by === 'ico') && (
        <Notice kind="careful" title={t('joining.found.differs.title')}>
          <p>{t('joining.found.differs')}</p>
        </Notice>
      )}
      {register.length > 0 && (
        <Table
          caption={t('joining.found.register')}
          captionHidden
          rows={register}
          rowKey={(row) => `${row.ico} ${row.name} ${row.address}`}
          columns={[
            { key: 'name', label: t('joining.field.organisation'), main: true, cell: (row) => row.name },
            { key: 'ico', label: t('joining.field.ico'), cell: (row) => row.ico },
            { key: 'address', label: t('joining.field.address'), cell: (row) => row.address || '–' },
            { key: 'region', label: t('joining.field.region'), cell: (row) => regionIn(row.nuts3) ?? '–' },
            {
              key: 'kind',
              label: t('joining.field.orgKind'),
              cell: (row) => (row.kind === null ? '–' : kindIn(row.kind, t)),
            },
          ]}
        />
      )}
    </Section>
  )
}

function Alike({ frame: { t }, findings: { similar } }: FoundProps) {
  return (
    <Section title={t('joining.found.similar')} id="found-similar" lead={t('joining.found.similar.lead')}>
      {similar.length === 0 ? (
        <p class="muted">{t('joining.found.similar.none')}</p>
      ) : (
        <Table<Similar>
          caption={t('joining.found.similar')}
          captionHidden
          rows={similar}
          rowKey={(row) => row.id}
          columns={[
            {
              key: 'name',
              label: t('joining.field.organisation'),
              main: true,
              cell: (row) => <a href={`/members/${row.id}`}>{row.name}</a>,
            },
            {
              key: 'status',
              label: t('joining.field.status'),
              cell: (row) => t(`organisations.status.${row.status}`),
            },
            { key: 'ico', label: t('joining.field.ico'), cell: (row) => row.ico ?? '–' },
            {
              key: 'why',
              label: t('joining.field.why'),
              cell: (row) => (
                <>
                  {row.why.map((why) => (
                    <span key={why}>
                      <Chip>{t(`joining.like.${why}`)}</Chip>{' '}
                    </span>
                  ))}
                </>
              ),
            },
          ]}
        />
      )}
    </Section>
  )
}

function Others({ frame: { t }, findings: { others } }: FoundProps) {
  return (
    <Section title={t('joining.found.others')} id="found-others">
      <ul class="bullets">
        {others.map((other) => (
          <li key={other.id}>
            <a href={`/applications/${other.id}`}>{other.organisation}</a>, {other.name},{' '}
            {t(`joining.state.${other.state}`)}
          </li>
        ))}
      </ul>
    </Section>
  )
}
