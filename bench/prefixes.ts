/** Address ranges of the benchmark's register: well-formed by construction, so reading one never answers null. */
import * as address from '../src/values/address.ts'

export type Net = address.Net

export function parseNet(text: string): Net {
  const net = address.parseNet(text)
  if (!net) throw new Error(`${text} is no prefix`)
  return net
}

export const isInside = (inner: Net, outer: Net): boolean =>
  inner.v === outer.v && inner.lo >= outer.lo && inner.hi <= outer.hi
