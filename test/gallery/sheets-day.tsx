/** A day and its sources, as the gallery shows them. */
import type { T } from '../../src/platform/i18n.ts'
import {
  Bars,
  CalendarHeat,
  Chip,
  Definition,
  Field,
  Figures,
  FilterBar,
  HourStrip,
  KeysetPager,
  Page,
  Section,
  Sparkline,
  Statement,
  Table,
  Tabs,
  Time,
} from '../../src/ui/index.ts'
import { hours, kinds, now, organisations, quarter, type SourceRow, today } from './samples.ts'
import { frame } from './sheet-frame.ts'

export function Daily({ t }: { t: T }) {
  return (
    <Page
      {...frame(t, {
        title: 'Denní přehled',
        active: 'days',
        tlp: 'GREEN',
        organisation: 'Zdravotnický sektor',
      })}
    >
      <Tabs
        t={t}
        label="Čí den"
        active="sector"
        tabs={[
          { key: 'sector', label: 'Celý sektor', href: '/days' },
          { key: 'own', label: 'Nemocnice Lipová', href: '/days?own', count: 41_200 },
        ]}
      />
      <Statement>
        V pátek 20. listopadu dorazilo {t.about(1_993_482)} událostí, zahozeno bylo 95 %. Obvyklý pátek jich
        má polovinu.
      </Statement>
      <Figures>
        <Definition
          t={t}
          value={t.number(1_993_482)}
          label="událostí"
          href="/days/x/events"
          compare="obvykle 998 000"
          definition="Přijaté zprávy senzorů toho dne, každá jednou, bez zkoušek a cvičení."
        />
        <Definition
          t={t}
          value={t.number(82_114)}
          label="detekcí"
          href="/days/x/detections"
          compare="obvykle 80 400"
          definition="Různé trojice zdroj, druh a hodina."
        />
        <Definition
          t={t}
          value={t.number(5_343)}
          label="zdrojů"
          href="/days/x/sources"
          compare="obvykle 5 100"
          definition="Různé jednotlivé adresy, ze kterých něco přišlo."
        />
        <Definition
          t={t}
          value={t.percent(0.95)}
          label="zahozeno"
          href="/days/x/events?verdict=dropped"
          compare="známe u 97 %"
          definition="Zahozené události ku událostem, u kterých víme, jak dopadly."
        />
        <Definition
          t={t}
          value={t.number(101_195)}
          label="prošlo"
          href="/days/x/events?verdict=through"
          definition="Události, které perimetr nezastavil."
        />
        <Definition
          t={t}
          value={t.number(1_119_208_995)}
          label="výskytů"
          definition="Jednotlivé pokusy, které senzory do zpráv sečetly."
        />
        <Definition
          t={t}
          value={t.number(46)}
          label="zasažených organizací"
          href="#organisations"
          definition="Členové, kterých se týkala aspoň jedna událost."
        />
      </Figures>
      <Section title="Po hodinách">
        <HourStrip t={t} title="Události po hodinách" titleHidden points={hours} />
      </Section>
      <div class="split">
        <Section title="Podle druhu" lead="Čárka ukazuje obvyklý den.">
          <Bars t={t} title="Podle druhu" titleHidden items={kinds} />
        </Section>
        <Section title="Čtvrt roku">
          <CalendarHeat
            t={t}
            title="Události za 13 týdnů"
            titleHidden
            values={quarter}
            until={today}
            selected={today}
            hrefOf={(day) => `/days/${day}`}
          />
        </Section>
      </div>
      <Section title="Podle organizace">
        <div class="multiples">
          {organisations.map((organisation) => (
            <HourStrip key={organisation.id} t={t} title={organisation.name} points={hours} compact />
          ))}
        </div>
      </Section>
    </Page>
  )
}

export function Sources({ t, rows }: { t: T; rows: SourceRow[] }) {
  return (
    <Page {...frame(t, { title: 'Zdroje', active: 'sources', lead: 'Adresy, ze kterých dnes něco přišlo.' })}>
      <FilterBar t={t} action="/sources" reset="/sources">
        <Field label="Adresa nebo síť" name="q" type="search" value="203.0.113.0/24" mono />
        <Field
          label="Druh"
          name="class"
          type="select"
          options={[
            { value: '', label: 'všechny' },
            { value: 'ssh', label: 'Pokusy o přihlášení přes SSH' },
          ]}
        />
        <Field label="Jen co prošlo" name="passed" type="checkbox" />
      </FilterBar>
      <Table
        caption={`${rows.length} zdrojů`}
        rows={rows}
        rowKey={(row) => `${row.address} ${row.last}`}
        rowHref={(row) => `/sources/${row.address}`}
        yours={(row) => row.ours}
        columns={[
          {
            key: 'address',
            label: 'Adresa',
            main: true,
            kind: 'mono',
            cell: (row) => <a href={`/sources/${row.address}`}>{row.address}</a>,
          },
          { key: 'network', label: 'Síť', cell: (row) => row.network },
          {
            key: 'labels',
            label: 'Označení',
            cell: (row) =>
              row.labels.length ? row.labels.map((label) => <Chip key={label}>{label}</Chip>) : null,
          },
          {
            key: 'trend',
            label: '30 dní',
            cell: (row) => (
              <Sparkline title={`30 dní, nejvíce ${Math.max(...row.trend)}`} values={row.trend} />
            ),
          },
          {
            key: 'events',
            label: 'Události',
            kind: 'number',
            sort: { href: '?sort=-events', direction: 'desc' },
            cell: (row) => t.number(row.events),
          },
          {
            key: 'passed',
            label: 'Prošlo',
            kind: 'number',
            sort: { href: '?sort=-passed' },
            cell: (row) => t.number(row.passed),
          },
          {
            key: 'last',
            label: 'Naposledy',
            kind: 'time',
            cell: (row) => <Time t={t} at={row.last} now={now} />,
          },
        ]}
      />
      <KeysetPager
        t={t}
        shown={rows.length}
        total={5_343}
        newer="/sources?before=x"
        older="/sources?after=x"
      />
    </Page>
  )
}
