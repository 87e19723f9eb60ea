export interface Counts {
  readonly passed: number
  readonly failed: number
  readonly skipped: number
}

export interface Result extends Counts {
  readonly title: string
  readonly seconds?: number
  readonly failures?: readonly { readonly where: string; readonly text: string }[]
}

export declare function closingLines(results: readonly Result[]): {
  readonly total: Counts
  readonly lines: string[]
}
