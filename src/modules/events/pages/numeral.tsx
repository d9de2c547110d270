/** A numeral with its noun. */
import { Figure } from '../../../ui/index.ts'

/** A numeral with its noun; the exact number on hover. */
export function Numeral({
  href,
  text,
  exact,
  word,
}: {
  href?: string
  text: string
  exact: string
  word: string
}) {
  return (
    <>
      <Figure href={href} title={exact}>
        {text}
      </Figure>{' '}
      {word}
    </>
  )
}
