import { symmetricEigen } from '../../foundation/linear-algebra/symmetric-eigen.ts'
import { DivergedError, type ModeSpectrum } from '../../foundation/phase-space.ts'
import { fitPowerLaw } from '../../foundation/power-law.ts'
import type { RegressionProblem } from '../../foundation/regression-problem.ts'
import type { SingleRun } from '../../foundation/single-run.ts'
import { estimateLongRun } from '../../harness/index.ts'
import { exponentAgainstLength, logSpacedSteps, observeSpectrum, observeTrajectory } from '../../observables/index.ts'
import { discreteLaw } from '../../oracle/discrete.ts'
import { discreteRoots } from '../../oracle/discrete-roots.ts'
import { type ExpectedAmplitude, expectedAmplitude } from '../../oracle/expected-amplitude.ts'
import { langevinLaw } from '../../oracle/langevin.ts'
import { frequencyBands } from '../frequency-bands.ts'
import { exponentScatter } from './exponent-scatter.ts'
import type { RegressionSetting } from './setting.ts'

type Mode = SingleRun['modes'][number]
type Coordinate = 'position' | 'velocity'

/** Short records, many of them: few would scatter too unevenly to tell how much (measured: 1.2 of what is told; of 16, 1.5). */
const recordLength = 256
const recordCount = 64
/** Of the run: 0.1 to 0.5 % of what a verification may sample. */
const steps = recordLength * recordCount
/** A mode that is drawn relaxes this many times within the run, so that it is seen to spread. */
const relaxations = 20
/** Of many; the paper follows 30. */
const followedModes = 24
const pathRows = 360
const turnRows = 240
/** Rows in a turn, or in a relaxation of a mode that does not turn. */
const rowsPerTurn = 16
const blocks = 200
const displacementPoints = 40
const shortestFit = 8
const bands = 40
const scatterDraws = 256
/** Who is asked where sums over all modes are asked for; and the setting's reference. */
const voices = ['langevin', 'equation 19']

/**
 * Follows one stationary run of a setting, and says what theories expect of it: the paper's figures of single runs.
 *
 * @param seed of the run's own stream, integer in [0, 2⁵³ − 1); the next one's draws tell how exponents scatter
 * @returns undefined where the run diverges, or nothing moves
 */
export function singleRun(setting: RegressionSetting, seed: number): SingleRun | undefined {
  const { problem, hyperparameters } = setting
  const output = noisiestOutput(problem)
  const moving = movingModes(setting, output)
  if (moving.length === 0) return undefined
  const chosen = evenly(moving.length, followedModes).map((at) => moving[at]!)
  const drawn = drawnModes(setting, moving)
  const followed = [...new Set([...chosen, ...drawn])].sort((a, b) => a - b)
  const seen = follow(setting, seed, output, followed)
  if (seen === undefined) return undefined

  const spectrum = ofModes(followed, problem.eigenvalues, outputVariances(problem, output))
  const atMinimum = ofModes(followed, problem.eigenvalues, noiseAtMinimum(problem, output))
  const amplitudes = [
    { theory: 'langevin', expected: expectedAmplitude(langevinLaw(spectrum, hyperparameters), recordLength) },
    { theory: 'discrete', expected: expectedAmplitude(discreteLaw(spectrum, hyperparameters), recordLength) },
    {
      theory: 'noise at the minimum',
      expected: expectedAmplitude(discreteLaw(atMinimum, hyperparameters), recordLength),
    },
  ]
  const pathEvery = Math.floor(steps / (pathRows - 1))
  const modes = followed.map((l, at): Mode => {
    const [position, velocity] = [seen.position[at]!, seen.velocity[at]!]
    const isDrawn = drawn.includes(l)
    return {
      mode: l + 1,
      ...oscillationOf(position, velocity, amplitudes, at, isDrawn),
      lossSlope: brief(-problem.weightDecay * problem.minimum[l * problem.outputCount + output]!),
      ...(isDrawn
        ? {
            trajectory: trajectoryOf(setting, l, position, velocity),
            path: {
              position: thinned(position, pathEvery, pathRows),
              velocity: thinned(velocity, pathEvery, pathRows),
            },
          }
        : {}),
    }
  })
  return {
    sampling: setting.sampling,
    steps,
    output: output + 1,
    noiseVariance: problem.residualCovariance[output * (problem.outputCount + 1)]!,
    localDisplacement: localDisplacementOf(setting, seen.local),
    ...displacementOf(setting, seen.global, seed + 1),
    records: { count: recordCount, length: recordLength },
    pathEvery,
    modes,
  }
}

