/** The gallery's sheets: each a whole page made of parts in their empty, usual or overfull state. */
import type { T } from '../../src/platform/i18n.ts'
import {
  Actions,
  AnswerBar,
  Bars,
  Button,
  CalendarHeat,
  Chip,
  Code,
  CodeBlock,
  Definition,
  Details,
  Diff,
  EmptyState,
  ErrorState,
  Facts,
  Field,
  Figure,
  Figures,
  FilterBar,
  Form,
  HourStrip,
  html,
  KeysetPager,
  List,
  ListRow,
  Live,
  Notice,
  Page,
  type PageProps,
  Section,
  SeverityBadge,
  Sparkline,
  Statement,
  Steps,
  severityNames,
  Table,
  Tabs,
  Time,
  Timeline,
  TimelineBar,
  TlpChip,
} from '../../src/ui/index.ts'
import {
  hours,
  kinds,
  longAddress,
  now,
  organisations,
  quarter,
  type SourceRow,
  sourceRows,
  today,
} from './samples.ts'

const nav = [
  { key: 'home', href: '/', label: 'Co se nás týká', count: 3 },
  { key: 'warnings', href: '/warnings', label: 'Varování' },
  { key: 'days', href: '/days', label: 'Denní přehled' },
  { key: 'sources', href: '/sources', label: 'Zdroje' },
  { key: 'sensors', href: '/sensors', label: 'Senzory' },
  { key: 'rules', href: '/rules', label: 'Pravidla' },
]

function frame(t: T, more: Partial<PageProps>): PageProps {
  return {
    t,
    now,
    title: 'hSOC',
    path: '/',
    nonce: 'gallery',
    csrf: 'token',
    nav,
    actor: { name: 'Jana Nováková', organisations: organisations.slice(0, 1), roles: ['admin', 'duty'] },
    ...more,
  }
}

/** The sheets by file name. */
export function sheets(t: T): Record<string, string> {
  return {
    home: html(<Home t={t} />),
    'home-calm': html(<Calm t={t} />),
    warning: html(<Warning t={t} />),
    day: html(<Daily t={t} />),
    sources: html(<Sources t={t} rows={sourceRows(40)} />),
    'sources-500': html(<Sources t={t} rows={sourceRows(500)} />),
    forms: html(<Forms t={t} />),
    states: html(<States t={t} />),
    'sign-in': html(<SignIn t={t} />),
    wall: html(<Wall t={t} />),
  }
}

const items = [
  {
    severity: 'critical' as const,
    title: 'Server pacs.nemocnice-lipova.example se spojuje s řídicím serverem škodlivého programu',
    things: 'PACS, 198.51.100.24',
    since: now - 6 * 60_000,
    done: undefined,
    fresh: true,
  },
  {
    severity: 'high' as const,
    title: 'Přihlašování ke vzdálené ploše z internetu prošlo k vašemu serveru',
    things: `Rehabilitace, ${longAddress}`,
    since: now - 3 * 3_600_000,
    done: undefined,
    fresh: true,
  },
  {
    severity: 'medium' as const,
    title: 'Stejný zdroj zkouší hesla u vás a v 5–10 dalších nemocnicích',
    things: 'VPN brána, 198.51.100.2',
    since: now - 9 * 3_600_000,
    done: 'Zahozeno na hranici sítě',
    fresh: false,
  },
]

