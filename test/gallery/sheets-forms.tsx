/** Forms, states and the sign-in, as the gallery shows them. */
import type { T } from '../../src/platform/i18n.ts'
import {
  Actions,
  Bars,
  Button,
  Chip,
  Diff,
  EmptyState,
  ErrorState,
  Field,
  Form,
  HourStrip,
  KeysetPager,
  Notice,
  Page,
  Section,
  SeverityBadge,
  severityNames,
  TlpChip,
} from '../../src/ui/index.ts'
import { hours, longAddress, organisations } from './samples.ts'
import { frame } from './sheet-frame.ts'

export function Forms({ t }: { t: T }) {
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

export function States({ t }: { t: T }) {
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

export function SignIn({ t }: { t: T }) {
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
