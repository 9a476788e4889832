import { describeHypothesis } from '../harness/vitest/index.ts'
import { recurrence } from './hypotheses/recurrence.ts'
import { recurrences } from './recurrence/suite.ts'

describeHypothesis(recurrence, recurrences)
