import { beforeAll, describe, expect, type TestContext, test } from 'vitest'
import type { OpenBackend } from '../../empirical/tensorflow/backend.ts'
import type { NetworkRun } from '../../foundation/network-results.ts'
import type { SpecClaim } from '../../foundation/results.ts'
import { explain } from '../../harness/explain.ts'
import { seedFor, specBudget, specSeed } from '../../harness/vitest/environment.ts'
import { replayCommand } from '../../harness/vitest/replay.ts'
import { leaveRecord } from '../../harness/vitest/spec-record.ts'
import { type DeclaredClaim, declaredClaims, scalingMargin } from './declared-claims.ts'
import { type JudgedRatio, judgeRatio } from './judge-ratio.ts'
import { type KnownRatios, knownRatioOf } from './known-ratios.ts'
import { type MeasuredNetwork, measureNetwork, scalingQuantity } from './measure-network.ts'
import { type NetworkSetting, orders } from './network-setting.ts'
import { claimAlpha } from './ratio-claim.ts'

/** How much wider than a claim's own the margin is about a known ratio, which has an error of its own. */
const knownMarginFactor = 1.5

/**
 * Turns a network into tests, one for each declared quantity in each order of data. A quantity that the network is known not
 * to obey must come out as other seeds found it, and its disagreement with theory goes to the report.
 *
 * @param known absent: nobody knows yet, so theory is compared and nothing is required
 */
export function describeNetwork(
  setting: NetworkSetting,
  openBackend: () => Promise<OpenBackend>,
  known: KnownRatios | undefined,
): void {
  describe(`${setting.name}: ${setting.about}`, () => {
    let network: MeasuredNetwork
    beforeAll(async () => {
      network = await measureNetwork(setting, await openBackend(), seedFor)
    }, 3_600_000)
    for (const order of orders) {
      describe(order, () => {
        const scaling = setting.sweeps[order].map(
          (change): DeclaredClaim => ({ quantity: scalingQuantity(change), margin: scalingMargin }),
        )
        for (const declared of [...declaredClaims, ...scaling]) {
          test(declared.quantity, (context) => {
            const claim = specClaimOf(setting, network, order, declared, known, context)
            leaveRecord(context, { claim })
            if (known === undefined) return
            expect(claim.verdict, explain(claim, claim.comparisons[0]!)).toBe('agrees')
          })
        }
      })
    }
  })
}

function specClaimOf(
  setting: NetworkSetting,
  { claims }: MeasuredNetwork,
  order: NetworkRun['order'],
  { quantity, margin }: DeclaredClaim,
  known: KnownRatios | undefined,
  { task }: TestContext,
): SpecClaim {
  const claim = claims.find((one) => one.order === order && one.claim.quantity.startsWith(quantity))?.claim
  const againstTheory = claim && judgeRatio(claim, margin, setting.replicas)
  if (claim === undefined || againstTheory === undefined) {
    throw new Error(`${setting.name}, ${order}: ${quantity} was not measured, or has no interval`)
  }
  const ratio = known && knownRatioOf(known, order, claim.quantity)
  const knownMargin = margin * knownMarginFactor
  const againstKnown = ratio && judgeRatio(claim, knownMargin, setting.replicas, ratio)
  const theory = comparison(
    claim.theory,
    known === undefined || ratio ? 'compared' : 'required',
    claim.prediction,
    againstTheory,
  )
  const held = againstKnown ?? againstTheory
  const steps = setting.replicas * (scalingQuantityIs(quantity) ? setting.sweepSteps : setting.steps)
  return {
    id: `networks/${setting.name}, ${order}/${claim.quantity}`,
    hypothesis: 'networks',
    claim: 'Near its minimum a network moves as the theory says of its own curvature and gradient noise.',
    source: claim.source,
    setting: `${setting.name}, ${order}`,
    sampling: order,
    quantity: claim.quantity,
    evidence: 'ratio',
    seed: specSeed(),
    share: { alpha: claimAlpha, phi: claimAlpha },
    scale: 'log',
    margin: againstKnown ? knownMargin : margin,
    marginReason: againstKnown
      ? 'half more than the claim’s own: what other seeds found has an error too'
      : 'what so many replicas can answer, at least 10 %',
    answerable: true,
    ...(claim.note === undefined ? {} : { reason: claim.note }),
    stepsBudget: steps,
    stepsUsed: steps,
    looks: [
      {
        replicas: setting.replicas,
        alpha: claimAlpha,
        phi: claimAlpha,
        estimate: claim.measured,
        confidenceInterval: scaled(claim.ratioInterval!, claim.prediction),
        equivalenceInterval: scaled(claim.ratioInterval!, claim.prediction),
      },
    ],
    comparisons: [
      ...(againstKnown
        ? [comparison('as other seeds found it', 'required' as const, claim.prediction * ratio!.ratio, againstKnown)]
        : []),
      theory,
    ],
    ...(known === undefined ? {} : { verdict: held.verdict }),
    replay: replayCommand(task.file.name, fullName(task), { seed: specSeed(), budget: specBudget() }),
  }
}

function scalingQuantityIs(quantity: string): boolean {
  return quantity.startsWith('speed ')
}

function comparison(
  theory: string,
  role: 'required' | 'compared',
  prediction: number,
  { verdict, ratio, interval }: JudgedRatio,
): SpecClaim['comparisons'][number] {
  return {
    theory,
    role,
    prediction,
    verdict,
    difference: ratio - 1,
    differenceInterval: [interval[0] - 1, interval[1] - 1],
  }
}

function scaled([low, high]: readonly [number, number], prediction: number): [number, number] {
  const [a, b] = [low * prediction, high * prediction]
  return [Math.min(a, b), Math.max(a, b)]
}

function fullName(task: TestContext['task']): string {
  const names = [task.name]
  for (let suite = task.suite; suite !== undefined; suite = suite.suite) names.unshift(suite.name)
  return names.join(' ')
}
