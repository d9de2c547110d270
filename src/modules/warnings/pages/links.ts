/** Addresses of pages that stand behind a fact of a warning. */
export const sourceHref = (text: string): string => `/sources/${encodeURIComponent(text)}`
export const episodeHref = (id: number): string => `/episodes/${id}`
export const eventHref = (row: { batch: number; idx: number }): string => `/events/${row.batch}/${row.idx}`
export const sensorHref = (id: number): string => `/sensors/${id}`
