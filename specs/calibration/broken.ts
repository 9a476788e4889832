import type { RandomState } from '../../foundation/random/xoshiro128.ts'
import type { Verdict } from '../../foundation/results.ts'
import { ledgerFor, toleratedDistortion } from '../../harness/ledger.ts'
import { autoregressive, type KnownSource, meansOf } from './sources.ts'
import { harness, type Procedure } from './trials.ts'

/** Faults that are easily made, each of which the calibration must see. */

/** As many looks, each with the whole of both rates. */
export const uncorrectedLooks: Procedure = (source, experiment, ledger) => {
  const whole = 2 * Math.exp(toleratedDistortion)
  const alone = ledgerFor(1, whole * ledger.falseAlarmRate, whole * ledger.falsePassRate)
  const looks = experiment.looks.map((replicas) => harness(source, { ...experiment, looks: [replicas] }, alone))
  return async () => {
    const verdicts = new Map<string, Verdict>()
    for (const verdictsAtLook of looks) {
      for (const [theory, verdict] of await verdictsAtLook()) {
        const before = verdicts.get(theory)
        if (before === undefined || before === 'inconclusive') verdicts.set(theory, verdict)
      }
    }
    return verdicts
  }
}

/** The samples of one correlated run, taken for replicas that know nothing of each other. */
export const correlatedReplicas: KnownSource = ((): KnownSource => {
  const source = meansOf(
    'correlated samples taken for replicas',
    () => 0,
    0,
    { varianceSteps: 4, asymmetrySteps: 0 },
    'linear',
  )
  return { ...source, start: (state: RandomState) => autoregressive(state) }
})()
