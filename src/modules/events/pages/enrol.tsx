/** How to connect a sensor, in three steps to copy. */
import type { Settings } from '../../../platform/context.ts'
import type { T } from '../../../platform/i18n.ts'
import { CodeBlock, Section, Steps } from '../../../ui/index.ts'

/** A harmless event of the category Test: it is stored, shown to the sensor's owner, and counts nowhere. */
const testEvent = (name: string): string =>
  JSON.stringify({
    Format: 'IDEA0',
    ID: 'first-event-1',
    DetectTime: '2026-01-01T12:00:00Z',
    Category: ['Attempt.Login', 'Test'],
    Source: [{ IP4: ['198.51.100.7'] }],
    Target: [{ IP4: ['192.0.2.10'], Port: [22] }],
    Node: [{ Name: name, Type: ['Honeypot'] }],
  })

/** Commands in a POSIX shell; the key is printed once by the first. */
export function Enrol({ t, name, settings }: { t: T; name: string; settings: Settings }) {
  const { baseUrl, sensorsUrl = baseUrl } = settings
  const warden = JSON.stringify(
    {
      url: `${sensorsUrl}/warden3`,
      name,
      secret: 'KEY',
      cafile: '/etc/warden/server.pem',
      timeout: 60,
    },
    null,
    2,
  )
  return (
    <Section title={t('events.enrol.title')} id="enrol" lead={t('events.enrol.lead')}>
      <Steps
        steps={[
          <>
            {t('events.enrol.add')}
            <CodeBlock
              t={t}
              label={t('events.enrol.terminal')}
              text={`bin/hsoc sensor add ${name} --member "NAME" --secret --rights write,test`}
            />
          </>,
          <>
            {t('events.enrol.try')}
            <CodeBlock
              t={t}
              label="curl"
              text={`curl --cacert server.pem -H 'Authorization: Bearer KEY' -H 'Content-Type: application/x-ndjson' \\\n  --data-binary '${testEvent(name)}' \\\n  '${sensorsUrl}/api/v1/events?format=idea'`}
            />
          </>,
          <>
            {t('events.enrol.connect')}
            <CodeBlock t={t} label={t('events.enrol.warden')} text={warden} />
            <CodeBlock
              t={t}
              label={t('events.enrol.suricata')}
              text={`tail -n0 -F /var/log/suricata/eve.json | grep --line-buffered -E '"event_type":"(alert|drop)"' | \\\n  split -l 200 --filter="curl -sS --cacert server.pem -H 'Authorization: Bearer KEY' --data-binary @- '${sensorsUrl}/api/v1/events?format=eve'" -`}
            />
          </>,
        ]}
      />
    </Section>
  )
}
