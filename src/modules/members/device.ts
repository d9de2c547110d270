import type { T } from '../../platform/i18n.ts'

/** In this order: most programs also claim to be those further down. */
const browsers = [
  [/\bEdg(e|A|iOS)?\//, 'Edge'],
  [/\b(OPR|Opera)\//, 'Opera'],
  [/\b(Firefox|FxiOS)\//, 'Firefox'],
  [/\b(Chrome|CriOS|Chromium|HeadlessChrome)\//, 'Chrome'],
  [/\bSafari\//, 'Safari'],
  [/^curl\//, 'curl'],
] as const

const systems = [
  [/\b(iPhone|iPad)\b/, 'iOS'],
  [/\bAndroid\b/, 'Android'],
  [/\bWindows\b/, 'Windows'],
  [/\bMac OS X\b/, 'macOS'],
  [/\bCrOS\b/, 'ChromeOS'],
  [/\bLinux\b/, 'Linux'],
] as const

/** "Firefox on Windows" out of what the browser says of itself; it need not be true. */
export function deviceOf(agent: string | null, t: T): string {
  const browser = browsers.find(([sign]) => sign.test(agent ?? ''))?.[1]
  const system = systems.find(([sign]) => sign.test(agent ?? ''))?.[1]
  if (browser && system) return t('members.account.sessions.on', { browser, system })
  return browser ?? system ?? t('members.account.sessions.unknown')
}
