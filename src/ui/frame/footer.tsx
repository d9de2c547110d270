/** What surrounds a page unseen or at its end: the head of its print, the footer, words and help for the scripts. */
import { exact, homeZone } from '../../platform/dates.ts'
import type { T } from '../../platform/i18n.ts'
import { TlpChip } from '../parts/badges.tsx'
import { Wordmark } from './header.tsx'
import type { PageProps } from './props.ts'

/** Only on paper: whose page, of when, and how far it may be shared. */
export function PrintHead({ t, organisation, actor, tlp, now, zone = homeZone }: PageProps) {
  const whose = organisation ?? (actor?.organisations.length === 1 ? actor.organisations[0]?.name : undefined)
  return (
    <div class="print-head" aria-hidden="true">
      <Wordmark />
      {whose && <span>{whose}</span>}
      <span>{t('ui.printed', { when: exact(now, t, zone) })}</span>
      {tlp && <TlpChip t={t} tlp={tlp} />}
    </div>
  )
}

export function Footer({ t, actor }: PageProps) {
  return (
    <footer class="bottom">
      <p>{t('ui.footer.what')}</p>
      <ul>
        {actor && (
          <li>
            <button type="button" class="link" data-help="" hidden>
              {t('ui.keyboard.title')}
            </button>
          </li>
        )}
        <li>
          <a href="/api">{t('ui.footer.api')}</a>
        </li>
      </ul>
    </footer>
  )
}

/** Words the browser's scripts need, in the reader's language; plural forms by name, the number left open. */
export function Words({ t }: { t: T }) {
  return (
    <>
      <div
        id="words"
        hidden
        data-new-one={t('ui.new.one', { count: '{n}' })}
        data-new-few={t('ui.new.few', { count: '{n}' })}
        data-new-other={t('ui.new.other', { count: '{n}' })}
        data-new-some={t('ui.new.some')}
      />
      <p id="announce" class="visually-hidden" role="status" />
    </>
  )
}

export function KeyboardHelp({ t }: { t: T }) {
  const keys = [
    ['/', 'search'],
    ['j k', 'walk'],
    ['Enter', 'open'],
    ['?', 'help'],
    ['Esc', 'close'],
  ] as const
  return (
    <dialog id="keyboard" class="dialog" aria-labelledby="keyboard-title">
      <h2 id="keyboard-title">{t('ui.keyboard.title')}</h2>
      <dl class="keys">
        {keys.map(([key, what]) => (
          <div key={key}>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{t(`ui.keyboard.${what}`)}</dd>
          </div>
        ))}
      </dl>
      <div class="field field-check">
        <input type="checkbox" id="keys" data-keys="" checked />
        <label for="keys">{t('ui.keyboard.on')}</label>
      </div>
      <form method="dialog">
        <button type="submit" class="button">
          {t('ui.close')}
        </button>
      </form>
    </dialog>
  )
}