/** What a run was, at steps 0 … n. */
interface Followed {
  /** Of one output. // [mode][step] both */
  readonly position: readonly Float64Array[]
  readonly velocity: readonly Float64Array[]
  /** Over all modes and outputs. // [step] both */
  readonly local: Float64Array
  readonly global: Float64Array
}

function follow(
  { problem, hyperparameters, stationarySource }: RegressionSetting,
  seed: number,
  output: number,
  modes: readonly number[],
): Followed | undefined {
  const series = (): Float64Array[] => modes.map(() => new Float64Array(steps + 1))
  const [position, velocity] = [series(), series()]
  const [local, global] = [new Float64Array(steps + 1), new Float64Array(steps + 1)]
  const { learningRate } = hyperparameters
  const observer = observeTrajectory(
    problem,
    { every: 1, rowCount: steps + 1, modes, learningRate, blockRows: 256 },
    (rows) => {
      local.set(rows.localDisplacement, rows.firstRow)
      global.set(rows.globalDisplacement, rows.firstRow)
      for (let row = 0; row < rows.rowCount; row++) {
        const from = (row * problem.outputCount + output) * modes.length
        for (let at = 0; at < modes.length; at++) {
          position[at]![rows.firstRow + row] = rows.position[from + at]!
          velocity[at]![rows.firstRow + row] = rows.velocity[from + at]!
        }
      }
    },
  )
  try {
    stationarySource(seed).run(0, steps, observer)
  } catch (error) {
    if (error instanceof DivergedError) return undefined
    throw error
  }
  // squares may leave the finite numbers before states do
  return [...local, ...global].every(Number.isFinite) ? { position, velocity, local, global } : undefined
}

function noisiestOutput({ outputCount, residualCovariance }: RegressionProblem): number {
  let best = 0
  for (let o = 1; o < outputCount; o++) {
    if (residualCovariance[o * (outputCount + 1)]! > residualCovariance[best * (outputCount + 1)]!) best = o
  }
  return best
}

/** Modes that have noise in this output, and so a frequency. */
function movingModes({ problem }: RegressionSetting, output: number): number[] {
  const noise = noiseAtMinimum(problem, output)
  return Array.from(noise.keys()).filter((l) => noise[l]! > 0)
}

/** The steepest mode, the flattest that the run sees spread, and the one between. */
function drawnModes({ memory }: RegressionSetting, moving: readonly number[]): number[] {
  const slow = moving.findIndex((l) => memory.relaxationSteps[l]! * relaxations > steps)
  const count = Math.min(moving.length, Math.max(2, slow === -1 ? moving.length : slow))
  return [...new Set([0, Math.floor((count - 1) / 2), count - 1])].map((at) => moving[at]!)
}

/** Assumption 3 in one output: its σ² in every mode. // [mode] */
function outputVariances({ modeCount, outputCount, residualCovariance }: RegressionProblem, output: number) {
  return new Float64Array(modeCount).fill(residualCovariance[output * (outputCount + 1)]!)
}

/** σ²_l of one output as the data have it at the minimum, (mean of (q_lᵀx_i)² r_i² − λ²(q_lᵀμ)²)/ρ_l. // [mode] */
function noiseAtMinimum(problem: RegressionProblem, output: number): Float64Array {
  const { exampleCount, modeCount, outputCount, eigenvalues, features, residuals, minimum, weightDecay } = problem
  const squares = new Float64Array(modeCount)
  for (let i = 0; i < exampleCount; i++) {
    const square = residuals[i * outputCount + output]! ** 2 / exampleCount
    for (let l = 0; l < modeCount; l++) squares[l]! += features[i * modeCount + l]! ** 2 * square
  }
  return squares.map((sum, l) =>
    Math.max(0, (sum - (weightDecay * minimum[l * outputCount + output]!) ** 2) / eigenvalues[l]!),
  )
}

