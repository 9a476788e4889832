import { describe, expect, test } from 'vitest'
import type { Hypothesis, Suite } from '../harness/hypothesis.ts'
import { judge, judgeAgain } from '../harness/judge.ts'
import { planClaims } from '../harness/plan.ts'
import { specBudget } from '../harness/vitest/index.ts'
import type { StationaryRecord } from '../observables/index.ts'
import type { Predictions, Theory } from '../oracle/theory.ts'
import { constantSpeed } from './hypotheses/constant-speed.ts'
import { pooledEnergies } from './hypotheses/pooled-energies.ts'
import { singleModes } from './hypotheses/single-modes.ts'
import type { RegressionSetting } from './regression/setting.ts'
import { pooledSuite, singleModeSuite } from './regression/settings.ts'

/** Small errors planted in single predictions must be caught by what is measured anyway. */

type Numbers = 'localDisplacement' | 'kineticEnergy' | 'excessPotential'
type Vectors = 'positionVariance' | 'velocityVariance'

/** The theory with one number, or one mode of one vector (absent: all of them), off by a factor. */
function off({ predictions, ...theory }: Theory, name: Numbers | Vectors, factor: number, mode?: number): Theory {
  const wrong: Partial<Predictions> = {}
  if (name === 'positionVariance' || name === 'velocityVariance') {
    const right = predictions[name]!
    wrong[name] = () => right().map((value, l) => (mode === undefined || l === mode ? factor * value : value))
  } else {
    const right = predictions[name]!
    wrong[name] = () => factor * right()
  }
  return { ...theory, predictions: { ...predictions, ...wrong } }
}

/** Required claims, by id, that reject each of the planted errors. */
async function catches(
  hypothesis: Hypothesis<RegressionSetting, StationaryRecord>,
  { settings, ledger }: Suite<RegressionSetting>,
  plant: (reference: Theory) => Theory,
): Promise<string[]> {
  const caught: string[] = []
  for (const setting of settings.filter(({ required }) => required)) {
    const { claims } = await judge(planClaims(hypothesis, setting, ledger), ledger)
    for (const claim of claims) {
      if (judgeAgain(claim, plant(claim.plan.reference)) === 'disagrees')
        caught.push(`${setting.name}: ${claim.plan.quantity.name}`)
    }
  }
  return caught
}

describe.each([1.02, 1 / 1.02])('a pooled prediction off by a factor of %f', (factor) => {
  test.each([
    { hypothesis: constantSpeed, name: 'localDisplacement' },
    { hypothesis: pooledEnergies, name: 'kineticEnergy' },
    { hypothesis: pooledEnergies, name: 'excessPotential' },
    { hypothesis: pooledEnergies, name: 'positionVariance' },
    { hypothesis: pooledEnergies, name: 'velocityVariance' },
  ] as const)('$hypothesis.id rejects it: $name', async ({ hypothesis, name }) => {
    expect(await catches(hypothesis, pooledSuite, (reference) => off(reference, name, factor))).not.toEqual([])
  })
})

const single = specBudget() >= 100 ? 1.02 : 1.1
describe.each([single, 1 / single])('one mode off by a factor of %f', (factor) => {
  const modes = singleModeSuite.settings[0]!.problem.modeCount
  test.each(
    (['positionVariance', 'velocityVariance'] as const).flatMap((name) =>
      Array.from({ length: modes }, (_, mode) => [name, mode + 1] as const),
    ),
  )('%s of mode %i', async (name, mode) => {
    expect(
      await catches(singleModes, singleModeSuite, (reference) => off(reference, name, factor, mode - 1)),
    ).not.toEqual([])
  })
})
