/** Traffic Light Protocol 2.0 (FIRST), narrow to wide; labels are never translated. */
export const tlps = ['RED', 'AMBER+STRICT', 'AMBER', 'GREEN', 'CLEAR'] as const
export type Tlp = (typeof tlps)[number]

/** Reads a label as found in the wild (any case, with or without `TLP:`, WHITE of version 1); null when unknown. */
export function parseTlp(text: string): Tlp | null {
  const plain = text
    .trim()
    .toUpperCase()
    .replace(/^TLP\s*:\s*/, '')
    .replace(/\s+/g, '+')
  if (plain === 'WHITE') return 'CLEAR'
  return tlps.find((tlp) => tlp === plain) ?? null
}
