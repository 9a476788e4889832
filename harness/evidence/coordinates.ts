import type { Look } from '../../foundation/results.ts'
import { type Estimate, estimateRatio, type ReplicaValue } from '../estimate.ts'
import { type Spent, studentUpperQuantile } from '../ledger.ts'
import { onceEach } from '../once-each.ts'
import type { CoordinatesQuantity } from '../quantity.ts'
import { marginAround } from '../verdict.ts'
import type { Evidence, Holding, Power, Reading, SampledTerms, Separation, Terms } from './evidence.ts'
import { meanPower } from './mean-power.ts'
import { holdAgainst, scatterDoubt, separationOf, studentLook } from './student-reading.ts'

/**
 * Several means or ratios in one claim. It agrees where each coordinate does at φ: the one at the edge of its margin would pass
 * wrongly no more often than that, whatever the others do. It disagrees where one does at α/m, and Holm's rule names all that
 * do: the k-th worst is held to α/(m−k+1).
 */
export function coordinatesEvidence<Measured, T>(
  quantity: CoordinatesQuantity<Measured, T>,
  terms: SampledTerms<Measured>,
): Evidence<Measured, T> {
  const { coordinates, measure } = quantity
  const powers = coordinates.map((coordinate) => meanPower(terms, coordinate, coordinates.length))
  const predict = onceEach((theory: T): ArrayLike<number> | undefined => {
    const predicted = quantity.predict(theory)
    if (predicted !== undefined && predicted.length !== coordinates.length) {
      throw new RangeError(
        `coordinatesEvidence: ${quantity.name}: predict must give ${coordinates.length} coordinates, got ${predicted.length}`,
      )
    }
    return predicted
  })
  const names = coordinates.map(({ name }) => name)
  return {
    power: powerOfAll(powers),
    says(theory) {
      const predicted = predict(theory)
      return predicted && { prediction: predicted[0]!, coordinate: names[0]! }
    },
    apart(theory, reference) {
      const [here, there] = [predict(theory), predict(reference)]
      if (here === undefined || there === undefined) return undefined
      const apart = names.map(
        (coordinate, index): Separation => ({
          ...separationOf(here[index]!, there[index]!, terms, powers[index]!.smallestDetectable),
          coordinate,
        }),
      )
      // Told apart where the distance is largest in units of what it takes.
      const ease = apart.map(({ distance }, index) => distance / (2 * terms.margin + powers[index]!.smallestDetectable))
      const furthest = apart[ease.indexOf(Math.max(...ease))]!
      return { ...furthest, differs: apart.some(({ differs }) => differs) }
    },
    recorder() {
      const values = coordinates.map((): ReplicaValue[] => [])
      return {
        add(record) {
          const measured = measure(record)
          if (measured.length !== coordinates.length) {
            throw new RangeError(
              `coordinatesEvidence: ${quantity.name}: measure must give ${coordinates.length} coordinates, got ${measured.length}`,
            )
          }
          for (let index = 0; index < coordinates.length; index++) values[index]!.push(measured[index]!)
        },
        read(spent, reference): Reading<T> {
          const estimates = values.map((ofOne) => estimateRatio(ofOne, terms.scale))
          const samples = values[0]!.length * terms.experiment.samplesPerReplica
          const doubts = estimates.map((estimate, index) => {
            const doubt = scatterDoubt(estimate, coordinates[index]!.spread, samples)
            return doubt && `${names[index]}: ${doubt}`
          })
          const doubt = doubts.find((one) => one !== undefined)
          const looks = estimates.map((estimate) => sharedLook(estimate, spent, coordinates.length, doubt))
          const hold = (predicted: ArrayLike<number>): { index: number; holding: Holding } =>
            holdAll(estimates, looks, predicted, terms, names)
          const own = predict(reference)
          const shown = own === undefined ? 0 : hold(own).index
          return {
            look: { ...looks[shown]!, coordinate: names[shown]! },
            against(theory) {
              const predicted = predict(theory)
              return predicted && hold(predicted).holding
            },
          }
        },
      }
    },
  }
}

/** A look at one of several coordinates: it may be called wrong at α/m only. */
function sharedLook(estimate: Estimate, { alpha, phi }: Spent, count: number, doubt: string | undefined): Look {
  return { ...studentLook(estimate, { alpha: alpha / count, phi }, doubt), alpha, phi }
}

function holdAll(
  estimates: readonly Estimate[],
  looks: readonly Look[],
  predicted: ArrayLike<number>,
  terms: Terms,
  names: readonly string[],
): { index: number; holding: Holding } {
  const count = estimates.length
  const excess = estimates.map((estimate, index) => deviationsOutside(estimate, predicted[index]!, terms))
  const order = excess.map((_, index) => index).sort((a, b) => excess[b]! - excess[a]!)
  const holdings = looks.map((look, index) => holdAgainst(look, predicted[index]!, terms))
  const verdicts = holdings.map(({ verdict }) => verdict)
  const rejected: string[] = []
  for (const [k, index] of order.entries()) {
    const { doubt, alpha } = looks[index]!
    if (doubt !== undefined || !(excess[index]! > 0)) break
    if (!(excess[index]! > studentUpperQuantile(alpha / (count - k) / 2, estimates[index]!.replicas - 1))) break
    rejected.push(names[index]!)
  }
  const worst = order[0]!
  const verdict = verdicts.includes('disagrees')
    ? 'disagrees'
    : verdicts.every((one) => one === 'agrees')
      ? 'agrees'
      : 'inconclusive'
  return { index: worst, holding: { ...holdings[worst]!, verdict, coordinate: names[worst]!, rejected } }
}

/** How far an estimate lies outside its margin, in standard errors; negative inside. */
function deviationsOutside({ value, standardError }: Estimate, prediction: number, { scale, margin }: Terms): number {
  const [low, high] = marginAround(prediction, margin, scale)
  const outside =
    scale === 'log' ? Math.max(Math.log(value / high), Math.log(low / value)) : Math.max(value - high, low - value)
  // A prediction without a logarithm is infinitely far from a value that has one.
  if (Number.isNaN(outside)) return Number.POSITIVE_INFINITY
  return standardError > 0 ? outside / standardError : Math.sign(outside) * Number.POSITIVE_INFINITY
}

/** All must be answerable; looks worth taking are those that are so for each. */
function powerOfAll(powers: readonly Power[]): Power {
  const refusal = powers.find((power) => power.refusal !== undefined)?.refusal
  const needed = powers.map(({ stepsNeeded }) => stepsNeeded)
  const known = needed.filter((steps) => steps !== undefined)
  return {
    looks: powers.reduce<readonly number[]>(
      (common, { looks }) => common.filter((look) => looks.includes(look)),
      powers[0]?.looks ?? [],
    ),
    ...(refusal === undefined ? {} : { refusal }),
    ...(known.length === needed.length ? { stepsNeeded: Math.max(...known) } : {}),
    smallestDetectable: Math.max(...powers.map(({ smallestDetectable }) => smallestDetectable)),
  }
}
