/** The harness in vitest: the only place that knows the test runner. Importing it adds `toAgreeWith` to `expect`. */
import './to-agree-with.ts'

export { describeHypothesis } from './describe-hypothesis.ts'
export { seedFor, specBudget, specSeed } from './environment.ts'
export { type VerdictReporterOptions, verdictReporter } from './reporter.ts'
export { leaveRecord } from './spec-record.ts'
export type { AgreementMatchers } from './to-agree-with.ts'
