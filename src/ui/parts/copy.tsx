import type { T } from '../../platform/i18n.ts'

/** Copies a text by script; without script the button stays hidden and the text can be selected. */
export function CopyButton({ t, text, label }: { t: T; text: string; label?: string }) {
  return (
    <button
      type="button"
      class="copy"
      data-copy={text}
      data-copied={t('ui.copy.copied')}
      aria-label={label ?? t('ui.copy.what', { text: text.length > 60 ? `${text.slice(0, 60)}…` : text })}
      hidden
    >
      {t('ui.copy.copy')}
    </button>
  )
}

/** An address, hash or name in the monospaced face, breakable anywhere, with a copy button beside it. */
export function Code({ t, text, href, copy = false }: { t: T; text: string; href?: string; copy?: boolean }) {
  const code = <code class="address">{text}</code>
  return (
    <span class="code-line">
      {href ? <a href={href}>{code}</a> : code}
      {copy && <CopyButton t={t} text={text} />}
    </span>
  )
}

/** A command or configuration of several lines to be pasted elsewhere. */
export function CodeBlock({ t, text, label }: { t: T; text: string; label: string }) {
  return (
    <figure class="code-block">
      <figcaption>
        {label} <CopyButton t={t} text={text} label={`${t('ui.copy.copy')}: ${label}`} />
      </figcaption>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex lint/a11y/useSemanticElements: what scrolls must be reachable by keyboard, and is no landmark */}
      <div class="code-scroll" tabIndex={0} role="group" aria-label={label}>
        <pre>
          <code>{text}</code>
        </pre>
      </div>
    </figure>
  )
}
