import { expect, test } from 'vitest'
import { standardNormal } from '../foundation/random/normal.ts'
import { streamOf } from '../foundation/random/xoshiro128.ts'
import type { Hypothesis, Mutant, NamedTheory, Setting, Suite } from './hypothesis.ts'
import { judge } from './judge.ts'
import { ledgerFor } from './ledger.ts'
import { judgeMutant, plantBug, tellingPlans } from './mutation.ts'
import { outlineOf } from './outline.ts'
import { planClaims } from './plan.ts'

interface Spoken extends NamedTheory {
  readonly value?: number
}

interface SpokenSetting extends Setting {
  readonly theories: readonly Spoken[]
  readonly shift: number
}

const spoken = (name: string, value?: number): Spoken => ({
  name,
  title: name,
  source: 'made up',
  ...(value === undefined ? {} : { value }),
})

const setting: SpokenSetting = {
  name: 'synthetic',
  theories: [spoken('right', 10)],
  reference: 'right',
  required: true,
  shift: 0,
}

const ledger = ledgerFor(10)
let replicasRun = 0

const hypothesis: Hypothesis<SpokenSetting, number> = {
  id: 'mean',
  claim: 'The mean is ten.',
  source: 'made up',
  scale: 'linear',
  margin: 0.5,
  marginReason: 'for the test',
  experiment: ({ shift }) => ({
    name: 'normals about ten',
    looks: [100],
    stepsPerReplica: 1,
    samplesPerReplica: 1,
    runReplica(chain) {
      replicasRun++
      return 10 + shift + standardNormal(streamOf(8, chain))
    },
  }),
  rivals: () => [],
  quantities: () =>
    (['mean', 'mean, too finely'] as const).map((name) => ({
      kind: 'ratio',
      name,
      margin: name === 'mean' ? 1.5 : 1e-3,
      predict: ({ value }) => value,
      measure: (value) => value,
      spread: { varianceSteps: 1, asymmetrySteps: 0 },
      relaxationSteps: 0,
    })),
}

const plants = (name: string, value?: number): Mutant<SpokenSetting> => ({
  name,
  bug: name,
  plant: () => spoken(name, value),
})
const [far, near, mute] = [plants('far', 20), plants('near', 10.01), plants('mute')]
const plans = planClaims(hypothesis, setting, ledger)

test('a bug is told where an answerable, required claim is far from it; a mute one nowhere', () => {
  expect(plantBug(far, plans).map(({ quantity, telling, differs }) => [quantity, telling, differs])).toEqual([
    ['mean', true, true],
    ['mean, too finely', false, true],
  ])
  expect(plantBug(near, plans).map(({ telling, differs }) => [telling, differs])).toEqual([
    [false, false],
    [false, true],
  ])
  expect(plantBug(mute, plans)).toEqual([])
  const compared = planClaims(hypothesis, { ...setting, required: false }, ledger)
  expect(tellingPlans(far, compared)).toEqual([])
})

test('it is caught on what was measured anyway', async () => {
  const { claims } = await judge(plans, ledger)
  const before = replicasRun
  expect(judgeMutant(far, tellingPlans(far, plans), claims)).toEqual([{ setting: 'synthetic', quantity: 'mean' }])
  expect(judgeMutant(plants('right', 10), [0], claims)).toEqual([])
  expect(replicasRun).toBe(before)
})

test('a fault of measurement is measured again, and loses claims', async () => {
  const suite: Suite<SpokenSetting> = {
    settings: [setting],
    ledger,
    mutants: [far],
    corruptions: [
      { name: 'shifted', bug: 'five too much', corrupt: (one) => ({ ...one, shift: 5 }) },
      { name: 'harmless', bug: 'none', corrupt: (one) => one },
    ],
  }
  const outline = outlineOf(hypothesis, suite)
  expect(outline.sampledClaims()).toBe(2)
  expect(outline.planted('far')).toHaveLength(2)
  expect(outline.planted('of another suite')).toEqual([])
  expect(await outline.measuredAgain('shifted')).toEqual([{ setting: 'synthetic', quantity: 'mean' }])
  expect(await outline.measuredAgain('harmless')).toEqual([])
})
