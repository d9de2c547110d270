/** How to reach the coordinators, from the configuration, so that it is right on every page at once. */
import type { Settings } from '../../../platform/context.ts'
import type { T } from '../../../platform/i18n.ts'
import { keyPath, securityTxtPath } from '../security-txt.ts'

type Reach = Pick<Settings, 'coordinatorPhone' | 'contacts' | 'pgpKeyFile'>

/** "mailto:csirt@hsoc.example" as people read it. */
const shown = (contact: string): string => contact.replace(/^(mailto|tel):/, '')

export function contactFacts(t: T, { coordinatorPhone, contacts = [], pgpKeyFile }: Reach) {
  return (
    <dl class="facts contact-ways">
      {coordinatorPhone && (
        <div class="fact">
          <dt>{t('site.contact.phone')}</dt>
          <dd>
            <a href={`tel:${coordinatorPhone.replace(/[^+\d]/g, '')}`}>{coordinatorPhone}</a>
          </dd>
        </div>
      )}
      {contacts.length > 0 && (
        <div class="fact">
          <dt>{t('site.contact.write')}</dt>
          {contacts.map((contact) => (
            <dd key={contact}>
              <a href={contact}>{shown(contact)}</a>
            </dd>
          ))}
        </div>
      )}
      {contacts.length > 0 && (
        <div class="fact">
          <dt>{t('site.contact.report')}</dt>
          <dd>
            <a href={securityTxtPath}>security.txt</a>
          </dd>
          {pgpKeyFile && (
            <dd>
              <a href={keyPath}>{t('site.contact.key')}</a>
            </dd>
          )}
        </div>
      )}
    </dl>
  )
}
