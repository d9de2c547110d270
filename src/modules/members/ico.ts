/** Identification numbers of Czech organisations (IČO). */

/** Eight digits, with the leading zeros that spreadsheets lose; null when the text is no such number at all. */
export function readIco(text: string): string | null {
  const digits = text.replace(/\s/g, '')
  return /^\d{3,8}$/.test(digits) ? digits.padStart(8, '0') : null
}

/**
 * Whether the last digit is the one that the first seven give: weights 8 to 2, modulo 11 (decree 111/1991 Coll. and after).
 * Public lists hold wrong ones, so a no is something to look at, never a reason to refuse.
 */
export function hasRightCheckDigit(ico: string): boolean {
  const sum = [...ico.slice(0, 7)].reduce((total, digit, index) => total + Number(digit) * (8 - index), 0)
  return Number(ico[7]) === (11 - (sum % 11)) % 10
}
