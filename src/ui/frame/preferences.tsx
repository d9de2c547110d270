import { langs } from '../../platform/i18n.ts'
import { type PageProps, themes } from './props.ts'

/** Language and theme: one form, each button a choice, kept in a cookie by POST /preferences. */
export function Preferences(props: PageProps) {
  const { t } = props
  return (
    <PreferencesForm {...props}>
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
      <ThemeChoice {...props} />
    </PreferencesForm>
  )
}

/** The look alone: on the public web each language has its own address. */
export function ThemePreference(props: PageProps) {
  return (
    <PreferencesForm {...props}>
      <ThemeChoice {...props} />
    </PreferencesForm>
  )
}

function PreferencesForm({ path, csrf, children }: PageProps) {
  return (
    <form action="/preferences" method="post" class="preferences" data-turbo="false" data-preferences="">
      {csrf && <input type="hidden" name="_csrf" value={csrf} />}
      <input type="hidden" name="back" value={path} />
      {children}
    </form>
  )
}

function ThemeChoice({ t, theme = 'auto' }: PageProps) {
  return (
    <fieldset>
      <legend>{t('ui.theme.label')}</legend>
      {themes.map((choice) => (
        <button key={choice} type="submit" name="theme" value={choice} aria-pressed={choice === theme}>
          {t(`ui.theme.${choice}`)}
        </button>
      ))}
    </fieldset>
  )
}

export const languageNames = { cs: 'Čeština', en: 'English' } as const
