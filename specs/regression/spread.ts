import { logSpread, type Spread } from '../../harness/spread.ts'
import { quadraticSpread } from '../../oracle/quadratic-spread.ts'
import type { Predictions } from '../../oracle/theory.ts'
import type { RegressionSetting, StationarySetting } from './setting.ts'

/** What the setting's reference theory predicts. */
export function referenceOf(setting: StationarySetting): Partial<Predictions> {
  return setting.theories.find(({ name }) => name === setting.reference)!.predictions
}

/** Spread of a time average over steps of Σ_l e_l-weighted squares. */
export function stationarySpread(
  setting: StationarySetting,
  contributions: Float64Array,
  correlationSteps: Float64Array,
): Spread {
  const { variance, thirdCumulant } = quadraticSpread(
    { contributions, correlationBlocks: correlationSteps, blockSteps: 1 },
    setting.noise,
  )
  return logSpread(variance, thirdCumulant)
}

/**
 * Spread of a time average over windows of `lag` steps that start `cycle` steps apart, counted per step. Displacements j
 * windows apart correlate as r_j = [D(jc+t) + D(jc−t) − 2D(jc)]/(2D(t)), D the displacement curve.
 */
export function windowSpread(
  setting: RegressionSetting,
  contributions: Float64Array,
  lag: number,
  cycle: number,
): Spread {
  const D = (steps: number): number => referenceOf(setting).globalDisplacement!('stationary', [steps])[0]!
  let correlated = 1
  for (let j = 1; j <= 4; j++) {
    const apart = j * cycle
    correlated += 2 * ((D(apart + lag) + D(apart - lag) - 2 * D(apart)) / (2 * D(lag))) ** 2
  }
  const { variance, thirdCumulant } = quadraticSpread(
    { contributions, correlationBlocks: new Float64Array(contributions.length).fill(correlated), blockSteps: lag },
    setting.noise,
  )
  return logSpread(variance * cycle, thirdCumulant * cycle ** 2)
}
