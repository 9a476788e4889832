import { describeHypothesis } from '../harness/vitest/index.ts'
import { meanTrajectory } from './hypotheses/mean-trajectory.ts'
import { regression } from './regression/settings.ts'

describeHypothesis(meanTrajectory, regression)
