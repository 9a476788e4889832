import type { Estimate } from '../estimate.ts'
import { onceEach } from '../once-each.ts'
import type { Evidence, Power, SampledTerms } from './evidence.ts'
import { holdAgainst, separationOf, studentLook } from './student-reading.ts'

/** Gathers what replicas give, and estimates one number from it. */
export interface Sampler<Measured> {
  readonly add: (record: Measured) => void
  /** With the reason, if there is one, why it decides nothing. */
  readonly estimate: () => { readonly estimate: Estimate; readonly doubt: string | undefined }
}

/** Evidence about one number with Student's intervals, however it is estimated. */
export function scalarEvidence<Measured, T>(
  terms: SampledTerms<Measured>,
  power: Power,
  predictedBy: (theory: T) => number | undefined,
  sampler: () => Sampler<Measured>,
): Evidence<Measured, T> {
  const predict = onceEach(predictedBy)
  return {
    power,
    says(theory) {
      const prediction = predict(theory)
      return prediction === undefined ? undefined : { prediction }
    },
    apart(theory, reference) {
      const [here, there] = [predict(theory), predict(reference)]
      if (here === undefined || there === undefined) return undefined
      return separationOf(here, there, terms, power.smallestDetectable)
    },
    recorder() {
      const { add, estimate } = sampler()
      return {
        add,
        read(spent) {
          const { estimate: found, doubt } = estimate()
          const look = studentLook(found, spent, doubt)
          return {
            look,
            against(theory) {
              const prediction = predict(theory)
              return prediction === undefined ? undefined : holdAgainst(look, prediction, terms)
            },
          }
        },
      }
    },
  }
}
