import { describeHypothesis } from '../harness/vitest/index.ts'
import { shuffledEpochs } from './hypotheses/shuffled-epochs.ts'
import { suiteOf } from './regression/settings.ts'

describeHypothesis(shuffledEpochs, suiteOf(['shuffled epochs, frozen noise']))
