/** Hypotheses as values, planned and judged. Knows no test runner; for vitest see `sgd-oracle/vitest`. */
export { estimateLongRun, type Series } from './batch-means.ts'
export { claimOf } from './claim.ts'
export { type Batches, type Estimate, estimateRatio, type ReplicaValue, type Scale } from './estimate.ts'
export type { Holding, Reading } from './evidence/index.ts'
export type { Corruption, Experiment, Hypothesis, Mutant, NamedTheory, Setting, Suite, TheoryOf } from './hypothesis.ts'
export { estimateFunction } from './jackknife.ts'
export { type JudgedClaim, type Judgement, type JudgeOptions, judge, judgeAgain } from './judge.ts'
export { type Ledger, ledgerFor, type Spent, spentAtLook } from './ledger.ts'
export { type PlantedBug, plantBug } from './mutation.ts'
export { type HypothesisOutline, outlineOf } from './outline.ts'
export { type PlannedClaim, type PlannedComparison, planClaims } from './plan.ts'
export type {
  Coordinate,
  CoordinatesQuantity,
  DistributionQuantity,
  ExactQuantity,
  FunctionQuantity,
  LongRunQuantity,
  Quantity,
  RatioQuantity,
} from './quantity.ts'
export { remembered } from './remembered.ts'
export { logSpread, type Spread, spreadOfRatio, tailDistortion } from './spread.ts'
export { summaryOf } from './summary.ts'
export { type Interval, marginAround, studentInterval, verdictOf } from './verdict.ts'
