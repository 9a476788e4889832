import type { Look, Verdict } from '../../foundation/results.ts'
import type { Scale } from '../estimate.ts'
import type { Experiment } from '../hypothesis.ts'
import type { Ledger, Spent } from '../ledger.ts'

/** What plan and judge know of a quantity, whatever its kind. */
export interface Evidence<Measured, T> {
  /** Cost and power, before anything is sampled. */
  readonly power: Power
  /** undefined: the theory does not say. */
  readonly says: (theory: T) => Prediction | undefined
  /** How far a theory is from the reference; undefined: one of the two does not say. */
  readonly apart: (theory: T, reference: T) => Separation | undefined
  readonly recorder: () => Recorder<Measured, T>
}

/** On what terms a quantity is judged. */
export interface Terms {
  readonly scale: Scale
  readonly margin: number
}

/** With its samples, and the error rates that it may spend. */
export interface SampledTerms<Measured> extends Terms {
  readonly ledger: Ledger
  readonly experiment: Experiment<Measured>
}

export interface Power {
  /** Looks worth taking, from 1; those whose tails cannot be trusted are left out. */
  readonly looks: readonly number[]
  /** Absent: answerable. Else why not, in one line. */
  readonly refusal?: string
  /** Steps over all replicas that would decide it with the planned power; absent where no number would. */
  readonly stepsNeeded?: number
  /** Smallest discrepancy that the whole budget detects, on the claim's scale. */
  readonly smallestDetectable: number
}

/** One number for the report; of several coordinates, the one named. */
export interface Prediction {
  readonly prediction: number
  readonly coordinate?: string
}

export interface Separation extends Prediction {
  /** On the claim's scale. */
  readonly distance: number
  /** Further than the margin: samples without end would tell. */
  readonly differs: boolean
  /** Further than both margins and the smallest detectable discrepancy: this budget tells. */
  readonly separable: boolean
}

/** Takes in one replica after the other. */
export interface Recorder<Measured, T> {
  readonly add: (record: Measured) => void
  /** What the samples so far say, at the rates that this look may spend. */
  readonly read: (spent: Spent, reference: T) => Reading<T>
}

/** One look at the samples, kept: it can be held against any theory, now or later. */
export interface Reading<T> {
  /** As reported; of several numbers, the one where the reference fares worst. */
  readonly look: Look
  /** undefined: the theory does not say. */
  readonly against: (theory: T) => Holding | undefined
}

/** A theory held against a reading. */
export interface Holding extends Prediction {
  readonly verdict: Exclude<Verdict, 'not-answerable'>
  /** Of several coordinates: those that miss their margin when all are held to account together (Holm). */
  readonly rejected?: readonly string[]
  /** Measured against predicted; absent where it is not finite. */
  readonly difference?: number
  readonly differenceInterval?: [low: number, high: number]
}
