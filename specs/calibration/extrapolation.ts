import { standardNormal } from '../../foundation/random/normal.ts'
import type { RandomState } from '../../foundation/random/xoshiro128.ts'
import type { Extrapolation } from '../../foundation/results.ts'
import { type Ledger, spentAtLook, studentUpperQuantile } from '../../harness/ledger.ts'
import { gaussianMeans, type KnownSource, type Sample } from './sources.ts'
import { harness } from './trials.ts'

const normal = standardNormal

/**
 * How often Gaussian replicas cry wolf at a rate so small that no count could show it, by importance sampling: replicas are
 * drawn where false alarms are common, as μ + σz for a mean moved out and a scatter made small, and an alarm after n of them
 * weighs σⁿ exp(Σz²/2 − Σx²/2), the ratio of the two densities.
 *
 * A t beyond q needs both: the likeliest way to it, min nμ²/2 + n(σ² − 1 − log σ²)/2 on √n μ = qσ, has σ² = n/(n + q²). Alarms
 * at look j are counted under the μ, σ that are best for it; their sum is the rate.
 *
 * @param trials for each look
 */
export async function falseAlarmsByImportance(
  ledger: Ledger,
  trials: number,
  state: RandomState,
): Promise<Extrapolation> {
  const { looks } = gaussianMeans
  const upper = gaussianMeans.right.slice(0, 1)
  let rate = 0
  let variance = 0
  for (const [index, replicas] of looks.entries()) {
    const quantile = studentUpperQuantile(spentAtLook(ledger, index + 1).alpha / 2, replicas - 1)
    const deviation = Math.sqrt(replicas / (replicas + quantile ** 2))
    const mean = (quantile * deviation) / Math.sqrt(replicas)
    const drawn: number[] = []
    let sampled = 0
    const source: KnownSource = { ...gaussianMeans, right: upper, wrong: [] }
    const verdictOf = harness(
      source,
      {
        name: source.name,
        looks,
        stepsPerReplica: 1,
        samplesPerReplica: 1,
        runReplica: (chain): Sample => {
          sampled = chain + 1
          drawn[chain] = mean + deviation * normal(state)
          return drawn[chain]
        },
      },
      ledger,
    )
    let sum = 0
    let squares = 0
    for (let trial = 0; trial < trials; trial++) {
      const verdict = (await verdictOf()).get(upper[0]!.name)
      if (verdict !== 'disagrees' || sampled !== replicas) continue
      let exponent = sampled * Math.log(deviation)
      for (let chain = 0; chain < sampled; chain++) {
        exponent += (((drawn[chain]! - mean) / deviation) ** 2 - drawn[chain]! ** 2) / 2
      }
      const weight = Math.exp(exponent)
      sum += weight
      squares += weight ** 2
    }
    rate += sum / trials
    variance += (squares / trials - (sum / trials) ** 2) / trials
  }
  let design = 0
  for (const [index] of looks.entries()) design += spentAtLook(ledger, index + 1).alpha / 2
  return {
    source: 'Gaussian replicas, mean at the upper edge of the margin',
    alpha: ledger.alphaPerClaim,
    spentOneSided: design,
    rate,
    standardError: Math.sqrt(variance),
    trials: trials * looks.length,
  }
}
