import type { T } from '../../../platform/i18n.ts'
import type { LineError } from '../import/types.ts'

/** Faults or remarks of a file, each with its line and the part that it is about. */
export function FaultList({ t, faults }: { t: T; faults: LineError[] }) {
  return (
    <ul>
      {faults.map((one) => (
        <li key={`${one.line} ${one.problem} ${one.value}`}>
          {one.line > 0 && `${t('lists.line', { n: String(one.line) })}: `}
          {one.value !== '' && <q>{one.value}</q>} {one.problem}
        </li>
      ))}
    </ul>
  )
}
