import { estimateRatio, type ReplicaValue } from '../estimate.ts'
import type { RatioQuantity } from '../quantity.ts'
import type { Evidence, SampledTerms } from './evidence.ts'
import { meanPower } from './mean-power.ts'
import { scalarEvidence } from './scalar.ts'
import { scatterDoubt } from './student-reading.ts'

/** A mean over replicas, or a ratio of two: Student's t of the linearised ratio. */
export function ratioEvidence<Measured, T>(
  quantity: RatioQuantity<Measured, T>,
  terms: SampledTerms<Measured>,
): Evidence<Measured, T> {
  const { predict, measure, spread } = quantity
  const { samplesPerReplica } = terms.experiment
  return scalarEvidence(terms, meanPower(terms, quantity), predict, () => {
    const values: ReplicaValue[] = []
    return {
      add: (record) => values.push(measure(record)),
      estimate() {
        const estimate = estimateRatio(values, terms.scale)
        return { estimate, doubt: scatterDoubt(estimate, spread, values.length * samplesPerReplica) }
      },
    }
  })
}
