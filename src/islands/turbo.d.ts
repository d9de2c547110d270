/** The few names of Turbo we use; the package brings no types. */
declare module '@hotwired/turbo' {
  export const config: { drive: { progressBarDelay: number } }
  export function visit(location: string | URL, options?: { action?: 'advance' | 'replace' }): void
}
