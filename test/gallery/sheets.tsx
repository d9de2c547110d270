/** The gallery's sheets: each a whole page made of parts in their empty, usual or overfull state. */
import type { T } from '../../src/platform/i18n.ts'
import {
  Actions,
  Button,
  EmptyState,
  Figure,
  Form,
  HourStrip,
  html,
  List,
  ListRow,
  Live,
  Page,
  Section,
  SeverityBadge,
  Sparkline,
  Statement,
  Time,
} from '../../src/ui/index.ts'
import { hours, now, quarter, sourceRows, today } from './samples.ts'
import { frame, items } from './sheet-frame.ts'
import { Daily, Sources } from './sheets-day.tsx'
import { Forms, SignIn, States } from './sheets-forms.tsx'
import { Regions } from './sheets-map.tsx'
import { Warning } from './sheets-warning.tsx'

/** The sheets by file name. */
export function sheets(t: T): Record<string, string> {
  return {
    home: html(<Home t={t} />),
    'home-calm': html(<Calm t={t} />),
    warning: html(<Warning t={t} />),
    day: html(<Daily t={t} />),
    sources: html(<Sources t={t} rows={sourceRows(40)} />),
    'sources-500': html(<Sources t={t} rows={sourceRows(500)} />),
    map: html(<Regions t={t} />),
    forms: html(<Forms t={t} />),
    states: html(<States t={t} />),
    'sign-in': html(<SignIn t={t} />),
    wall: html(<Wall t={t} />),
  }
}

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
