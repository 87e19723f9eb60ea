export { createAggregations } from './aggregations.ts'
export type { Aggregate, Aggregations } from './types.ts'
