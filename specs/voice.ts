import type { NamedTheory } from '../harness/hypothesis.ts'

/** Who speaks where no whole `Theory` is needed: a name, and the few numbers that it says. */
export interface Voice<Says> extends NamedTheory {
  readonly says: Says
}
