import { dotted, type Net } from './address.ts'

const colons = (n: bigint): string =>
  n
    .toString(16)
    .padStart(32, '0')
    .replace(/(.{4})(?!$)/g, '$1:')

/** First and last address of a range as text that PostgreSQL reads as inet. */
export function bounds(net: Net): [from: string, to: string] {
  return net.v === 4 ? [dotted(net.lo), dotted(net.hi)] : [colons(net.lo), colons(net.hi)]
}
