import { expect, test } from 'vitest'
import { DivergedError } from '../foundation/phase-space.ts'
import { standardNormal } from '../foundation/random/normal.ts'
import { streamOf } from '../foundation/random/xoshiro128.ts'
import type { Theory } from '../oracle/theory.ts'
import type { Experiment, Hypothesis, Setting } from './hypothesis.ts'
import { type JudgedClaim, judge, judgeAgain } from './judge.ts'
import { ledgerFor } from './ledger.ts'
import { planClaims } from './plan.ts'
import type { RatioQuantity } from './quantity.ts'
import { logSpread } from './spread.ts'

/** A source whose truth is known: replicas average squares of normals of variance `truth`. */
const samplesPerReplica = 500

const theory = (name: string, speed: number): Theory => ({
  name,
  title: name,
  source: 'made up',
  predictions: { localDisplacement: () => speed },
})

interface SyntheticSetting extends Setting {
  readonly theories: readonly Theory[]
}

const setting: SyntheticSetting = {
  name: 'synthetic',
  sampling: 'gaussian',
  theories: [theory('right', 1), theory('close', 1.01), theory('wrong', 1.3), theory('mute', Number.NaN)].map((one) =>
    one.name === 'mute' ? { ...one, predictions: {} } : one,
  ),
  reference: 'right',
  required: true,
}

function experiment(draw: (state: ReturnType<typeof streamOf>) => number): Experiment<number> {
  return {
    name: 'synthetic',
    looks: [64, 128, 256],
    stepsPerReplica: 600,
    samplesPerReplica,
    runReplica(chain) {
      const state = streamOf(11, chain)
      let sum = 0
      for (let i = 0; i < samplesPerReplica; i++) sum += draw(state) ** 2
      return sum / samplesPerReplica
    },
  }
}

function hypothesis(
  source: Experiment<number>,
  changes: Partial<RatioQuantity<number>> = {},
  margin = 0.05,
): Hypothesis<SyntheticSetting, number> {
  return {
    id: 'variance',
    claim: 'The variance is as predicted.',
    source: 'made up',
    scale: 'log',
    margin,
    marginReason: 'for the test',
    experiment: () => source,
    rivals: () => ['close', 'wrong'],
    quantities: () => [
      {
        kind: 'ratio',
        name: 'variance',
        predict: ({ predictions }) => predictions.localDisplacement?.(),
        measure: (mean) => [mean, 1],
        spread: logSpread(2, 8),
        relaxationSteps: 1,
        ...changes,
      },
    ],
  }
}

async function verdicts(claim: Hypothesis<SyntheticSetting, number>): Promise<JudgedClaim<SyntheticSetting, number>> {
  const ledger = ledgerFor(10)
  return (await judge(planClaims(claim, setting, ledger), ledger)).claims[0]!
}

const verdictsOf = (claim: JudgedClaim<SyntheticSetting, number>): Record<string, string> =>
  Object.fromEntries(claim.comparisons.map(({ theory, verdict }) => [theory, verdict]))

test('the right theory agrees, a separable rival is rejected, an inseparable one is said to be, who is mute is left out', async () => {
  const claim = await verdicts(hypothesis(experiment((state) => standardNormal(state))))
  expect(verdictsOf(claim)).toMatchObject({ right: 'agrees', wrong: 'disagrees' })
  expect(claim.comparisons.map(({ theory, separable }) => [theory, separable])).toEqual([
    ['right', undefined],
    ['close', false],
    ['wrong', true],
  ])
  // decided at the first look, so no more was sampled
  expect(claim.looks.map(({ replicas }) => replicas)).toEqual([64])
  expect(claim.stepsUsed).toBe(64 * 600)
})

test('an error of twice the margin in the source turns the required verdict red', async () => {
  const claim = await verdicts(hypothesis(experiment((state) => Math.sqrt(1.1) * standardNormal(state))))
  expect(verdictsOf(claim)['right']).toBe('disagrees')
})

test('an error at the edge of the margin ends neither way, after the whole budget', async () => {
  const claim = await verdicts(hypothesis(experiment((state) => Math.sqrt(1.05) * standardNormal(state))))
  expect(verdictsOf(claim)['right']).toBe('inconclusive')
  expect(claim.looks.map(({ replicas }) => replicas)).toEqual([64, 128, 256])
})

test('infinite variance never passes', async () => {
  // squares of a Cauchy variable have no mean at all
  const cauchy = (state: ReturnType<typeof streamOf>): number => standardNormal(state) / standardNormal(state)
  const claim = await verdicts(hypothesis(experiment(cauchy)))
  expect(verdictsOf(claim)['right']).not.toBe('agrees')
})

test('what the budget cannot answer is not sampled for, and says what it would need', async () => {
  const claim = await verdicts(hypothesis(experiment(standardNormal), {}, 0.001))
  expect(verdictsOf(claim)['right']).toBe('not-answerable')
  expect(claim.looks).toEqual([])
  expect(claim.plan.stepsNeeded).toBeGreaterThan(claim.plan.stepsBudget)
  expect(claim.plan.refusal).toBe('too few samples for the margin')
})

