import type { Look } from '../../foundation/results.ts'
import { onceEach } from '../once-each.ts'
import type { ExactQuantity } from '../quantity.ts'
import type { Evidence, Holding, Separation, Terms } from './evidence.ts'
import { holdAgainst, separationOf } from './student-reading.ts'

/** Computed numbers against predicted ones: the worst of them agrees within the tolerance or disagrees, and costs nothing. */
export function exactEvidence<Measured, T>(quantity: ExactQuantity<T>, terms: Terms): Evidence<Measured, T> {
  const predict = onceEach((theory: T): readonly number[] | undefined => {
    const predicted = quantity.predict(theory)
    return predicted === undefined ? undefined : listed(predicted)
  })
  const named = (index: number, count: number): { coordinate?: string } =>
    count === 1 ? {} : { coordinate: `number ${index + 1} of ${count}` }
  return {
    power: { looks: [1], stepsNeeded: 0, smallestDetectable: 0 },
    says(theory) {
      const predicted = predict(theory)
      return predicted && { prediction: predicted[0]!, ...named(0, predicted.length) }
    },
    apart(theory, reference) {
      const [here, there] = [predict(theory), predict(reference)]
      if (here === undefined || there === undefined) return undefined
      requireSameCount(quantity.name, here, there)
      const apart = here.map(
        (prediction, index): Separation => ({
          ...separationOf(prediction, there[index]!, terms, 0),
          ...named(index, here.length),
        }),
      )
      return apart.reduce((best, one) => (one.distance > best.distance ? one : best))
    },
    recorder: () => ({
      add() {},
      read(_, reference) {
        const computed = listed(quantity.compute())
        const hold = (predicted: readonly number[]): { index: number; holding: Holding } => {
          requireSameCount(quantity.name, predicted, computed)
          const holdings = computed.map((value, index) => holdExactly(value, predicted[index]!, terms))
          const distances = computed.map((value, index) => separationOf(value, predicted[index]!, terms, 0).distance)
          const worst = distances.reduce(
            (best, one, index) => (one > distances[best]! || Number.isNaN(one) ? index : best),
            0,
          )
          return { index: worst, holding: { ...holdings[worst]!, ...named(worst, computed.length) } }
        }
        const own = predict(reference)
        const shown = own === undefined ? 0 : hold(own).index
        return {
          look: { ...exactLook(computed[shown]!), ...named(shown, computed.length) },
          against(theory) {
            const predicted = predict(theory)
            return predicted && hold(predicted).holding
          },
        }
      },
    }),
  }
}

function listed(values: number | ArrayLike<number>): readonly number[] {
  return typeof values === 'number' ? [values] : Array.from(values)
}

function exactLook(value: number): Look {
  return {
    replicas: 0,
    alpha: 0,
    phi: 0,
    estimate: value,
    confidenceInterval: [value, value],
    equivalenceInterval: [value, value],
  }
}

/** What is not inside the tolerance disagrees, numbers that are none included: there is nothing to wait for. */
function holdExactly(value: number, prediction: number, terms: Terms): Holding {
  const holding = holdAgainst(exactLook(value), prediction, terms)
  return { ...holding, verdict: holding.verdict === 'agrees' ? 'agrees' : 'disagrees' }
}

function requireSameCount(name: string, some: readonly number[], others: readonly number[]): void {
  if (some.length === others.length && some.length > 0) return
  throw new RangeError(
    `exactEvidence: ${name}: as many numbers must be predicted as computed, got ${some.length} against ${others.length}`,
  )
}