function Home({ t }: { t: T }) {
  return (
    <Page
      {...frame(t, { title: 'Co se nás dnes týká', active: 'home', tlp: 'AMBER' })}
      side={<SectorToday t={t} />}
    >
      <Statement tone="urgent">
        Dnes se vás týkají <Figure href="/warnings">tři věci</Figure>. Jedna z nich spěchá.
      </Statement>
      <Live id="concerns" topic="warnings">
        <List label="Co se vás týká">
          {items.map((item) => (
            <ListRow
              key={item.title}
              href="/warnings/1"
              badge={<SeverityBadge t={t} severity={item.severity} />}
              title={item.title}
              fresh={item.fresh}
              meta={
                <>
                  {item.things} · trvá, začalo <Time t={t} at={item.since} now={now} />
                </>
              }
              done={item.done}
            >
              <Form action="/warnings/1/answer" csrf="token">
                <Actions>
                  <Button kind="primary" name="answer" value="working">
                    Řešíme to
                  </Button>
                  <Button name="answer" value="seen">
                    Víme o tom
                  </Button>
                  <Button kind="quiet" href="/warnings/1">
                    Co s tím
                  </Button>
                </Actions>
              </Form>
            </ListRow>
          ))}
        </List>
      </Live>
      <Section title="Včera na vaší hranici" actions={<a href={`/days/${today}`}>Celý den</a>}>
        <p>
          Dorazilo <Figure href="/days/x">41 200 událostí</Figure>, dvakrát víc než obvyklý pátek. Zahozeno
          bylo 96 %.
        </p>
        <HourStrip t={t} title="Události po hodinách" points={hours} />
      </Section>
    </Page>
  )
}

function SectorToday({ t }: { t: T }) {
  return (
    <Section title="V celém sektoru">
      <p>
        Dnes je rušněji než obvykle: {t.about(1_993_482)} událostí z {t.about(5_343)} zdrojů.
      </p>
      <Sparkline
        title="30 dní, nejvíce 2 390 000 dne 3. listopadu"
        values={[...quarter.values()].slice(0, 30)}
        href="/days"
      />
      <p class="muted">
        Hlídání běží: poslední událost <Time t={t} at={now - 12_000} now={now} />, čtyři senzory v pořádku.
      </p>
    </Section>
  )
}

function Calm({ t }: { t: T }) {
  return (
    <Page {...frame(t, { title: 'Co se nás dnes týká', active: 'home' })}>
      <EmptyState title="Dnes se vás netýká nic. Klidnou službu.">
        <p>
          Hlídání běží: poslední událost <Time t={t} at={now - 12_000} now={now} />, čtyři senzory v pořádku.
        </p>
      </EmptyState>
    </Page>
  )
}

