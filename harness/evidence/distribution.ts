import type { Look } from '../../foundation/results.ts'
import {
  distanceBetweenDistributions,
  distributionBand,
  kolmogorovDistance,
} from '../../foundation/statistics/kolmogorov-distance.ts'
import { spentAtLook } from '../ledger.ts'
import { onceEach } from '../once-each.ts'
import type { DistributionQuantity } from '../quantity.ts'
import type { Evidence, Holding, Power, SampledTerms } from './evidence.ts'
import { undecidedRate } from './mean-power.ts'

/**
 * Independent values against a law, in Kolmogorov distance d: it lies within the band of its estimate at both rates, so the
 * law disagrees if the estimate is more than a band beyond the margin, and agrees if it is a band or more inside.
 */
export function distributionEvidence<Measured, T>(
  { measure, valuesPerReplica, name, ...quantity }: DistributionQuantity<Measured, T>,
  terms: SampledTerms<Measured>,
): Evidence<Measured, T> {
  const predict = onceEach(quantity.predict)
  const { margin } = terms
  const power = bandPower(terms, valuesPerReplica)
  return {
    power,
    // The distance predicted is none.
    says: (theory) => predict(theory) && { prediction: 0 },
    apart(theory, reference) {
      const [here, there] = [predict(theory), predict(reference)]
      if (here === undefined || there === undefined) return undefined
      const distance = distanceBetweenDistributions(here, there)
      return {
        prediction: 0,
        distance,
        differs: distance > margin,
        separable: distance > 2 * margin + power.smallestDetectable,
      }
    },
    recorder() {
      const values: number[] = []
      return {
        add(record) {
          const measured = measure(record)
          const listed = typeof measured === 'number' ? [measured] : Array.from(measured)
          if (listed.length !== valuesPerReplica) {
            throw new RangeError(
              `distributionEvidence: ${name}: measure must give ${valuesPerReplica} values a replica, got ${listed.length}`,
            )
          }
          for (const value of listed) values.push(value)
        },
        read({ alpha, phi }, reference) {
          const sorted = Float64Array.from(values).sort()
          const confidence = distributionBand(sorted.length, alpha)
          const equivalence = distributionBand(sorted.length, phi)
          const lookAt = (distribution: (x: number) => number): Look => {
            const distance = kolmogorovDistance(sorted, distribution)
            return {
              replicas: values.length / valuesPerReplica,
              alpha,
              phi,
              estimate: distance,
              confidenceInterval: [Math.max(0, distance - confidence), distance + confidence],
              equivalenceInterval: [Math.max(0, distance - equivalence), distance + equivalence],
            }
          }
          const against = (theory: T): { look: Look; holding: Holding } | undefined => {
            const distribution = predict(theory)
            if (distribution === undefined) return undefined
            const look = lookAt(distribution)
            const { estimate, confidenceInterval, equivalenceInterval } = look
            const verdict =
              confidenceInterval[0] > margin
                ? 'disagrees'
                : equivalenceInterval[1] <= margin
                  ? 'agrees'
                  : 'inconclusive'
            return {
              look,
              holding: { prediction: 0, verdict, difference: estimate, differenceInterval: confidenceInterval },
            }
          }
          return { look: against(reference)!.look, against: (theory) => against(theory)?.holding }
        },
      }
    },
  }
}

/** The estimate of a distance strays from it by no more than the band, at any rate. */
function bandPower<Measured>({ margin, ledger, experiment }: SampledTerms<Measured>, valuesPerReplica: number): Power {
  const { looks, stepsPerReplica } = experiment
  const values = looks[looks.length - 1]! * valuesPerReplica
  const last = spentAtLook(ledger, looks.length)
  const smallestDetectable = distributionBand(values, last.alpha) + distributionBand(values, ledger.falsePassRate)
  // Bands shrink as 1/√n: the pass band and what a true law may stray must fit the margin together.
  const bands = distributionBand(1, last.phi) + distributionBand(1, undecidedRate)
  const stepsNeeded = Math.ceil(((bands / margin) ** 2 / valuesPerReplica) * stepsPerReplica)
  const answerable = stepsNeeded <= looks[looks.length - 1]! * stepsPerReplica
  return {
    looks: answerable ? looks.map((_, index) => index + 1) : [],
    ...(answerable ? {} : { refusal: 'too few values for the margin' }),
    stepsNeeded,
    smallestDetectable,
  }
}
