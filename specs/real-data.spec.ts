import { expect, test } from 'vitest'
import { planClaims } from '../harness/plan.ts'
import { describeHypothesis } from '../harness/vitest/index.ts'
import { constantSpeed } from './hypotheses/constant-speed.ts'
import { equipartition } from './hypotheses/equipartition.ts'
import { isotropy } from './hypotheses/isotropy.ts'
import { realData, realDataClaims, realDataMissing } from './regression/real-data.ts'

/** Hypotheses that have their own specs, asked again of real data where there are any: Σ = σ²H is then only compared. */
const suite = realData()

if (suite === undefined) {
  console.log(realDataMissing)
  test.skip(realDataMissing, () => {})
} else {
  describeHypothesis(constantSpeed, suite)
  describeHypothesis(equipartition, suite)
  describeHypothesis(isotropy, suite)

  test('real data make no more claims than the ledger keeps for them', () => {
    const { settings, ledger } = suite
    const planned = settings.flatMap((setting) => [
      ...planClaims(constantSpeed, setting, ledger),
      ...planClaims(equipartition, setting, ledger),
      ...planClaims(isotropy, setting, ledger),
    ])
    expect(planned.length).toBeLessThanOrEqual(realDataClaims)
  })
}
