/** Why a deed is done, as whoever does it says. */
import { Invalid } from '../../platform/errors.ts'

const longest = 1_000

/** Without blanks around it. Throws Invalid where nothing is said, too much, or what PostgreSQL cannot keep. */
export function reasonOf(text: string): string {
  const reason = text.trim()
  if (reason === '' || reason.length > longest || reason.includes('\0'))
    throw new Invalid(`Say why, in at most ${longest} letters.`, { reason: 'reason' })
  return reason
}
