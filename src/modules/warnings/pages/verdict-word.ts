const words = ['unknown', 'dropped', 'passed', 'partial'] as const

/** Name of a verdict's number, as in the events' columns. */
export const verdictWord = (verdict: number): (typeof words)[number] => words[verdict] ?? 'unknown'
