import { expect } from 'vitest'
import type { Estimate } from '../estimate.ts'
import { holdAgainst, studentLook } from '../evidence/student-reading.ts'
import { claimFalsePassRate, ledgerFor, spentAtLook } from '../ledger.ts'

/** What is added to `expect(estimate)`. */
export interface AgreementMatchers {
  /**
   * Passes if the estimate's 1−2φ interval lies inside the margin around the prediction; with `.not` if its 1−α interval misses
   * it. Between the two neither passes: it takes more samples.
   *
   * @param prediction in the estimate's own unit
   * @param margin relative for an estimate on the log scale, absolute on the linear one
   */
  toAgreeWith(prediction: number, margin: number): void
}

declare module 'vitest' {
  interface Matchers<T> extends AgreementMatchers {}
}

/** One look of one claim that has a thousandth of a suite's false alarms to itself. */
const ledger = ledgerFor(1000)

expect.extend({
  toAgreeWith(received: unknown, prediction: number, margin: number) {
    const estimate = requireEstimate(received)
    if (!Number.isFinite(prediction)) {
      throw new TypeError(`toAgreeWith: prediction must be a finite number, got ${prediction}`)
    }
    if (!(margin > 0)) throw new RangeError(`toAgreeWith: margin must be > 0, got ${margin}`)
    const look = studentLook(estimate, spentAtLook(ledger, 1), undefined)
    const { verdict, difference } = holdAgainst(look, prediction, { scale: estimate.scale, margin })
    const { isNot } = this
    const relative = estimate.scale === 'log'
    return {
      // an undecided estimate passes neither way
      pass: isNot ? verdict !== 'disagrees' : verdict === 'agrees',
      message: () =>
        [
          `expected the estimate ${isNot ? 'not ' : ''}to agree with ${prediction}, it is ${verdict}`,
          `estimate: ${estimate.value} from ${estimate.replicas} ${estimate.batches ? `batches of ${estimate.batches.length}` : 'replicas'}, standard error ${estimate.standardError}${relative ? ' (of its logarithm)' : ''}`,
          `difference: ${difference ?? 'none'}${relative ? ', relative' : ''}, margin ${margin}`,
          `1−α interval: [${look.confidenceInterval.join(', ')}] at α ${look.alpha.toExponential(1)}`,
          `1−2φ interval: [${look.equivalenceInterval.join(', ')}] at φ ${look.phi.toExponential(1)} of ${claimFalsePassRate}`,
        ].join('\n'),
    }
  },
})

function requireEstimate(received: unknown): Estimate {
  const { scale, replicas, value, standardError } = (received ?? {}) as Partial<Estimate>
  if (
    (scale !== 'log' && scale !== 'linear') ||
    replicas === undefined ||
    value === undefined ||
    standardError === undefined
  ) {
    throw new TypeError(
      `toAgreeWith: expects an estimate, as estimateRatio or estimateLongRun give it, got ${String(received)}`,
    )
  }
  return received as Estimate
}
