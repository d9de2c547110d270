/** Parts of the page of one advisory: what helps, products, vulnerabilities, versions. */
import { dayOf, dayShort } from '../../../platform/dates.ts'
import { Chip, Code, Details, Section, Table } from '../../../ui/index.ts'
import type { Content, Remedy, Vulnerability } from '../content.ts'
import { nameOf } from '../differences.ts'
import type { ProductLine, VersionLine } from '../queries.ts'
import { productLines } from '../write-products.ts'
import type { ShowProps } from './show-props.ts'
import { categoryIn, flagsIn, Lines, scoreIn, versionsIn } from './words.tsx'

/** The same remedy of several vulnerabilities is told once, with all its products. */
function remediesOf(content: Content): Remedy[] {
  const found = new Map<string, Remedy>()
  for (const one of content.vulnerabilities.flatMap(({ remedies }) => remedies)) {
    const key = `${one.category} ${one.text} ${one.url}`
    const refs = [...new Set([...(found.get(key)?.refs ?? []), ...one.refs])]
    found.set(key, { ...one, refs })
  }
  return [...found.values()]
}

const mostNames = 5
const mostRemedies = 60

export function Remedies({
  frame: { t },
  advisory: { content },
  none,
}: Pick<ShowProps, 'frame' | 'advisory'> & { none?: string }) {
  const remedies = remediesOf(content)
  if (remedies.length === 0)
    return none === undefined ? null : <Section title={t('advisories.remedies')}>{none}</Section>
  const names = new Map(content.products.map((one) => [one.ref, nameOf(one)]))
  return (
    <Section title={t('advisories.remedies')} id="remedies">
      {remedies.slice(0, mostRemedies).map(({ category, text, url, refs }, i) => {
        const found = [...new Set(refs.flatMap((ref) => names.get(ref) ?? []))]
        return (
          <div key={i}>
            <p>
              <Chip>{categoryIn(t, 'remedy', category)}</Chip>{' '}
              <span class="muted">
                {t.list(found.slice(0, mostNames))}
                {found.length > mostNames && ` ${t('advisories.more', { n: found.length - mostNames })}`}
              </span>
            </p>
            <div lang={content.lang ?? undefined}>
              <Lines text={text} />
            </div>
            {url && (
              <p>
                <a href={url} rel="noreferrer noopener nofollow">
                  {url}
                </a>
              </p>
            )}
          </div>
        )
      })}
    </Section>
  )
}

/** Names of others may be a hundred characters without a blank. */
const Whole = ({ text }: { text: string }) => <span class="address">{text || '–'}</span>

export function Products({ frame: { t }, advisory }: ShowProps) {
  const { productCount, line, seq, content } = advisory
  // Products stand for the present version; another one says in its changes what is different, and one that waits names its own.
  if (seq < line.seq) return null
  const products = seq === line.seq ? advisory.products : productLines(content)
  if (products.length === 0) return null
  return (
    <Section
      title={t('advisories.products')}
      id="products"
      lead={
        productCount > products.length
          ? t('advisories.products.first', { n: products.length, all: productCount })
          : null
      }
    >
      <Table<ProductLine>
        caption={t('advisories.products')}
        captionHidden
        rows={products}
        rowKey={(row) => `${row.status} ${row.refs.join()}`}
        columns={[
          {
            key: 'product',
            label: t('advisories.product'),
            main: true,
            cell: (row) => <Whole text={row.product} />,
          },
          { key: 'vendor', label: t('advisories.vendor'), cell: (row) => <Whole text={row.vendor} /> },
          {
            key: 'versions',
            label: t('advisories.versions'),
            cell: (row) => <Whole text={versionsIn(t, row.versions)} />,
          },
          {
            key: 'status',
            label: t('advisories.status'),
            cell: (row) => t(`advisories.status.${row.status}`),
          },
        ]}
      />
    </Section>
  )
}

export function Vulnerabilities({ frame, advisory: { content } }: ShowProps) {
  const { t } = frame
  const all = content.vulnerabilities.filter(
    (one) => one.cve || one.title || one.text || one.scores.length > 0,
  )
  if (all.length === 0 || content.kind === 'kev') return null
  return (
    <Section title={t('advisories.vulnerabilities')} id="vulnerabilities">
      {all.slice(0, 100).map((one, i) => (
        <One key={i} frame={frame} one={one} lang={content.lang} open={all.length <= 3} />
      ))}
    </Section>
  )
}

function One(props: { frame: ShowProps['frame']; one: Vulnerability; lang: string | null; open: boolean }) {
  const { one, lang, open } = props
  const { t } = props.frame
  const name = [one.cve, one.title].filter(Boolean).join(' · ') || t('advisories.vulnerability')
  return (
    <Details summary={<span lang={lang ?? undefined}>{name}</span>} open={open}>
      <div lang={lang ?? undefined}>
        <Lines text={one.text} />
      </div>
      {one.scores.map(({ version, base, vector }) => (
        <p key={`${version} ${vector}`}>
          CVSS {version}: <strong>{scoreIn(t, base)}</strong> {vector && <Code t={t} text={vector} />}
        </p>
      ))}
      {one.cwe && (
        <p>
          <Code t={t} text={one.cwe} />
        </p>
      )}
      {one.threats.map(({ category, text }, i) => (
        <p key={i}>
          <Chip>{categoryIn(t, 'threat', category)}</Chip> <span lang={lang ?? undefined}>{text}</span>
        </p>
      ))}
    </Details>
  )
}

export function Versions({ frame: { t, zone }, advisory: { line, versions, seq } }: ShowProps) {
  const day = (at: number): string => dayShort(dayOf(at, zone), t, true)
  const proof = (row: VersionLine): string =>
    [
      t(`advisories.signature.${row.signature}`),
      ...(row.hashChecked ? [t('advisories.hash.checked')] : []),
      ...flagsIn(t, row.flags),
    ].join('; ')
  return (
    <Section title={t('advisories.history')} id="versions">
      <Table<VersionLine>
        caption={t('advisories.history')}
        captionHidden
        rows={versions}
        rowKey={(row) => row.seq}
        columns={[
          {
            key: 'version',
            label: t('advisories.version'),
            main: true,
            cell: (row) =>
              row.seq === seq ? (
                row.version
              ) : (
                <a href={`/advisories/${line.id}${row.seq === line.seq ? '' : `?version=${row.seq}`}`}>
                  {row.version}
                </a>
              ),
          },
          { key: 'revised', label: t('advisories.revised'), kind: 'time', cell: (row) => day(row.revisedAt) },
          { key: 'taken', label: t('advisories.taken'), kind: 'time', cell: (row) => day(row.takenAt) },
          { key: 'said', label: t('advisories.changes.said'), cell: (row) => row.said || '–' },
          ...(line.kind === 'csaf' ? [{ key: 'proof', label: t('advisories.proof'), cell: proof }] : []),
        ]}
      />
    </Section>
  )
}
