/** What should happen: theories of SGD's limiting dynamics as pure functions. */
export type { Hyperparameters, ModeSpectrum, PhasePoint } from '../foundation/phase-space.ts'
export {
  type RegressionProblem,
  regressionProblem,
  spectrumAtMinimum,
  spectrumOf,
} from '../foundation/regression-problem.ts'
export { batchGradientCumulants, type GradientCumulants } from './batch-gradient-cumulants.ts'
export { type CatalogueEntry, catalogue, type Evidence } from './catalogue.ts'
export { discreteLaw, discreteTheory } from './discrete.ts'
export { meanLimit } from './discrete-mode.ts'
export { displacementByEquation19, displacementByEquation19At, equation19, equation19AsPrinted } from './equation-19.ts'
export { type Erratum, errata, erratumRows } from './errata/index.ts'
export { type ExpectedAmplitude, expectedAmplitude, expectedMeanFrequency } from './expected-amplitude.ts'
export { predictedExponent } from './exponent.ts'
export { type InterpolationDecay, interpolationDecay } from './interpolation-decay.ts'
export { langevinLaw, langevinTheory } from './langevin.ts'
export { meanSquareLimit } from './mean-square-limit.ts'
export { type MiniBatchMoments, miniBatchMoments, miniBatchTheory } from './mini-batch.ts'
export { followMiniBatch, type MiniBatchTransient, miniBatchTransient } from './mini-batch-transient.ts'
export { isotropy, type ModifiedLoss, modifiedLoss, phaseMatrix } from './modified-loss.ts'
export * as ornsteinUhlenbeck from './ornstein-uhlenbeck/index.ts'
export { dampingRatio, type Regime, regimeOf } from './oscillator.ts'
export { amplitudeWeightedFrequency, expectedPeriodogram } from './periodogram.ts'
export { revival, totalVelocityCorrelation } from './recurrence.ts'
export { answer, type PredictionAnswer, type PredictionRequest } from './request.ts'
export { ballisticTheory, brownianTheory } from './rivals/brownian.ts'
export { firstOrderTheory } from './rivals/first-order.ts'
export { gradientFlowTheory } from './rivals/gradient-flow.ts'
export { heavyTailedTheory, sampleVarianceGrowth } from './rivals/heavy-tailed.ts'
export { interpolationTheory } from './rivals/interpolation.ts'
export { linearScalingTheory } from './rivals/linear-scaling.ts'
export { liuZiyinUedaTheory } from './rivals/liu-ziyin-ueda.ts'
export { noMomentumTheory } from './rivals/no-momentum.ts'
export { originalLossTheory } from './rivals/original-loss.ts'
export { ultraSlowTheory } from './rivals/ultra-slow.ts'
export {
  discreteRotation,
  discreteRotationReversal,
  langevinRotation,
  langevinRotationReversal,
  rotationOf,
} from './rotation.ts'
export { shuffledEpochsTheory } from './shuffled-epochs.ts'
export {
  shuffledTwoTimeExcess,
  shuffledTwoTimeFromStart,
  shuffledTwoTimeStationary,
} from './shuffled-epochs-two-time.ts'
export { positionPeak, spectralDensity } from './spectral-density.ts'
export { displacementOfManyModes, sumOverSpectrum } from './spectrum-compression.ts'
export { stationaryCurrent } from './stationary-current.ts'
export { projectionVariance, radiusProbability, whitenedDirection } from './stationary-distribution.ts'
export { samplingDistance, type TeacherCovariance, teacherGradientCovariance } from './teacher-gradient-covariance.ts'
export {
  type PhaseBlocks,
  type Predictions,
  predictionsOf,
  type SecondOrderLaw,
  type Start,
  type Theory,
} from './theory.ts'
export { type NoiseCumulants, type TimeAsymmetry, timeAsymmetry } from './time-asymmetry.ts'
export { twoTimeCovariance } from './two-time-covariance.ts'
export { type Virial, virialFromStart, virialOf, type WindowVirial } from './virial.ts'
export { type Moment, meanErrorRatio, moments, type WeakOrder, type WeakOrderSetting, weakOrder } from './weak-order.ts'
export { discreteZeroCrossing, langevinZeroCrossing } from './zero-crossing.ts'
