import { standardNormal } from '../../foundation/random/normal.ts'
import { nextWord, type RandomState } from '../../foundation/random/xoshiro128.ts'
import type { Scale } from '../../harness/estimate.ts'
import type { NamedTheory } from '../../harness/hypothesis.ts'
import type { Quantity } from '../../harness/quantity.ts'
import { logSpread, type Spread } from '../../harness/spread.ts'

/** Samples whose truth is known, with theories of which that truth is just at the edge: there errors are most frequent. */
export interface KnownSource {
  readonly name: string
  /** Cumulative replicas at each look. */
  readonly looks: readonly number[]
  readonly samplesPerReplica: number
  /** Starts a trial; each call then gives one more replica. */
  readonly start: (state: RandomState) => () => Sample
  readonly scale: Scale
  readonly margin: number
  readonly quantity: Quantity<Sample, EdgeTheory>
  /** Right, if barely: a verdict 'disagrees' on any of them in a trial is its one false alarm. */
  readonly right: readonly EdgeTheory[]
  /** Wrong, if barely: a verdict 'agrees' on one of them is a false pass, and each may have its own. */
  readonly wrong: readonly EdgeTheory[]
}

export type Sample = number | readonly number[] | Float64Array

export interface EdgeTheory extends NamedTheory {
  readonly values: readonly number[]
  readonly law?: (x: number) => number
}

export function edgeTheory(name: string, values: readonly number[], law?: (x: number) => number): EdgeTheory {
  return { name, title: name, source: 'the truth at the edge of a margin', values, ...(law && { law }) }
}

/** Names of this module's own: tools that turn imports into property reads (vitest) would slow the loops fourfold. */
const normal = standardNormal
const word = nextWord

const uniform = (state: RandomState): number => ((word(state) >>> 0) + 0.5) * 2 ** -32
const exponential = (state: RandomState): number => -Math.log(uniform(state))

/** Predictions that leave the truth at the upper and the lower edge of their margins. */
function edgesAround(truth: number, scale: Scale, margin: number): EdgeTheory[] {
  const [under, over] =
    scale === 'log' ? [truth / (1 + margin), truth / (1 - margin)] : [truth - margin, truth + margin]
  return [edgeTheory('upper edge', [under]), edgeTheory('lower edge', [over])]
}

/**
 * Means of replicas that are one draw each. Margins are 10 deviations of the first look wide: which edge the truth is at alone
 * decides, as where margins are at their tightest neither error could be more frequent.
 */
export function meansOf(
  name: string,
  draw: (state: RandomState) => number,
  truth: number,
  spread: Spread,
  scale: Scale,
): KnownSource {
  const looks = [64, 128, 256]
  const margin = 10 * Math.sqrt(spread.varianceSteps / looks[0]!)
  const edges = edgesAround(truth, scale, margin)
  return {
    name,
    looks,
    samplesPerReplica: 1,
    start: (state) => () => draw(state),
    scale,
    margin,
    quantity: {
      kind: 'ratio',
      name: 'mean',
      predict: ({ values }) => values[0],
      measure: (sample) => sample as number,
      spread,
      relaxationSteps: 0,
    },
    right: edges,
    wrong: edges,
  }
}

export const gaussianMeans: KnownSource = meansOf(
  'Gaussian replicas',
  normal,
  0,
  { varianceSteps: 1, asymmetrySteps: 0 },
  'linear',
)

const skewedMeans = meansOf(
  'skewed replicas: averages of 4 exponentials, on the log scale',
  (state) => (exponential(state) + exponential(state) + exponential(state) + exponential(state)) / 4,
  1,
  // of one exponential: relative variance 1, third cumulant 2
  logSpread(1 / 4, 2 / 16),
  'log',
)

/** Student's t with 5 degrees of freedom has variance 5/3. */
const heavyMeans = meansOf(
  "heavy-tailed replicas: Student's t with 5 degrees of freedom",
  (state) => studentT(state, 5),
  0,
  { varianceSteps: 5 / 3, asymmetrySteps: 0 },
  'linear',
)

export function studentT(state: RandomState, degreesOfFreedom: number): number {
  let squares = 0
  for (let degree = 0; degree < degreesOfFreedom; degree++) squares += normal(state) ** 2
  return normal(state) / Math.sqrt(squares / degreesOfFreedom)
}

const autoregression = 0.4
/** 1 + 2Σr_j of the autoregression, and its variance. */
const memory = (1 + autoregression) / (1 - autoregression)
const variance = 1 / (1 - autoregression ** 2)

export function autoregressive(state: RandomState): () => number {
  let value = normal(state) * Math.sqrt(variance)
  return () => {
    const now = value
    value = autoregression * value + normal(state)
    return now
  }
}

/** One AR(1) run, long enough for 30 batches and half as long again. */
const longRun: KnownSource = ((): KnownSource => {
  const samplesPerReplica = 1.5 * 30 * 50 * memory
  const margin = 12 * Math.sqrt((variance * memory) / samplesPerReplica)
  const edges = edgesAround(0, 'linear', margin)
  return {
    name: 'one autocorrelated run: AR(1) at 0.4, batch means',
    looks: [1],
    samplesPerReplica,
    start(state) {
      const next = autoregressive(state)
      return () => Float64Array.from({ length: samplesPerReplica }, next)
    },
    scale: 'linear',
    margin,
    quantity: {
      kind: 'long-run',
      name: 'mean',
      predict: ({ values }) => values[0],
      measure: (sample) => sample as Float64Array,
      spread: { varianceSteps: variance * memory, asymmetrySteps: 0 },
      memorySamples: memory,
    },
    right: edges,
    wrong: edges,
  }
})()

