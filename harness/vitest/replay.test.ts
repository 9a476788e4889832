import { expect, test } from 'vitest'
import { replayCommand } from './replay.ts'

const plain = { seed: 0, budget: 1 }

test('it names the file and matches the whole name, whatever a shell or a pattern would read into it', () => {
  expect(replayCommand('specs/a.spec.ts', "E‖δ‖² (it's 5 %) agrees", plain)).toBe(
    "npx vitest run specs/a.spec.ts -t '^E‖δ‖² \\(it'\\''s 5 %\\) agrees$'",
  )
})

test('it repeats the seed and the budget where they are not the usual ones', () => {
  expect(replayCommand('a.ts', 'b', { seed: 20261124, budget: 100 })).toBe(
    "SGD_ORACLE_SEED=20261124 SGD_ORACLE_BUDGET=100 npx vitest run a.ts -t '^b$'",
  )
})
