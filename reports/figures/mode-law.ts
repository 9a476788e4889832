import type { Spread } from './rings.ts'

/** What a run is made with, as every report has it. */
export interface RunHyperparameters {
  readonly learningRate: number
  readonly momentum: number
  readonly weightDecay: number
  readonly batchSize: number
}

export interface Normal {
  readonly mean: number
  readonly standardDeviation: number
}

/** One mode's stationary position and velocity, independent of each other. */
export interface ModeLaw {
  readonly position: Normal
  readonly velocity: Normal
}

/**
 * The law e^{−κΨ} of one mode, eqs. 15 and 52: positions with variance ησ²ρ/2S(1−β)(ρ+λ), velocities about 0 with
 * σ²ρ/S(1−β²).
 *
 * @param eigenvalue ρ > 0
 * @param noiseVariance σ²
 * @param mean of the positions
 */
export function modeLaw(
  { learningRate, momentum, weightDecay, batchSize }: RunHyperparameters,
  eigenvalue: number,
  noiseVariance: number,
  mean: number,
): ModeLaw {
  const position =
    (learningRate * noiseVariance * eigenvalue) / (2 * batchSize * (1 - momentum) * (eigenvalue + weightDecay))
  const velocity = (noiseVariance * eigenvalue) / (batchSize * (1 - momentum ** 2))
  return {
    position: { mean, standardDeviation: Math.sqrt(position) },
    velocity: { mean: 0, standardDeviation: Math.sqrt(velocity) },
  }
}

/** The law of two independent coordinates. */
export function spreadOf(x: Normal, y: Normal): Spread {
  return { center: [x.mean, y.mean], standardDeviations: [x.standardDeviation, y.standardDeviation] }
}

/** Steps of one turn of discrete SGD: 2π over the angle of the roots of z² − (1+β−ηh)z + β, where they are complex. */
export function stepsPerTurn(
  { learningRate, momentum, weightDecay }: Pick<RunHyperparameters, 'learningRate' | 'momentum' | 'weightDecay'>,
  eigenvalue: number,
): number | undefined {
  const middle = (1 + momentum - learningRate * (eigenvalue + weightDecay)) / 2
  return middle ** 2 < momentum ? (2 * Math.PI) / Math.acos(middle / Math.sqrt(momentum)) : undefined
}
