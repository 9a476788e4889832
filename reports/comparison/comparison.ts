import type { BenchResults } from '../../foundation/benchmark-results.ts'
import type { NetworkReport } from '../../foundation/network-results.ts'
import type { Report, SpecReport } from '../../foundation/results.ts'

/** What can be held against another of its kind. */
export type Comparable =
  | { readonly kind: 'verification'; readonly report: Report }
  | { readonly kind: 'specs'; readonly report: SpecReport }
  | { readonly kind: 'benchmarks'; readonly report: BenchResults }
  | { readonly kind: 'networks'; readonly report: NetworkReport }

export type ComparableKind = Comparable['kind']

/** In the order in which a comparison lists them. */
export const topics = ['verdict', 'missing', 'benchmark', 'computation', 'moved', 'new', 'margin', 'cost'] as const
export type Topic = (typeof topics)[number]

/** One thing that differs between two reports. */
export interface Change {
  readonly topic: Topic
  /** A regression makes the comparison fail. */
  readonly effect: 'regression' | 'improvement' | 'neutral'
  /** Claim, bug, row or peer. */
  readonly subject: string
  readonly base: string
  readonly head: string
  /** By how much, or what it means, in words. */
  readonly detail: string
  /** How large, in units of the claim's margin, or of the ratio: the order within a topic. */
  readonly size: number
}

/** Two reports of one kind, held against each other. */
export interface ReportComparison {
  readonly kind: ComparableKind
  /** Rows that both reports were asked for: claims, planted bugs, error rates, errata, a network's start; ratios of benchmarks. */
  readonly rows: number
  /** Topic by topic, regressions first, then by size. */
  readonly changes: readonly Change[]
  /** Rows of the base that are as they were. */
  readonly unchanged: readonly string[]
  readonly regressions: number
  /** What one side lacks, in one line; absent where it lacks nothing. */
  readonly incomplete?: string
  /** What the reader should know of both: seeds, costs, machines. */
  readonly notes: readonly string[]
}
