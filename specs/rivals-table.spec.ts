import { expect, test } from 'vitest'
import type { SpecClaim } from '../foundation/results.ts'
import { claimOf } from '../harness/claim.ts'
import type { Hypothesis, Setting, Suite } from '../harness/hypothesis.ts'
import { judge } from '../harness/judge.ts'
import { planClaims } from '../harness/plan.ts'
import { renderRivalsTable, rivalsTable } from '../reports/rivals-table.ts'
import { anomalousExponent } from './hypotheses/anomalous-exponent.ts'
import { constantSpeed } from './hypotheses/constant-speed.ts'
import { globalDisplacement } from './hypotheses/global-displacement.ts'
import { interpolation } from './hypotheses/interpolation.ts'
import { isotropy } from './hypotheses/isotropy.ts'
import { meanTrajectory } from './hypotheses/mean-trajectory.ts'
import { stationaryLaw } from './hypotheses/stationary-law.ts'
import { interpolations } from './interpolation/suite.ts'
import { diffusion } from './regression/diffusion-settings.ts'
import { regressionSettings, suiteOf } from './regression/settings.ts'
import { stationaryLaws } from './stationary-law/suite.ts'

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
    ...(await claimsOf(stationaryLaw, { ...stationaryLaws, settings: stationaryLaws.settings.slice(0, 1) })),
  ])
  const rejected = rejectedIn(rows)
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
    'heavy-tailed',
  ]) {
    expect(rejected, `${rival}\n${renderRivalsTable(rows)}`).toContain(rival)
  }
  expect(rejected, renderRivalsTable(rows)).not.toContain('discrete')
})

test('where data interpolate, Assumption 3 loses and the noise that vanishes does not', async () => {
  const rows = rivalsTable(
    await claimsOf(interpolation, { ...interpolations, settings: interpolations.settings.slice(0, 1) }),
  )
  expect(rejectedIn(rows), renderRivalsTable(rows)).toContain('stationary spread')
  expect(rejectedIn(rows), renderRivalsTable(rows)).not.toContain('interpolation')
})

function rejectedIn(rows: ReturnType<typeof rivalsTable>): Set<string> {
  const missing = rows.filter(({ hypotheses }) => hypotheses.some(({ missed }) => missed.length > 0))
  return new Set(missing.map(({ theory }) => theory))
}