function ofModes(modes: readonly number[], eigenvalues: Float64Array, noiseVariances: Float64Array): ModeSpectrum {
  return {
    eigenvalues: Float64Array.from(modes, (l) => eigenvalues[l]!),
    noiseVariances: Float64Array.from(modes, (l) => noiseVariances[l]!),
  }
}

/** Means over records of one mode's amplitudes, the frequency that they come to, and what is expected of both. */
function oscillationOf(
  position: Float64Array,
  velocity: Float64Array,
  amplitudes: readonly { readonly theory: string; readonly expected: ExpectedAmplitude }[],
  at: number,
  withSpectrum: boolean,
): Pick<Mode, 'frequency' | 'spectrum'> {
  const records = Array.from({ length: recordCount }, (_, place) => {
    const { observer, record } = observeSpectrum(
      { modeCount: 1, outputCount: 1 },
      { burnIn: 0, pointCount: recordLength, every: recordLength },
    )
    for (let step = 0; step < recordLength; step++) {
      const k = place * recordLength + step
      observer.observe(step, position.subarray(k, k + 1), velocity.subarray(k, k + 1))
    }
    return record()
  })
  const { frequencies } = records[0]!
  const ofMode = (expected: ExpectedAmplitude, coordinate: Coordinate): Float64Array =>
    expected[coordinate].subarray(at * frequencies.length, (at + 1) * frequencies.length)
  const measured = (coordinate: Coordinate): { value: number; standardError: number } =>
    quotientOfMeans(
      records.map((each) => [each[coordinate].weightedAmplitude[0]!, each[coordinate].totalAmplitude[0]!]),
    )
  const frequency: Mode['frequency'] = {
    position: measured('position'),
    velocity: measured('velocity'),
    predicted: amplitudes.map(({ theory, expected }) => ({
      theory,
      position: brief(meanFrequency(frequencies, ofMode(expected, 'position'))),
      velocity: brief(meanFrequency(frequencies, ofMode(expected, 'velocity'))),
    })),
  }
  if (!withSpectrum) return { frequency }
  const over = frequencyBands(frequencies, bands)
  const banded = (values: ArrayLike<number>): number[] => over(values).map(brief)
  const amplitude = (coordinate: Coordinate): Float64Array =>
    frequencies.map((_, bin) =>
      records.reduce((sum, each) => sum + Math.sqrt(each[coordinate].power[bin]!) / recordCount, 0),
    )
  return {
    frequency,
    spectrum: {
      frequencies: banded(frequencies),
      position: banded(amplitude('position')),
      velocity: banded(amplitude('velocity')),
      predicted: amplitudes.map(({ theory, expected }) => ({
        theory,
        position: banded(ofMode(expected, 'position')),
        velocity: banded(ofMode(expected, 'velocity')),
      })),
    },
  }
}

/** Σ a / Σ b over records, its standard error from how they scatter, to first order. */
function quotientOfMeans(pairs: readonly (readonly [number, number])[]): { value: number; standardError: number } {
  const count = pairs.length
  const total = pairs.reduce((sum, [, b]) => sum + b, 0)
  const value = pairs.reduce((sum, [a]) => sum + a, 0) / total
  const squares = pairs.reduce((sum, [a, b]) => sum + (a - value * b) ** 2, 0)
  return { value: brief(value), standardError: brief(Math.sqrt((squares * count) / (count - 1)) / total) }
}

function meanFrequency(frequencies: Float64Array, amplitudes: Float64Array): number {
  const weighted = amplitudes.reduce((sum, amplitude, bin) => sum + frequencies[bin]! * amplitude, 0)
  return weighted / amplitudes.reduce((sum, amplitude) => sum + amplitude, 0)
}

/** A mode in its own time: some rows a turn. */
function trajectoryOf(
  { problem, hyperparameters, memory }: RegressionSetting,
  l: number,
  position: Float64Array,
  velocity: Float64Array,
): NonNullable<Mode['trajectory']> {
  const { learningRate, momentum, weightDecay } = hyperparameters
  const { mean, discriminant } = discreteRoots(learningRate, momentum, problem.eigenvalues[l]! + weightDecay)
  const time =
    discriminant < 0 ? (2 * Math.PI) / Math.atan2(Math.sqrt(-discriminant), mean) : memory.relaxationSteps[l]!
  const every = Math.max(1, Math.min(Math.floor(steps / (turnRows - 1)), Math.floor(time / rowsPerTurn)))
  return { every, position: thinned(position, every, turnRows), velocity: thinned(velocity, every, turnRows) }
}

