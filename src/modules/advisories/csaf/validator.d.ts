// The library brings no types of its own.
declare module '@secvisogram/csaf-validator-lib/schemaTests.js' {
  export function csaf_2_0(document: unknown): unknown
}
declare module '@secvisogram/csaf-validator-lib/mandatoryTests.js' {
  const tests: Record<string, (document: unknown) => unknown>
  export = tests
}
