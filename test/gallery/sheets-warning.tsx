/** A warning, as the gallery shows it. */
import type { T } from '../../src/platform/i18n.ts'
import {
  Actions,
  AnswerBar,
  Button,
  Code,
  CodeBlock,
  Details,
  Diff,
  Facts,
  Form,
  Page,
  Section,
  SeverityBadge,
  Steps,
  Time,
  Timeline,
  TimelineBar,
  TlpChip,
} from '../../src/ui/index.ts'
import { longAddress, now, organisations } from './samples.ts'
import { frame } from './sheet-frame.ts'

export function Warning({ t }: { t: T }) {
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
