import { normalUpperQuantile, type Spent, spentAtLook, toleratedDistortion } from '../ledger.ts'
import type { Coordinate } from '../quantity.ts'
import { type Spread, tailDistortion } from '../spread.ts'
import type { Power, SampledTerms } from './evidence.ts'

/** A true claim should not end undecided more often than the suite may cry wolf: 1 − 5e-7 a claim. */
export const undecidedRate = 5e-7
/** The predicted variance is that of the linear law; state-dependent noise adds to it. */
export const varianceAllowance = 1.5
/** A replica must outlive the start of every mode that it averages: e^{−2·relaxationsPerReplica·(1 − kept)} of it is left. */
export const relaxationsPerReplica = 20

/**
 * Cost and power of a mean over replicas that scatter by `spread`, before anything is sampled.
 *
 * @param tests claims of the kind that this one is part of: they share α, and all must be decided
 */
export function meanPower<Measured>(
  { scale, margin, ledger, experiment }: SampledTerms<Measured>,
  { spread, relaxationSteps }: Pick<Coordinate, 'spread' | 'relaxationSteps'>,
  tests = 1,
): Power {
  const { looks, stepsPerReplica, samplesPerReplica } = experiment
  const spentAt = (look: number): Spent => spentAtLook(ledger, look)
  const replicas = looks[looks.length - 1]!
  const allowed = allowedSpread(spread)
  const last = spentAt(looks.length)
  const alphaQuantile = normalUpperQuantile(last.alpha / tests / 2)
  const deviation = Math.sqrt(allowed.varianceSteps / (replicas * samplesPerReplica))
  const smallestDetectable = (alphaQuantile + normalUpperQuantile(ledger.falsePassRate)) * deviation
  if (!(allowed.varianceSteps < Number.POSITIVE_INFINITY)) {
    return { looks: [], refusal: 'its variance is infinite', smallestDetectable: Number.POSITIVE_INFINITY }
  }

  const room = scale === 'log' ? Math.log1p(margin) : margin
  const samplesForPower =
    allowed.varianceSteps * ((normalUpperQuantile(last.phi) + normalUpperQuantile(undecidedRate / tests)) / room) ** 2
  const samplesForTails = (tailDistortion(allowed, 1, alphaQuantile) / toleratedDistortion) ** 2
  const stepsForPower = (Math.max(samplesForPower, samplesForTails) * stepsPerReplica) / samplesPerReplica
  const stepsForRelaxation = relaxationSteps * relaxationsPerReplica * replicas
  const stepsBudget = replicas * stepsPerReplica

  const usable = looks
    .map((_, index) => index + 1)
    .filter((look) => {
      const z = normalUpperQuantile(spentAt(look).alpha / tests / 2)
      return tailDistortion(allowed, looks[look - 1]! * samplesPerReplica, z) <= toleratedDistortion
    })
  const refusal =
    stepsForRelaxation > stepsBudget
      ? `modes that relax in up to ${Math.round(relaxationSteps)} steps need replicas ${relaxationsPerReplica} times as long`
      : stepsForPower > stepsBudget || usable.length === 0
        ? 'too few samples for the margin'
        : undefined
  return {
    looks: refusal === undefined ? usable : [],
    ...(refusal === undefined ? {} : { refusal }),
    stepsNeeded: Math.ceil(Math.max(stepsForPower, stepsForRelaxation)),
    smallestDetectable,
  }
}

/** The spread that plans reckon with. */
export function allowedSpread({ varianceSteps, asymmetrySteps }: Spread): Spread {
  return {
    varianceSteps: varianceSteps * varianceAllowance,
    asymmetrySteps: asymmetrySteps * varianceAllowance ** 2,
  }
}
