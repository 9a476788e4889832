import { expect, test } from 'vitest'
import { outlines } from './outlines.ts'
import { realDataClaims } from './regression/real-data.ts'
import { specLedger } from './regression/settings.ts'

test('the specs make no more claims than the ledger shares the false-alarm budget among', () => {
  const claims = outlines.reduce((sum, { sampledClaims }) => sum + sampledClaims(), 0)
  expect(claims + realDataClaims).toBeLessThanOrEqual(specLedger.claims)
})
