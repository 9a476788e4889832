import { estimateFunction } from '../jackknife.ts'
import type { FunctionQuantity } from '../quantity.ts'
import type { Evidence, SampledTerms } from './evidence.ts'
import { meanPower } from './mean-power.ts'
import { scalarEvidence } from './scalar.ts'
import { scatterDoubt } from './student-reading.ts'

/** A smooth function of means over replicas: Student's t with the jackknife's standard error. */
export function functionEvidence<Measured, T>(
  quantity: FunctionQuantity<Measured, T>,
  terms: SampledTerms<Measured>,
): Evidence<Measured, T> {
  const { predict, measure, of, spread } = quantity
  const { samplesPerReplica } = terms.experiment
  return scalarEvidence(terms, meanPower(terms, quantity), predict, () => {
    const values: ArrayLike<number>[] = []
    return {
      add: (record) => values.push(measure(record)),
      estimate() {
        const estimate = estimateFunction(values, of, terms.scale)
        return { estimate, doubt: scatterDoubt(estimate, spread, values.length * samplesPerReplica) }
      },
    }
  })
}
