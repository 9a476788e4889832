import { standardNormal } from '../foundation/random/normal.ts'
import { streamOf } from '../foundation/random/xoshiro128.ts'
import type { RegressionProblem } from '../foundation/regression-problem.ts'

/** Sizes of a synthetic regression problem. */
export interface ProblemSizes {
  /** N, greater than modeCount. */
  readonly exampleCount: number
  /** d ≥ 1. */
  readonly modeCount: number
  readonly outputCount: number
  /** λ, curvature. */
  readonly weightDecay: number
}

/**
 * A dense regression problem of any size whose Hessian is diagonal by construction, so that a thousand modes need no
 * eigenvalue decomposition: column l of the features is √(2ρ_l) times the cosine of l+1 half waves over the examples
 * (DCT-II, orthogonal columns), with ρ_l = 1/(l+1).
 *
 * Residuals are standard normal but for their mean with the features, which is made −λμ as at a ridge solution; μ is
 * standard normal. The same sizes give the same bytes on one machine.
 */
export function orthogonalProblem(sizes: ProblemSizes): RegressionProblem {
  const { exampleCount, modeCount, outputCount, weightDecay } = sizes
  if (!(exampleCount > modeCount)) {
    throw new RangeError(`orthogonalProblem: exampleCount must be above the ${modeCount} modes, got ${exampleCount}`)
  }
  const state = streamOf(problemSeed, 0)
  const eigenvalues = Float64Array.from({ length: modeCount }, (_, l) => 1 / (l + 1))

  const features = new Float64Array(exampleCount * modeCount) // [example, mode]
  for (let i = 0; i < exampleCount; i++) {
    for (let l = 0; l < modeCount; l++) {
      features[i * modeCount + l] =
        Math.sqrt(2 * eigenvalues[l]!) * Math.cos((Math.PI * (i + 0.5) * (l + 1)) / exampleCount)
    }
  }

  const minimum = Float64Array.from({ length: modeCount * outputCount }, () => standardNormal(state)) // [mode, output]
  const residuals = Float64Array.from({ length: exampleCount * outputCount }, () => standardNormal(state)) // [example, output]
  const surplus = minimum.map((value) => weightDecay * value) // mean of x_il r_io, plus λμ_lo // [mode, output]
  addProducts(sizes, (i, o, l, lo) => {
    surplus[lo]! += (features[i * modeCount + l]! * residuals[i * outputCount + o]!) / exampleCount
  })
  addProducts(sizes, (i, o, l, lo) => {
    residuals[i * outputCount + o]! -= (surplus[lo]! * features[i * modeCount + l]!) / eigenvalues[l]!
  })

  const residualCovariance = new Float64Array(outputCount * outputCount)
  let noiseVariance = 0
  for (let o = 0; o < outputCount; o++) {
    for (let p = 0; p < outputCount; p++) {
      let sum = 0
      for (let i = 0; i < exampleCount; i++) sum += residuals[i * outputCount + o]! * residuals[i * outputCount + p]!
      residualCovariance[o * outputCount + p] = sum / exampleCount
    }
    noiseVariance += residualCovariance[o * outputCount + o]!
  }
  const eigenvectors = new Float64Array(modeCount * modeCount)
  for (let l = 0; l < modeCount; l++) eigenvectors[l * modeCount + l] = 1
  return {
    exampleCount,
    modeCount,
    outputCount,
    nullModeCount: 0,
    weightDecay,
    eigenvalues,
    eigenvectors,
    features,
    residuals,
    minimum,
    residualCovariance,
    noiseVariance,
  }
}

const problemSeed = 1

/** Visits every example, output and mode; `lo` is the place in [mode, output]. */
function addProducts(sizes: ProblemSizes, add: (i: number, o: number, l: number, lo: number) => void): void {
  const { exampleCount, modeCount, outputCount } = sizes
  for (let i = 0; i < exampleCount; i++) {
    for (let o = 0; o < outputCount; o++) {
      for (let l = 0; l < modeCount; l++) add(i, o, l, l * outputCount + o)
    }
  }
}
