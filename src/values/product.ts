/** Names of software and devices, as their owner or an advisory wrote them. */

export interface ProductName {
  vendor: string
  product: string
  /** As written: "2.3", "XP SP3"; null when not known. */
  version: string | null
  /** CPE 2.3 formatted string. */
  cpe: string | null
  /** Package URL. */
  purl: string | null
}

/** What an advisory says is affected. */
export interface AffectedProduct {
  vendor: string
  product: string
  /** As written: "<2.3", "vers:generic/<2.3", "2.1", "all versions"; empty where nothing was said. */
  versions: string
  cpe: string | null
  purl: string | null
}