function localDisplacementOf(setting: RegressionSetting, local: Float64Array): SingleRun['localDisplacement'] {
  const moved = local.subarray(1)
  const mean = meanOf(moved)
  const { estimate, tooShort } = estimateLongRun({ numerator: moved }, 'linear')
  const blockLength = Math.ceil(steps / blocks)
  return {
    mean: {
      value: brief(mean),
      ...(tooShort === undefined ? { standardError: brief(estimate.standardError) } : {}),
    },
    blockLength,
    values: Array.from({ length: Math.floor(steps / blockLength) }, (_, block) =>
      brief(meanOf(moved.subarray(block * blockLength, (block + 1) * blockLength))),
    ),
    predicted: asked(setting).flatMap(({ name, predictions }) => {
      const value = predictions.localDisplacement?.()
      return value === undefined ? [] : [{ theory: name, value: brief(value) }]
    }),
  }
}

function displacementOf(
  setting: RegressionSetting,
  global: Float64Array,
  seed: number,
): Pick<SingleRun, 'globalDisplacement' | 'exponents'> {
  const { problem, hyperparameters, reference, theories } = setting
  const points = logSpacedSteps(steps, displacementPoints)
  const values = points.map((step) => global[step]!)
  const lengths = [...new Set([...range(shortestFit, points.length, 3), points.length])]
  const fits = lengths.map((length) => fitPowerLaw(points.slice(0, length), values.slice(0, length)))
  const curves = asked(setting).flatMap(({ name, predictions }) => {
    const curve = predictions.globalDisplacement?.('stationary', points)
    return curve === undefined ? [] : [{ theory: name, curve }]
  })
  const law = theories.find(({ name }) => name === reference)?.law
  const band =
    law &&
    exponentScatter(discreteLaw(law.spectrum, hyperparameters), {
      steps: points,
      lengths,
      outputShares: independentShares(problem),
      draws: scatterDraws,
      seed,
    })
  return {
    globalDisplacement: {
      steps: points,
      values: values.map(brief),
      predicted: curves.map(({ theory, curve }) => ({ theory, values: Array.from(curve, brief) })),
    },
    exponents: {
      lengths: lengths.map((length) => points[length - 1]!),
      measured: fits.map(({ exponent }) => brief(exponent)),
      prefactors: fits.map(({ prefactor }) => brief(prefactor)),
      predicted: curves.map(({ theory, curve }) => ({
        theory,
        values: Array.from(exponentAgainstLength(points, curve, lengths, 1), brief),
        ...(band && theory === reference
          ? { low: Array.from(band.low, brief), high: Array.from(band.high, brief) }
          : {}),
      })),
    },
  }
}

/** Theories in the setting's order. */
function asked({ theories, reference }: RegressionSetting): RegressionSetting['theories'] {
  return theories.filter(({ name }) => name === reference || voices.includes(name))
}

/** Along R's eigenvectors outputs are independent: its eigenvalues, as parts of its trace. */
function independentShares({ outputCount, residualCovariance, noiseVariance }: RegressionProblem): Float64Array {
  const { values } = symmetricEigen(residualCovariance, outputCount)
  return values.map((value) => Math.max(0, value / noiseVariance))
}

/** Rows step 0, every, 2·every, … */
function thinned(series: Float64Array, every: number, rows: number): number[] {
  return Array.from({ length: rows }, (_, row) => brief(series[row * every]!))
}

/** At most `count` of so many, evenly spread, first and last among them. */
function evenly(length: number, count: number): number[] {
  if (length <= count) return Array.from({ length }, (_, at) => at)
  return Array.from({ length: count }, (_, at) => Math.round((at * (length - 1)) / (count - 1)))
}

function range(from: number, to: number, by: number): number[] {
  return Array.from({ length: Math.max(0, Math.ceil((to - from) / by)) }, (_, at) => from + at * by)
}

function meanOf(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}

/** Six digits, more than a figure shows: thousands of longer numbers would swell the report. */
function brief(value: number): number {
  return Number(value.toPrecision(6))
}
