/**
 * A letter: what a mail says, once, from which its plain text and its HTML are made alike. No images, no remote parts,
 * no scripts; links lead to our own host only.
 */
import { renderToString } from 'preact-render-to-string'
import type { Lang, T } from '../../platform/i18n.ts'
import { oneLine } from '../../platform/mail.ts'

export type Block =
  | { kind: 'paragraph'; text: string }
  | { kind: 'heading'; text: string }
  | { kind: 'steps'; items: string[] }
  | { kind: 'items'; items: Item[] }
  | { kind: 'button'; label: string; href: string }
  /** Links in one line; plain text has `href`, where all of them are offered. */
  | { kind: 'choices'; label: string; href: string; choices: { label: string; href: string }[] }
  | { kind: 'small'; lines: (string | { label: string; href: string })[] }

export interface Item {
  title: string
  /** Beneath the title, one line each. */
  lines: string[]
  href: string
}

export interface Letter {
  lang: Lang
  subject: string
  /** Told apart by mail programs and people: new, update, relapse, digest, sensor, exercise, ladder, account. */
  kind: string
  /** First line: the TLP label; null for mails about an account. */
  label: string | null
  /** Banner of an exercise. */
  banner: string | null
  /** Second line: the answer, in one sentence. */
  answer: string
  blocks: Block[]
  /** Severity 1 to 4; below 3 the reader may leave single mails with one click. Null where nothing can be left. */
  leave: 'singles' | 'digest' | null
}

export interface Body {
  text: string
  html: string
}

export const composed = (letter: Letter): Body => ({ text: textOf(letter), html: htmlOf(letter) })

export const exerciseMark = 'CVIČENÍ / EXERCISE'

/** `[TLP:AMBER] HSOC-D-2026-000123 title`, with the mark of an exercise before it. */
export const subjectLine = (parts: { exercise: boolean; tlp: string | null; text: string }): string =>
  oneLine(
    [parts.exercise && exerciseMark, parts.tlp && `[TLP:${parts.tlp}]`, parts.text].filter(Boolean).join(' '),
    180,
  )

/** The label with its meaning, as the first line of every mail with content. */
export const labelLine = (tlp: string, t: T): string =>
  `TLP:${tlp} – ${t(`ui.tlp.${tlp.toLowerCase().replace('+', '-')}`)}`

function textOf(letter: Letter): string {
  const head = [letter.label, letter.answer, letter.banner].filter((line) => line !== null)
  return `${[head.join('\n'), ...letter.blocks.map(blockText)].join('\n\n')}\n`
}

function blockText(block: Block): string {
  switch (block.kind) {
    case 'paragraph':
      return block.text
    case 'heading':
      return `${block.text}\n${'-'.repeat(Math.min(72, block.text.length))}`
    case 'steps':
      return block.items.map((item, i) => `${i + 1}. ${item}`).join('\n')
    case 'items':
      return block.items
        .map((i) => [`* ${i.title}`, ...i.lines.map((l) => `  ${l}`), `  ${i.href}`].join('\n'))
        .join('\n\n')
    case 'button':
      return `${block.label}:\n${block.href}`
    case 'choices':
      return `${block.label} (${block.choices.map((c) => c.label).join(', ')}):\n${block.href}`
    case 'small':
      return ['-- ', ...block.lines.map((l) => (typeof l === 'string' ? l : `${l.label}: ${l.href}`))].join(
        '\n',
      )
  }
}

// Mail programs drop style sheets, so each element carries its own look.
const look = {
  body: 'margin:0;background:#f7f5f0;color:#16232b;font:16px/1.5 system-ui,sans-serif',
  sheet: 'max-width:640px;margin:0 auto;padding:20px 16px',
  label: 'margin:0 0 4px;font-weight:700',
  answer: 'margin:0 0 16px;font-size:20px;line-height:1.35;font-weight:700',
  banner: 'margin:0 0 16px;padding:8px 12px;border:3px solid #16232b;font-weight:700',
  heading: 'margin:20px 0 6px;font-size:16px',
  button:
    'display:inline-block;padding:12px 18px;background:#0b5f5a;color:#fff;text-decoration:none;border-radius:4px',
  link: 'color:#0b5f5a',
  small: 'margin:24px 0 0;padding-top:12px;border-top:1px solid #c9c4b8;font-size:13px;color:#48545b',
}

function htmlOf(letter: Letter): string {
  const page = (
    <html lang={letter.lang}>
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>{letter.subject}</title>
      </head>
      <body style={look.body}>
        <div style={look.sheet}>
          {letter.label && <p style={look.label}>{letter.label}</p>}
          <p style={look.answer}>{letter.answer}</p>
          {letter.banner && <p style={look.banner}>{letter.banner}</p>}
          {letter.blocks.map((block) => (
            <BlockHtml block={block} />
          ))}
        </div>
      </body>
    </html>
  )
  return `<!doctype html>${renderToString(page)}`
}

function BlockHtml({ block }: { block: Block }) {
  switch (block.kind) {
    case 'paragraph':
      return <p>{block.text}</p>
    case 'heading':
      return <h2 style={look.heading}>{block.text}</h2>
    case 'steps':
      return (
        <ol>
          {block.items.map((item) => (
            <li>{item}</li>
          ))}
        </ol>
      )
    case 'items':
      return (
        <ul>
          {block.items.map((item) => (
            <ItemHtml item={item} />
          ))}
        </ul>
      )
    case 'button':
      return (
        <p>
          <a href={block.href} style={look.button}>
            {block.label}
          </a>
        </p>
      )
    case 'choices':
      return (
        <p>
          {block.label}: <Links links={block.choices} />
        </p>
      )
    case 'small':
      return (
        <div style={look.small}>
          {block.lines.map((line) => (
            <p style="margin:0 0 4px">{typeof line === 'string' ? line : <Links links={[line]} />}</p>
          ))}
        </div>
      )
  }
}

function ItemHtml({ item }: { item: Item }) {
  return (
    <li style="margin-bottom:10px">
      <a href={item.href} style={look.link}>
        {item.title}
      </a>
      {item.lines.map((line) => (
        <div>{line}</div>
      ))}
    </li>
  )
}

function Links({ links }: { links: { label: string; href: string }[] }) {
  return (
    <>
      {links.map((link, i) => (
        <>
          {i > 0 && ' · '}
          <a href={link.href} style={look.link}>
            {link.label}
          </a>
        </>
      ))}
    </>
  )
}
