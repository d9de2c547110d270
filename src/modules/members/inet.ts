import type { Net } from '../../values/address.ts'

const v4 = (n: number): string => [24, 16, 8, 0].map((shift) => (n >>> shift) & 255).join('.')
const v6 = (n: bigint): string =>
  n
    .toString(16)
    .padStart(32, '0')
    .replace(/(.{4})(?!$)/g, '$1:')

/** First and last address of a range as text that PostgreSQL reads as inet. */
export function bounds(net: Net): [from: string, to: string] {
  return net.v === 4 ? [v4(net.lo), v4(net.hi)] : [v6(net.lo), v6(net.hi)]
}
