import type { Theory } from '../oracle/theory.ts'
import type { ReplicaValue, Scale } from './estimate.ts'
import type { Spread } from './spread.ts'

/** One thing that a hypothesis asks about, by the kind of evidence that answers it. `T` are the theories that predict it. */
export type Quantity<Measured, T = Theory> =
  | RatioQuantity<Measured, T>
  | FunctionQuantity<Measured, T>
  | CoordinatesQuantity<Measured, T>
  | LongRunQuantity<Measured, T>
  | DistributionQuantity<Measured, T>
  | ExactQuantity<T>

/**
 * How far a theory may be off and still agree; of several, ascending, the tightest that the budget can answer is taken.
 * Pooled quantities carry at most 1 %, single modes 5–10 %, and less where a larger budget pays for it.
 */
export type Margin = number | readonly number[]

/** What every kind has. */
interface Asked {
  /** One name a quantity of a hypothesis at a setting. */
  readonly name: string
  /** Absent: the hypothesis' own. */
  readonly margin?: Margin
  readonly marginReason?: string
  /** Why no number of steps would answer it here. */
  readonly refusal?: string | undefined
}

/** A mean over independent replicas, or a ratio of two such means. */
export interface RatioQuantity<Measured, T = Theory> extends Asked {
  readonly kind: 'ratio'
  readonly scale?: Scale
  /** undefined: this theory does not say. */
  readonly predict: (theory: T) => number | undefined
  readonly measure: (record: Measured) => ReplicaValue
  /** Expected scatter of a replica; relative on the log scale, absolute on the linear one. */
  readonly spread: Spread
  /** Relaxation of the slowest mode that it averages over, in steps; 0 where the start is known and part of the prediction. */
  readonly relaxationSteps: number
}

/** A smooth function of several means over replicas, as an exponent fitted to a mean curve; the jackknife gives its error. */
export interface FunctionQuantity<Measured, T = Theory> extends Asked {
  readonly kind: 'function'
  readonly scale?: Scale
  /** The same function of the predicted means. */
  readonly predict: (theory: T) => number | undefined
  /** The components of one replica, as many in each. // [component] */
  readonly measure: (record: Measured) => ArrayLike<number>
  readonly of: (means: Float64Array) => number
  /** Expected scatter of the function, as if each replica gave one value of it; relative on the log scale. */
  readonly spread: Spread
  readonly relaxationSteps: number
}

/** Several means or ratios in one claim: it agrees where all of them do, and disagrees where one does (Holm). */
export interface CoordinatesQuantity<Measured, T = Theory> extends Asked {
  readonly kind: 'coordinates'
  readonly scale?: Scale
  /** // [coordinate] */
  readonly coordinates: readonly Coordinate[]
  /** // [coordinate] */
  readonly predict: (theory: T) => ArrayLike<number> | undefined
  /** // [coordinate] */
  readonly measure: (record: Measured) => ArrayLike<ReplicaValue>
}

/** One of several, named in reports if it is the worst. */
export interface Coordinate {
  readonly name: string
  readonly spread: Spread
  readonly relaxationSteps: number
}

/** A time mean along one long run, or a ratio of two. Its records are consecutive pieces; their samples are strung together. */
export interface LongRunQuantity<Measured, T = Theory> extends Asked {
  readonly kind: 'long-run'
  readonly scale?: Scale
  readonly predict: (theory: T) => number | undefined
  /** One number a sample, in order, `samplesPerReplica` of them. // [sample] */
  readonly measure: (record: Measured) => ArrayLike<number>
  /** Of a ratio of time means. // [sample] */
  readonly denominator?: (record: Measured) => ArrayLike<number>
  /** Expected scatter of one sample, autocorrelation counted in. */
  readonly spread: Spread
  /** Expected memory, 1 + 2Σ|r_j|, in samples. Batches are cut by the measured one. */
  readonly memorySamples: number
}

/**
 * Independent values against a law: the largest distance between the two distribution functions (Kolmogorov), with the
 * band of Dvoretzky, Kiefer and Wolfowitz. Its margin is such a distance.
 */
export interface DistributionQuantity<Measured, T = Theory> extends Asked {
  readonly kind: 'distribution'
  /** P(value ≤ x), continuous in x. */
  readonly predict: (theory: T) => ((x: number) => number) | undefined
  /** Values independent of each other and of other replicas', `valuesPerReplica` of them. */
  readonly measure: (record: Measured) => number | ArrayLike<number>
  readonly valuesPerReplica: number
}

/** Computed numbers against predicted ones, nothing sampled: the margin is the tolerance. */
export interface ExactQuantity<T = Theory> extends Asked {
  readonly kind: 'exact'
  readonly scale?: Scale
  readonly predict: (theory: T) => number | ArrayLike<number> | undefined
  readonly compute: () => number | ArrayLike<number>
}
