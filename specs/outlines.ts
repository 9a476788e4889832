import { type HypothesisOutline, outlineOf } from '../harness/outline.ts'
import { batchNormalities } from './batch-normality/suite.ts'
import { errataSuite } from './errata/suite.ts'
import { gradientCovariances } from './gradient-covariance/suite.ts'
import { anomalousExponent } from './hypotheses/anomalous-exponent.ts'
import { batchNormality } from './hypotheses/batch-normality.ts'
import { constantSpeed } from './hypotheses/constant-speed.ts'
import { detailedBalance } from './hypotheses/detailed-balance.ts'
import { driftDecomposition } from './hypotheses/drift-decomposition.ts'
import { energyBalance } from './hypotheses/energy-balance.ts'
import { equipartition } from './hypotheses/equipartition.ts'
import { errata } from './hypotheses/errata.ts'
import { figure3 } from './hypotheses/figure-3.ts'
import { freeEnergy } from './hypotheses/free-energy.ts'
import { globalDisplacement } from './hypotheses/global-displacement.ts'
import { gradientCovariance } from './hypotheses/gradient-covariance.ts'
import { hyperparameters } from './hypotheses/hyperparameters.ts'
import { interpolation } from './hypotheses/interpolation.ts'
import { isotropy } from './hypotheses/isotropy.ts'
import { jko } from './hypotheses/jko.ts'
import { meanTrajectory } from './hypotheses/mean-trajectory.ts'
import { modifiedLoss } from './hypotheses/modified-loss.ts'
import { oneHotOutputs } from './hypotheses/one-hot-outputs.ts'
import { oscillationFrequency } from './hypotheses/oscillation-frequency.ts'
import { pooledEnergies } from './hypotheses/pooled-energies.ts'
import { recurrence } from './hypotheses/recurrence.ts'
import { rotation } from './hypotheses/rotation.ts'
import { shuffledEpochs } from './hypotheses/shuffled-epochs.ts'
import { singleModes } from './hypotheses/single-modes.ts'
import { stationaryLaw } from './hypotheses/stationary-law.ts'
import { timeReversal } from './hypotheses/time-reversal.ts'
import { transientCovariance } from './hypotheses/transient-covariance.ts'
import { twoTimeCovariance } from './hypotheses/two-time-covariance.ts'
import { velocityCorrelation } from './hypotheses/velocity-correlation.ts'
import { velocityShape } from './hypotheses/velocity-shape.ts'
import { virial } from './hypotheses/virial.ts'
import { weakOrder } from './hypotheses/weak-order.ts'
import { interpolations } from './interpolation/suite.ts'
import { outputsSuite } from './one-hot-outputs/suite.ts'
import { decompositions } from './ornstein-uhlenbeck/decompositions.ts'
import { balanced } from './ornstein-uhlenbeck/detailed-balance.ts'
import { figure3Suite } from './ornstein-uhlenbeck/figure-3.ts'
import { freeEnergies } from './ornstein-uhlenbeck/free-energies.ts'
import { proximalSteps } from './ornstein-uhlenbeck/proximal-steps.ts'
import { recurrences } from './recurrence/suite.ts'
import { diffusion } from './regression/diffusion-settings.ts'
import { everyMode } from './regression/mode-settings.ts'
import { pooledSuite, regression, singleModeSuite, suiteOf } from './regression/settings.ts'
import { spectra } from './regression/spectrum-settings.ts'
import { stationaryPairs } from './regression/stationary-pair-settings.ts'
import { sweep } from './regression/sweep-settings.ts'
import { transients } from './regression/transient-settings.ts'
import { twoTimes } from './regression/two-time-settings.ts'
import { velocitySuite } from './regression/velocity-settings.ts'
import { virialSuite } from './regression/virial-settings.ts'
import { stationaryLaws } from './stationary-law/suite.ts'
import { timeReversals } from './time-reversal/suite.ts'
import { weakOrders } from './weak-order/suite.ts'

/** Every hypothesis of the specs with its settings. A new one is added here, and `npm run new:spec` does. */
export const outlines: readonly HypothesisOutline[] = [
  outlineOf(anomalousExponent, diffusion),
  outlineOf(batchNormality, batchNormalities),
  outlineOf(constantSpeed, pooledSuite),
  outlineOf(detailedBalance, balanced),
  outlineOf(driftDecomposition, decompositions),
  outlineOf(energyBalance, everyMode),
  outlineOf(equipartition, regression),
  outlineOf(errata, errataSuite),
  outlineOf(figure3, figure3Suite),
  outlineOf(freeEnergy, freeEnergies),
  outlineOf(globalDisplacement, regression),
  outlineOf(gradientCovariance, gradientCovariances),
  outlineOf(hyperparameters, sweep),
  outlineOf(interpolation, interpolations),
  outlineOf(isotropy, regression),
  outlineOf(jko, proximalSteps),
  outlineOf(meanTrajectory, regression),
  outlineOf(modifiedLoss, everyMode),
  outlineOf(oneHotOutputs, outputsSuite),
  outlineOf(oscillationFrequency, spectra),
  outlineOf(pooledEnergies, pooledSuite),
  outlineOf(recurrence, recurrences),
  outlineOf(rotation, twoTimes),
  outlineOf(shuffledEpochs, suiteOf(['shuffled epochs, frozen noise'])),
  outlineOf(singleModes, singleModeSuite),
  outlineOf(stationaryLaw, stationaryLaws),
  outlineOf(timeReversal, timeReversals),
  outlineOf(transientCovariance, transients),
  outlineOf(twoTimeCovariance, stationaryPairs),
  outlineOf(velocityCorrelation, velocitySuite),
  outlineOf(velocityShape, everyMode),
  outlineOf(virial, virialSuite),
  outlineOf(weakOrder, weakOrders),
]