function Warning({ t }: { t: T }) {
  return (
    <Page
      {...frame(t, {
        title: 'Server PACS se spojuje s řídicím serverem škodlivého programu',
        active: 'warnings',
        tlp: 'AMBER',
      })}
      exercise="Podzimní cvičení 2026"
      flash={{
        text: 'Zapsali jsme, že věc řešíte.',
        undo: { action: '/warnings/1/answer/withdrawal', label: 'Vzít zpět' },
      }}
    >
      <Facts
        facts={[
          { label: 'Závažnost', value: <SeverityBadge t={t} severity="critical" /> },
          { label: 'Sdílení', value: <TlpChip t={t} tlp="AMBER" /> },
          { label: 'Týká se', value: organisations[2]?.name, note: 'PACS, 198.51.100.24' },
          { label: 'Od', value: <Time t={t} at={now - 6 * 60_000} now={now} />, note: 'stále trvá' },
          { label: 'Vidělo také', value: '5–10 nemocnic' },
        ]}
      />
      <Section title="Co se stalo">
        <p>
          Váš server navázal 14 spojení se serverem, který řídí škodlivý program. Nic z toho nebylo zastaveno.
          Počítač je pravděpodobně napaden.
        </p>
      </Section>
      <Section title="Co udělat do 15 minut">
        <Steps
          steps={[
            <>
              Odpojte server od sítě, nevypínejte ho: <Code t={t} text="198.51.100.24" copy />
            </>,
            <>
              Na firewallu zakažte odchozí spojení na <Code t={t} text={longAddress} href="/sources/x" copy />
            </>,
          ]}
        />
        <CodeBlock
          t={t}
          label="Pravidlo pro nftables"
          text={`nft add rule inet filter forward ip6 daddr ${longAddress} counter drop comment "hSOC"`}
        />
      </Section>
      <AnswerBar label="Vaše odpověď">
        <Form action="/warnings/1/answer" csrf="token">
          <Actions>
            <Button kind="primary" name="answer" value="working">
              Řešíme to
            </Button>
            <Button name="answer" value="seen" pressed>
              Víme o tom
            </Button>
            <Button name="answer" value="done">
              Hotovo
            </Button>
          </Actions>
        </Form>
      </AnswerBar>
      <Section title="Průběh">
        <TimelineBar
          t={t}
          title="Posledních 30 dní"
          now={now}
          from={now - 30 * 86_400_000}
          to={now}
          spans={[
            {
              from: now - 22 * 86_400_000,
              to: now - 21.4 * 86_400_000,
              label: 'průzkum portů',
              severity: 'low',
              href: '/episodes/1',
            },
            {
              from: now - 4 * 86_400_000,
              to: now - 3 * 86_400_000,
              label: 'pokusy o přihlášení',
              severity: 'medium',
              href: '/episodes/2',
            },
            {
              from: now - 600_000,
              to: now,
              label: 'spojení s řídicím serverem',
              severity: 'critical',
              href: '/episodes/3',
            },
          ]}
        />
        <Timeline
          t={t}
          now={now}
          items={[
            { at: now - 360_000, title: 'První událost', body: 'Senzor perimetru, spojení na port 443' },
            { at: now - 350_000, title: 'Varování vzniklo a odešlo', strong: true },
            {
              at: now - 120_000,
              title: 'Odpověď: víme o tom',
              by: 'Jana Nováková, správce IT',
              strong: true,
            },
            {
              at: now - 60_000,
              title: 'Závažnost zvýšena',
              body: <Diff t={t} changes={[{ label: 'Závažnost', before: 'vysoká', after: 'kritická' }]} />,
            },
          ]}
        />
      </Section>
      <Details summary="Proč vám to píšeme">
        <p>
          Pravidlo W1, vlastní stroj se chová zle. Naměřeno 14 událostí, práh 1. Adresa patří do vašeho
          záznamu <code>198.51.100.0/24</code>.
        </p>
      </Details>
    </Page>
  )
}

