import { estimateLongRun, fewestBatches, memoriesPerBatch } from '../batch-means.ts'
import type { LongRunQuantity } from '../quantity.ts'
import type { Evidence, Power, SampledTerms } from './evidence.ts'
import { meanPower } from './mean-power.ts'
import { scalarEvidence } from './scalar.ts'
import { scatterDoubt } from './student-reading.ts'

/** A time mean along one run: Student's t over batches. */
export function longRunEvidence<Measured, T>(
  quantity: LongRunQuantity<Measured, T>,
  terms: SampledTerms<Measured>,
): Evidence<Measured, T> {
  const { predict, measure, denominator, spread } = quantity
  return scalarEvidence(terms, longRunPower(quantity, terms), predict, () => {
    const numerators: ArrayLike<number>[] = []
    const denominators: ArrayLike<number>[] = []
    return {
      add(record) {
        numerators.push(measure(record))
        if (denominator) denominators.push(denominator(record))
      },
      estimate() {
        const numerator = strungTogether(numerators)
        const series = denominator ? { numerator, denominator: strungTogether(denominators) } : { numerator }
        const { estimate, tooShort } = estimateLongRun(series, terms.scale)
        return { estimate, doubt: tooShort ?? scatterDoubt(estimate, spread, numerator.length) }
      },
    }
  })
}

/** As that of a mean, at looks long enough for 30 batches. */
function longRunPower<Measured, T>(
  { spread, memorySamples }: LongRunQuantity<Measured, T>,
  terms: SampledTerms<Measured>,
): Power {
  const { looks, samplesPerReplica, stepsPerReplica } = terms.experiment
  const power = meanPower(terms, { spread, relaxationSteps: 0 })
  // The measured memory fluctuates: by a third at 30 batches, with room to spare.
  const samplesNeeded = 1.5 * fewestBatches * memoriesPerBatch * memorySamples
  const usable = power.looks.filter((look) => looks[look - 1]! * samplesPerReplica >= samplesNeeded)
  const stepsNeeded = Math.max(power.stepsNeeded ?? 0, Math.ceil((samplesNeeded / samplesPerReplica) * stepsPerReplica))
  if (power.refusal !== undefined) return { ...power, ...(power.stepsNeeded === undefined ? {} : { stepsNeeded }) }
  return {
    ...power,
    looks: usable,
    stepsNeeded,
    ...(usable.length > 0
      ? {}
      : { refusal: `a memory of ${memorySamples.toPrecision(3)} samples needs a run of ${Math.ceil(samplesNeeded)}` }),
  }
}

function strungTogether(pieces: readonly ArrayLike<number>[]): Float64Array {
  const whole = new Float64Array(pieces.reduce((sum, piece) => sum + piece.length, 0))
  let from = 0
  for (const piece of pieces) {
    whole.set(piece, from)
    from += piece.length
  }
  return whole
}
