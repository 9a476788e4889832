import { describeHypothesis } from '../harness/vitest/index.ts'
import { anomalousExponent } from './hypotheses/anomalous-exponent.ts'
import { diffusion } from './regression/diffusion-settings.ts'

describeHypothesis(anomalousExponent, diffusion)
