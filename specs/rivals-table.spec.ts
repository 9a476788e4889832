import { expect, test } from 'vitest'
import type { SpecClaim } from '../foundation/results.ts'
import { claimOf } from '../harness/claim.ts'
import type { Hypothesis, Setting, Suite } from '../harness/hypothesis.ts'
import { judge } from '../harness/judge.ts'
import { planClaims } from '../harness/plan.ts'
import { anomalousExponent } from './hypotheses/anomalous-exponent.ts'
import { constantSpeed } from './hypotheses/constant-speed.ts'
import { globalDisplacement } from './hypotheses/global-displacement.ts'
import { isotropy } from './hypotheses/isotropy.ts'
import { meanTrajectory } from './hypotheses/mean-trajectory.ts'
import { renderRivalsTable, rivalsTable } from './hypotheses/rivals-table.ts'
import { diffusion } from './regression/diffusion-settings.ts'
import { regressionSettings, suiteOf } from './regression/settings.ts'

const settings = suiteOf(['gaussian noise', 'gaussian noise, little momentum'])

/** Verdicts of a hypothesis at the settings of a suite; what they have measured before is not measured again. */
async function claimsOf<S extends Setting, Measured>(
  hypothesis: Hypothesis<S, Measured>,
  { settings, ledger }: Suite<S>,
): Promise<SpecClaim[]> {
  const claims: SpecClaim[] = []
  for (const setting of settings) {
    const { claims: judged } = await judge(planClaims(hypothesis, setting, ledger), ledger)
    claims.push(...judged.map((claim) => ({ ...claimOf(claim, ledger, ''), setting: setting.name })))
  }
  return claims
}

test('every rival loses a measurement, and the exact law none', async () => {
  const moving = { ...diffusion, settings: diffusion.settings.filter(({ name }) => name === 'stationary') }
  const rows = rivalsTable([
    ...(await claimsOf(constantSpeed, settings)),
    ...(await claimsOf(isotropy, settings)),
    ...(await claimsOf(globalDisplacement, settings)),
    ...(await claimsOf(meanTrajectory, { ...settings, settings: regressionSettings.slice(0, 1) })),
    ...(await claimsOf(anomalousExponent, moving)),
  ])
  const rejected = new Set(rows.filter(({ outcome }) => outcome === 'rejected').map(({ theory }) => theory))
  for (const rival of [
    'Brownian',
    'ballistic',
    'first-order',
    'gradient flow',
    'original-loss Gibbs',
    'ultra-slow',
    'linear scaling',
    'no momentum',
    'equation 19 as printed',
    'equation 19',
  ]) {
    expect(rejected, `${rival}\n${renderRivalsTable(rows)}`).toContain(rival)
  }
  expect(rejected, renderRivalsTable(rows)).not.toContain('discrete')
})

test('a table of two theories and one measurement reads as it should', () => {
  const comparison = (theory: string, verdict: 'agrees' | 'disagrees' | 'inconclusive', separable?: boolean) => ({
    theory,
    role: 'rival' as const,
    prediction: 1,
    verdict,
    ...(separable === undefined ? {} : { separable }),
  })
  const claim = (quantity: string, comparisons: SpecClaim['comparisons'], verdict: 'agrees' | 'disagrees' = 'agrees') =>
    ({ hypothesis: 'speed', setting: 'here', quantity, answerable: true, verdict, comparisons }) as SpecClaim
  const rows = rivalsTable([
    claim('one', [
      comparison('exact', 'agrees'),
      comparison('near', 'agrees', false),
      comparison('far', 'disagrees', true),
    ]),
    claim('two', [comparison('far', 'agrees', true)]),
    // where the reference itself fails nothing is learnt of others
    claim('three', [comparison('exact', 'disagrees')], 'disagrees'),
  ])
  expect(rows.map(({ theory, outcome, missed }) => [theory, outcome, missed])).toEqual([
    ['exact', 'agrees', []],
    ['far', 'rejected', ['here: one']],
    ['near', 'inseparable', []],
  ])
  expect(renderRivalsTable(rows)).toContain('| far | rejected (1) |')
})