/** Four coordinates of which all are at an edge, or only one is. */
const fourCoordinates: KnownSource = ((): KnownSource => {
  const { looks, margin } = gaussianMeans
  const count = 4
  const coordinates = Array.from({ length: count }, (_, c) => ({
    name: `coordinate ${c + 1}`,
    spread: { varianceSteps: 1, asymmetrySteps: 0 },
    relaxationSteps: 0,
  }))
  const all = (value: number): number[] => coordinates.map(() => value)
  const one = (value: number): number[] => coordinates.map((_, c) => (c === 2 ? value : 0))
  return {
    name: 'four Gaussian coordinates',
    looks,
    samplesPerReplica: 1,
    start: (state) => () => [normal(state), normal(state), normal(state), normal(state)],
    scale: 'linear',
    margin,
    quantity: {
      kind: 'coordinates',
      name: 'means',
      coordinates,
      predict: ({ values }) => values,
      measure: (sample) => sample as readonly number[],
    },
    right: [edgeTheory('all at the upper edge', all(-margin)), edgeTheory('all at the lower edge', all(margin))],
    wrong: [edgeTheory('one at the upper edge', one(-margin)), edgeTheory('one at the lower edge', one(margin))],
  }
})()

/** log(E a/E b) of two independent means of exponentials: a function of means whose error the jackknife gives. */
const functionOfMeans: KnownSource = ((): KnownSource => {
  const spread = { varianceSteps: 2 / 4, asymmetrySteps: 0 }
  const looks = [64, 128, 256]
  const margin = 10 * Math.sqrt(spread.varianceSteps / looks[0]!)
  const edges = edgesAround(0, 'linear', margin)
  const average = (state: RandomState): number =>
    (exponential(state) + exponential(state) + exponential(state) + exponential(state)) / 4
  return {
    name: 'a function of two skewed means, jackknife',
    looks,
    samplesPerReplica: 1,
    start: (state) => () => [average(state), average(state)],
    scale: 'linear',
    margin,
    quantity: {
      kind: 'function',
      name: 'log ratio',
      predict: ({ values }) => values[0],
      measure: (sample) => sample as readonly number[],
      of: (means) => Math.log(means[0]! / means[1]!),
      spread,
      relaxationSteps: 0,
    },
    right: edges,
    wrong: edges,
  }
})()

/** Uniform values against laws shifted by the margin, which is then their Kolmogorov distance. */
const distribution: KnownSource = ((): KnownSource => {
  const margin = 0.35
  const shifted = (by: number) => (x: number) => Math.min(1, Math.max(0, x - by))
  const edges = [edgeTheory('shifted up', [], shifted(margin)), edgeTheory('shifted down', [], shifted(-margin))]
  return {
    name: 'independent values, Kolmogorov distance',
    looks: [64, 128, 256],
    samplesPerReplica: 1,
    start: (state) => () => uniform(state),
    scale: 'linear',
    margin,
    quantity: {
      kind: 'distribution',
      name: 'law',
      predict: ({ law }) => law,
      measure: (sample) => sample as number,
      valuesPerReplica: 1,
    },
    right: edges,
    wrong: edges,
  }
})()

export const knownSources: readonly KnownSource[] = [
  gaussianMeans,
  skewedMeans,
  heavyMeans,
  fourCoordinates,
  functionOfMeans,
  distribution,
  longRun,
]

/** Student's t with 2 degrees of freedom, from its quantiles (2u − 1)/√(2u(1 − u)). */
function studentTwo(state: RandomState): number {
  const u = uniform(state)
  return (2 * u - 1) / Math.sqrt(2 * u * (1 - u))
}

const cauchy = (state: RandomState): number => Math.tan(Math.PI * (uniform(state) - 0.5))

/** Samples that each replica averages: claims average at least so many. */
const averaged = 100

function averageOf(draw: (state: RandomState) => number): (state: RandomState) => number {
  return (state) => {
    let sum = 0
    for (let sample = 0; sample < averaged; sample++) sum += draw(state)
    return sum / averaged
  }
}

/**
 * Sources without a variance, planned as if their draws were normal or squares of normals, with margins as tight as such a
 * plan can answer, and held against who overlooks the tails. An average of Cauchy variables is one itself.
 */
export const infiniteVariance: readonly KnownSource[] = [
  tailsOverlooked(
    'squares of Cauchy variables',
    averageOf((state) => cauchy(state) ** 2),
    1,
    2,
    'log',
  ),
  tailsOverlooked(
    "squares of Student's t, 2 degrees of freedom",
    averageOf((state) => studentTwo(state) ** 2),
    1,
    2,
    'log',
  ),
  tailsOverlooked('Cauchy variables', cauchy, 0, 1, 'linear'),
  tailsOverlooked("Student's t, 2 degrees of freedom", averageOf(studentTwo), 0, 1, 'linear'),
]

function tailsOverlooked(
  name: string,
  draw: (state: RandomState) => number,
  value: number,
  variance: number,
  scale: Scale,
): KnownSource {
  const spread: Spread = { varianceSteps: variance / averaged, asymmetrySteps: 0 }
  const source = meansOf(name, draw, value, spread, scale)
  const looks = source.looks.slice(0, 2)
  return {
    ...source,
    looks,
    margin: 0.85 * source.margin,
    right: [],
    wrong: [edgeTheory('overlooks the tails', [value])],
  }
}