function Daily({ t }: { t: T }) {
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

function Sources({ t, rows }: { t: T; rows: SourceRow[] }) {
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

function Forms({ t }: { t: T }) {
  return (
    <Page {...frame(t, { title: 'Pravidlo W6: neobvyklý objem', active: 'rules' })}>
      <Notice kind="wrong" title="Nic jsme nezměnili">
        <p>Jedno pole je potřeba opravit.</p>
      </Notice>
      <Form action="/rules/w6" csrf="token" label="Prahy pravidla">
        <Field
          label="Okno"
          name="window"
          type="number"
          value={60}
          unit="minut"
          min={1}
          max={1440}
          hint="Od 1 do 1 440."
        />
        <Field
          label="Nejméně událostí"
          name="least"
          type="number"
          value={-4}
          error="Zadejte číslo od 1."
          required
        />
        <Field
          label="Komu"
          name="to"
          type="select"
          value="digest"
          options={[
            { value: 'digest', label: 'Souhrn' },
            { value: 'now', label: 'Hned' },
          ]}
        />
        <Field label="Důvod změny" name="reason" type="textarea" maxlength={500} />
        <Field label="Adresa nebo rozsah" name="prefix" value={longAddress} mono />
        <Field
          label="Platí i pro cvičení"
          name="exercise"
          type="checkbox"
          checked
          hint="Počty cvičení se do přehledů nezapočítávají."
        />
        <Field label="Verze" name="version" value="14" disabled />
        <Actions>
          <Button kind="primary">Uložit prahy</Button>
          <Button>Zkusit na minulém týdnu</Button>
          <Button kind="danger" consequence="Prahy se vrátí na hodnoty z 1. listopadu; historie zůstane.">
            Vrátit výchozí
          </Button>
          <Button disabledReason="Pravidlo pro kritické události nelze vypnout.">Vypnout pravidlo</Button>
        </Actions>
      </Form>
      <Section title="Co se změnilo">
        <Diff
          t={t}
          changes={[
            { label: 'Nejméně událostí za hodinu', before: '50', after: '100' },
            { label: 'Síť', before: '198.51.100.0/24', after: `${longAddress}/128` },
          ]}
        />
      </Section>
    </Page>
  )
}

function States({ t }: { t: T }) {
  return (
    <Page
      {...frame(t, {
        title: 'Značky a stavy',
        actor: {
          name: 'MUDr. Bc. Maxmiliána Nepomucká-Schwarzenbergová, Ph.D.',
          organisations,
          roles: ['representative', 'security_manager'],
        },
      })}
    >
      <Section title="Závažnost">
        <Actions>
          {severityNames.map((severity) => (
            <SeverityBadge key={severity} t={t} severity={severity} />
          ))}
        </Actions>
      </Section>
      <Section title="Sdílení">
        <Actions>
          {(['RED', 'AMBER+STRICT', 'AMBER', 'GREEN', 'CLEAR'] as const).map((tlp) => (
            <TlpChip key={tlp} t={t} tlp={tlp} />
          ))}
          <Chip>výzkumný průzkumník</Chip>
          <Chip yours>vaše</Chip>
        </Actions>
      </Section>
      <Notice title="Senzor mlčí 42 minut" kind="careful">
        <p>Obvykle se ozve každých 40 sekund.</p>
      </Notice>
      <Notice kind="note">
        <p>Čísla jsou za období od půlnoci do teď.</p>
      </Notice>
      <ErrorState
        t={t}
        title="Stránku se nepodařilo sestavit"
        kept="Nic z uložených dat se neztratilo."
        todo="Zkuste to za chvíli znovu; když to nepomůže, zavolejte provozovateli."
        reference="0192f-7c1e"
      />
      <EmptyState
        title="Žádné varování neodpovídá filtru"
        actions={<Button href="/warnings">Zrušit filtr</Button>}
      />
      <Bars
        t={t}
        title="Bez obvyklého dne"
        items={[
          { key: 'a', name: organisations[2]?.name, value: 3 },
          { key: 'b', name: longAddress, value: 1 },
        ]}
      />
      <HourStrip
        t={t}
        title="Prázdný den"
        points={hours.map((hour) => ({ ...hour, dropped: 0, passed: 0, unknown: 0 }))}
      />
      <KeysetPager t={t} shown={500} />
    </Page>
  )
}

function SignIn({ t }: { t: T }) {
  return (
    <Page
      {...frame(t, {
        title: 'Přihlášení',
        narrow: true,
        actor: undefined,
        nav: [],
        lead: 'hSOC včas varuje zdravotnická zařízení před útoky na jejich síť. Neodposlouchává a nic za vás nevypíná.',
      })}
    >
      <Form action="/sign-in" csrf="token">
        <Field label="E-mail" name="email" type="email" autocomplete="username" required />
        <Field label="Heslo" name="password" type="password" autocomplete="current-password" required />
        <Actions>
          <Button kind="primary">Přihlásit se</Button>
          <a href="/forgotten">Zapomenuté heslo</a>
        </Actions>
      </Form>
    </Page>
  )
}

function Wall({ t }: { t: T }) {
  return (
    <Page {...frame(t, { title: 'Sektor teď' })} wall>
      <Live id="wall" topic="warnings events sensors" apply="now">
        <Statement tone="urgent">
          Probíhá jedna kampaň proti šesti nemocnicím. Dvě varování čekají na odpověď.
        </Statement>
        <div class="split">
          <Section title="Čeká na odpověď">
            <List>
              {items.map((item) => (
                <ListRow
                  key={item.title}
                  href="/warnings/1"
                  badge={<SeverityBadge t={t} severity={item.severity} />}
                  title={item.title}
                  meta={<Time t={t} at={item.since} now={now} />}
                  fresh={item.fresh}
                />
              ))}
            </List>
          </Section>
          <Section title="Posledních 24 hodin">
            <HourStrip t={t} title="Události po hodinách" titleHidden points={hours} />
          </Section>
        </div>
      </Live>
    </Page>
  )
}
