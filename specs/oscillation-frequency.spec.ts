import { describeHypothesis } from '../harness/vitest/index.ts'
import { oscillationFrequency } from './hypotheses/oscillation-frequency.ts'
import { spectra } from './regression/spectrum-settings.ts'

describeHypothesis(oscillationFrequency, spectra)