test('looks that skewness would distort are not taken; where all would be, the claim is not answerable', async () => {
  const looksAt = (thirdCumulant: number): readonly number[] =>
    planClaims(
      hypothesis(experiment(standardNormal), { spread: logSpread(2, thirdCumulant) }),
      setting,
      ledgerFor(10),
    )[0]!.looks
  expect(looksAt(6)).toEqual([1, 2, 3]) // K = 3V²/2 does not lean at all
  const all = looksAt(8)
  expect(looksAt(40).length).toBeLessThan(all.length)
  expect(looksAt(400)).toEqual([])
  const claim = await verdicts(hypothesis(experiment(standardNormal), { spread: logSpread(2, 400) }))
  expect(claim.plan.refusal).toBe('too few samples for the margin')
})

test('a mode that no replica outlives is not answerable, however many replicas there are', async () => {
  const claim = await verdicts(hypothesis(experiment(standardNormal), { relaxationSteps: 500 }))
  expect(claim.plan.refusal).toBe('modes that relax in up to 500 steps need replicas 20 times as long')
  expect(verdictsOf(claim)['right']).toBe('not-answerable')
})

test('a quantity that is refused for good says why and needs no number of steps', async () => {
  const claim = await verdicts(hypothesis(experiment(standardNormal), { refusal: 'heavy tails' }))
  expect(claim.plan.refusal).toBe('heavy tails')
  expect(claim.plan).not.toHaveProperty('stepsNeeded')
})

test('a plan keeps its word: at the edge of its budget a true claim is decided (50 seeds)', async () => {
  // A margin for which the plan just fits: the smallest at which it is answerable.
  const ledger = ledgerFor(10)
  const source = experiment(standardNormal)
  let margin = 0.01
  while (planClaims(hypothesis(source, {}, margin), setting, ledger)[0]!.refusal !== undefined) margin *= 1.02
  for (let seed = 0; seed < 50; seed++) {
    const shifted = { ...source, runReplica: (chain: number) => source.runReplica(chain + 1000 * seed) }
    expect(verdictsOf(await verdicts(hypothesis(shifted, {}, margin)))['right']).toBe('agrees')
  }
})

test('a replica that diverges ends the sampling; nothing that was undecided passes', async () => {
  const source = experiment(standardNormal)
  const runReplica = (chain: number): number => {
    if (chain === 20) throw new DivergedError('chain 20 diverged')
    return source.runReplica(chain)
  }
  const claim = await verdicts(hypothesis({ ...source, runReplica }))
  expect(claim.diverged).toBe('chain 20 diverged')
  expect(verdictsOf(claim)).toMatchObject({ right: 'inconclusive', wrong: 'inconclusive' })
})

test('an interrupted judgement stops between replicas', async () => {
  const ledger = ledgerFor(10)
  const interruption = new AbortController()
  let replicas = 0
  const running = judge(planClaims(hypothesis(experiment(standardNormal)), setting, ledger), ledger, {
    signal: interruption.signal,
    onReplica: () => {
      if (++replicas === 3) interruption.abort()
    },
  })
  await expect(running).rejects.toThrow(/abort/i)
  expect(replicas).toBe(3)
})

test('of several margins the tightest that the budget answers is taken, and the loosest where none is', () => {
  const planned = (margin: readonly number[]): [number, boolean] => {
    const claim = { ...hypothesis(experiment(standardNormal)), margin }
    const plan = planClaims(claim, setting, ledgerFor(10))[0]!
    return [plan.margin, plan.refusal === undefined]
  }
  expect(planned([0.001, 0.05, 0.1])).toEqual([0.05, true])
  expect(planned([0.001, 0.002])).toEqual([0.002, false])
  for (const wrong of [[], [0.1, 0.05], [0]]) expect(() => planned(wrong)).toThrow('margins must be > 0 and ascend')
})

test('a quantity has the scale, margin and reason of its own, or its hypothesis has them for it', () => {
  const [plain] = planClaims(hypothesis(experiment(standardNormal)), setting, ledgerFor(10))
  expect(plain).toMatchObject({ scale: 'log', margin: 0.05, marginReason: 'for the test' })
  const own = { scale: 'linear', margin: 0.2, marginReason: 'its own' } as const
  const [special] = planClaims(hypothesis(experiment(standardNormal), own), setting, ledgerFor(10))
  expect(special).toMatchObject(own)
})

test('two quantities of one name are refused', () => {
  const claim = hypothesis(experiment(standardNormal))
  const quantities = (): RatioQuantity<number>[] =>
    [...claim.quantities(setting), ...claim.quantities(setting)] as RatioQuantity<number>[]
  expect(() => planClaims({ ...claim, quantities }, setting, ledgerFor(10))).toThrow('quantities must differ in name')
})

test('what was measured can be held against another theory later, to the verdict that it would have had', async () => {
  const claim = await verdicts(hypothesis(experiment((state) => standardNormal(state))))
  expect(judgeAgain(claim, theory('right again', 1))).toBe('agrees')
  expect(judgeAgain(claim, theory('wrong again', 1.3))).toBe('disagrees')
  expect(judgeAgain(claim, { ...theory('mute', 1), predictions: {} })).toBeUndefined()
})
