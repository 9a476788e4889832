import type { Role } from '../foundation/results.ts'
import type { Scale } from './estimate.ts'
import { type Evidence, evidenceOf, type Separation } from './evidence/index.ts'
import type { Experiment, Hypothesis, Setting, TheoryOf } from './hypothesis.ts'
import type { Ledger } from './ledger.ts'
import type { Margin, Quantity } from './quantity.ts'

/** A claim with its cost and its power, worked out before anything is sampled. */
export interface PlannedClaim<S extends Setting, Measured> {
  readonly hypothesis: Hypothesis<S, Measured>
  readonly setting: S
  readonly quantity: Quantity<Measured, TheoryOf<S>>
  readonly scale: Scale
  readonly margin: number
  readonly marginReason: string
  /** Absent where nothing is sampled. */
  readonly experiment?: Experiment<Measured>
  readonly evidence: Evidence<Measured, TheoryOf<S>>
  readonly reference: TheoryOf<S>
  /** The reference first. */
  readonly comparisons: readonly PlannedComparison<TheoryOf<S>>[]
  /** Looks worth taking, from 1; those whose tails cannot be trusted are left out. */
  readonly looks: readonly number[]
  /** Absent: answerable. Else why not, in one line. */
  readonly refusal?: string
  readonly stepsBudget: number
  /** Steps over all replicas that would decide it with the planned power; absent where no number would. */
  readonly stepsNeeded?: number
  /** Smallest discrepancy that the whole budget detects, on the claim's scale; infinite where none is. */
  readonly smallestDetectable: number
}

export interface PlannedComparison<T> {
  readonly theory: T
  readonly role: Role
  readonly prediction: number
  readonly coordinate?: string
  /** Rivals: distance from the reference on the claim's scale, and whether this budget can tell the two apart. */
  readonly distance?: number
  readonly separable?: boolean
}

/**
 * Plans every quantity of a hypothesis at a setting.
 *
 * @throws RangeError where the reference does not predict a quantity, or two quantities have one name
 */
export function planClaims<S extends Setting, Measured>(
  hypothesis: Hypothesis<S, Measured>,
  setting: S,
  ledger: Ledger,
): PlannedClaim<S, Measured>[] {
  const experiment = hypothesis.experiment?.(setting)
  const quantities = hypothesis.quantities(setting)
  const names = new Set<string>()
  for (const { name } of quantities) {
    if (names.has(name))
      throw new RangeError(`planClaims: ${hypothesis.id}: quantities must differ in name, got ${name} twice`)
    names.add(name)
  }
  return quantities.map((quantity) => planClaim(hypothesis, setting, quantity, experiment, ledger))
}

function planClaim<S extends Setting, Measured>(
  hypothesis: Hypothesis<S, Measured>,
  setting: S,
  quantity: Quantity<Measured, TheoryOf<S>>,
  experiment: Experiment<Measured> | undefined,
  ledger: Ledger,
): PlannedClaim<S, Measured> {
  const sampled = quantity.kind === 'exact' ? undefined : experiment
  const scale = quantity.kind === 'distribution' ? 'linear' : (quantity.scale ?? hypothesis.scale)
  const margins = marginsOf(hypothesis.id, quantity.margin ?? hypothesis.margin)
  const evidenceAt = (margin: number): Evidence<Measured, TheoryOf<S>> =>
    evidenceOf(quantity, { scale, margin }, sampled, ledger)
  const margin = margins.find((one) => evidenceAt(one).power.refusal === undefined) ?? margins.at(-1)!
  const evidence = evidenceAt(margin)
  const { power } = evidence
  const refusal = quantity.refusal ?? power.refusal
  const reference: TheoryOf<S> | undefined = setting.theories.find(({ name }) => name === setting.reference)
  if (reference === undefined || evidence.says(reference) === undefined) {
    throw new RangeError(
      `planClaims: ${setting.name}: the reference ${setting.reference} does not predict ${hypothesis.id}`,
    )
  }
  return {
    hypothesis,
    setting,
    quantity,
    scale,
    margin,
    marginReason: quantity.marginReason ?? hypothesis.marginReason,
    ...(sampled === undefined ? {} : { experiment: sampled }),
    evidence,
    reference,
    comparisons: compare(evidence, setting, reference, hypothesis.rivals(setting)),
    looks: refusal === undefined ? power.looks : [],
    ...(refusal === undefined ? {} : { refusal }),
    stepsBudget: sampled === undefined ? 0 : sampled.looks[sampled.looks.length - 1]! * sampled.stepsPerReplica,
    ...(quantity.refusal !== undefined || power.stepsNeeded === undefined ? {} : { stepsNeeded: power.stepsNeeded }),
    smallestDetectable: power.smallestDetectable,
  }
}

function marginsOf(id: string, margin: Margin): readonly number[] {
  const margins = typeof margin === 'number' ? [margin] : margin
  if (margins.length === 0 || !margins.every((one, index) => one > (margins[index - 1] ?? 0))) {
    throw new RangeError(`planClaims: ${id}: margins must be > 0 and ascend, got [${margins.join(', ')}]`)
  }
  return margins
}

/** Who says what of this quantity, in which role. */
function compare<S extends Setting, Measured>(
  evidence: Evidence<Measured, TheoryOf<S>>,
  setting: S,
  reference: TheoryOf<S>,
  rivals: readonly string[],
): PlannedComparison<TheoryOf<S>>[] {
  const others: readonly TheoryOf<S>[] = setting.theories.filter((theory) => theory !== reference)
  return [reference, ...others].flatMap((theory): PlannedComparison<TheoryOf<S>>[] => {
    const said = evidence.says(theory)
    if (said === undefined) return []
    if (theory === reference) return [{ theory, role: setting.required ? 'required' : 'compared', ...said }]
    if (!rivals.includes(theory.name)) return [{ theory, role: 'compared', ...said }]
    const { differs: _, ...separation }: Separation = evidence.apart(theory, reference)!
    return [{ theory, role: 'rival', ...separation }]
  })
}
