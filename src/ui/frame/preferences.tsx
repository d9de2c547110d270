import { langs } from '../../platform/i18n.ts'
import { type PageProps, themes } from './props.ts'

/** Language and theme: one form, each button a choice, kept in a cookie by POST /preferences. */
export function Preferences({ t, path, csrf, theme = 'auto' }: PageProps) {
  return (
    <form action="/preferences" method="post" class="preferences" data-turbo="false" data-preferences="">
      {csrf && <input type="hidden" name="_csrf" value={csrf} />}
      <input type="hidden" name="back" value={path} />
      <fieldset>
        <legend>{t('ui.language')}</legend>
        {langs.map((lang) => (
          <button
            key={lang}
            type="submit"
            name="lang"
            value={lang}
            lang={lang}
            aria-pressed={lang === t.lang}
          >
            {languageNames[lang]}
          </button>
        ))}
      </fieldset>
      <fieldset>
        <legend>{t('ui.theme.label')}</legend>
        {themes.map((choice) => (
          <button key={choice} type="submit" name="theme" value={choice} aria-pressed={choice === theme}>
            {t(`ui.theme.${choice}`)}
          </button>
        ))}
      </fieldset>
    </form>
  )
}

const languageNames = { cs: 'Čeština', en: 'English' } as const
