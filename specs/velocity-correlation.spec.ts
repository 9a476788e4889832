import { describeHypothesis } from '../harness/vitest/index.ts'
import { velocityCorrelation } from './hypotheses/velocity-correlation.ts'
import { velocitySuite } from './regression/velocity-settings.ts'

describeHypothesis(velocityCorrelation, velocitySuite)
