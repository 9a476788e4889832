import type { Hyperparameters, SamplingScheme } from '../foundation/phase-space.ts'
import type { Scale } from './estimate.ts'
import type { Ledger } from './ledger.ts'
import type { Margin, Quantity } from './quantity.ts'

/** Whatever speaks about a setting: a `Theory` of the oracle, or anything else that has a name and says numbers. */
export interface NamedTheory {
  readonly name: string
  readonly title: string
  readonly source: string
}

/** Where a hypothesis is put to the test: one set of parameters, with all who speak about it. */
export interface Setting {
  /** One name a setting of a hypothesis. */
  readonly name: string
  /** How examples are drawn, where any are. */
  readonly sampling?: SamplingScheme
  /** SGD's, where it is SGD that is asked: the specs' report has them. */
  readonly hyperparameters?: Hyperparameters
  readonly theories: readonly NamedTheory[]
  /** The theory that is closest to the truth here: plans and rivals' distances are measured from it. */
  readonly reference: string
  /** True where the reference's assumptions hold by construction, so that its verdict decides success. */
  readonly required: boolean
}

/** The theories that speak about a setting. */
export type TheoryOf<S extends Setting> = S['theories'][number]

/**
 * Independent replicas of one kind of trajectory, and how many are taken before each look. For quantities of kind 'long-run'
 * the "replicas" are consecutive pieces of one run.
 */
export interface Experiment<Measured> {
  readonly name: string
  /** Of its random streams; printed with every verdict. Absent where none are drawn, as for a recorded trajectory. */
  readonly seed?: number
  /** Cumulative replicas at look 1, 2, …; at least 64 each, of pieces at least 1. */
  readonly looks: readonly number[]
  /** Steps simulated a replica, burn-in included. */
  readonly stepsPerReplica: number
  /** What a Spread's n counts, a replica: steps averaged over, or 1. */
  readonly samplesPerReplica: number
  /** The same chain number gives the same record. Chains are asked for in order: 0, 1, 2, … */
  readonly runReplica: (chain: number) => Measured
}

/** A claim about SGD as a value: what is said, where it is asked, what would contradict it. */
export interface Hypothesis<S extends Setting, Measured = never> {
  readonly id: string
  /** In one sentence. */
  readonly claim: string
  /** Equation or section. */
  readonly source: string
  /** Scale, margin and its reason, of all quantities that have none of their own. */
  readonly scale: Scale
  readonly margin: Margin
  readonly marginReason: string
  /** What is sampled; absent where every quantity is exact. */
  readonly experiment?: (setting: S) => Experiment<Measured>
  readonly quantities: (setting: S) => readonly Quantity<Measured, TheoryOf<S>>[]
  /** Names of the theories that must lose here where they can be told apart. */
  readonly rivals: (setting: S) => readonly string[]
}

/** The settings that a hypothesis is put to, and what it may spend on them. */
export interface Suite<S extends Setting> {
  readonly settings: readonly S[]
  readonly ledger: Ledger
  /** Bugs that are planted in the reference's predictions, to see whether they are caught. */
  readonly mutants: readonly Mutant<S>[]
  /** Faults of measurement, for each of which some hypothesis must go red. */
  readonly corruptions?: readonly Corruption<S>[]
}

/** A bug of theory by name: it says what the reference would say if it had it. */
export interface Mutant<S extends Setting> {
  readonly name: string
  /** Where the bug sits, in one line. */
  readonly bug: string
  /** A small error, near the margins: a claim that no longer agrees has caught it. A bug must be told to be wrong. */
  readonly small?: true
  /** undefined: it concerns nothing that this setting's reference says. */
  readonly plant: (setting: S) => TheoryOf<S> | undefined
}

/** A fault of an observable by name: the same setting, wrongly measured. */
export interface Corruption<S extends Setting> {
  readonly name: string
  readonly bug: string
  readonly corrupt: (setting: S) => S
}
