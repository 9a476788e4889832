import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { regressionProblem } from '../foundation/regression-problem.ts'
import { catalogue } from './catalogue.ts'
import { discreteLaw } from './discrete.ts'
import { expectedMeanFrequency } from './expected-amplitude.ts'
import { langevinLaw } from './langevin.ts'
import { amplitudeWeightedFrequency, expectedPeriodogram } from './periodogram.ts'
import { answer, type PredictionAnswer, type PredictionRequest } from './request.ts'

const usual: PredictionRequest = {
  learningRate: 0.1,
  momentum: 0.9,
  weightDecay: 0.01,
  batchSize: 4,
  noiseVariance: 0.5,
  eigenvalues: [2, 0.1],
}

const one = (request: PredictionRequest): PredictionAnswer => answer(request) as PredictionAnswer

test('what the request does not determine is absent', () => {
  expect(Object.keys(one(usual))).toEqual([
    'theory',
    'regime',
    'dampingRatio',
    'localDisplacement',
    'positionVariance',
    'velocityVariance',
    'positionVelocityCovariance',
    'kineticEnergy',
    'excessPotential',
    'rotation',
    'velocityZeroCrossing',
  ])
  const start = { position: [1, 1], velocity: [0, 0] }
  expect(one({ ...usual, start })).not.toHaveProperty('meanTrajectory')
  expect(one({ ...usual, theory: 'discrete', steps: [1] })).not.toHaveProperty('globalDisplacementContinuous')
  expect(one({ ...usual, steps: [1] })).toHaveProperty('globalDisplacementContinuous')
  expect(one({ ...usual, lags: [0] })).toHaveProperty('velocityCorrelation')
})

test('arrays follow the order of the request, and have the shapes that are promised', () => {
  const start = { position: [1, -1], velocity: [0.5, 0] }
  const asked = one({ ...usual, start, steps: [7, 0, 3], lags: [5, 0] })
  expect(asked.velocityCorrelation!.map((row) => row[1])).toEqual([1, 1])
  expect(asked.velocityCorrelation).toHaveLength(2)
  expect(asked.meanTrajectory!.position.map((row) => row[1])).toEqual([1, -1])
  expect(asked.meanTrajectory!.velocity[0]).toHaveLength(3)
  expect(asked.globalDisplacement![1]).toBe(0)
  expect(asked.covarianceAtStep![0]![1]).toEqual([
    [0, 0],
    [0, 0],
  ])
  const [[xx, xv], [vx, vv]] = asked.covarianceAtStep![1]![0]!
  expect(xv).toBe(vx)
  expect(xx * vv).toBeGreaterThan(xv * vx)
  expect(asked.globalDisplacementFromStart![1]).toBe(0)
  const sorted = one({ ...usual, start, steps: [0, 3, 7] })
  expect(sorted.globalDisplacement).toEqual([1, 2, 0].map((index) => asked.globalDisplacement![index]))
})

test('both theories meet the 60-digit values of a second implementation', () => {
  const { cases } = JSON.parse(readFileSync(new URL('fixtures/modes.json', import.meta.url), 'utf8'))
  for (const { input, continuous, discrete } of cases) {
    const request = {
      learningRate: input.learningRate,
      momentum: input.momentum,
      weightDecay: input.weightDecay,
      batchSize: input.batchSize,
      noiseVariance: input.noiseVariance,
      eigenvalues: [input.eigenvalue],
    }
    const langevin = one(request)
    expect(langevin.localDisplacement! / continuous.localDisplacement).toBeCloseTo(1, 12)
    expect(langevin.positionVariance![0]! / continuous.stationaryCovariance[0][0]).toBeCloseTo(1, 12)
    const exact = one({ ...request, theory: 'discrete', steps: [input.lag] })
    expect(exact.positionVelocityCovariance![0]! / discrete.stationaryCovariance[0][1]).toBeCloseTo(1, 12)
    expect(exact.kineticEnergy! / discrete.kineticEnergy).toBeCloseTo(1, 12)
    if (input.lag > 0) expect(exact.globalDisplacement![0]! / discrete.globalDisplacementAtLag).toBeCloseTo(1, 11)
  }
})

test.each([
  ['an unknown key', { ...usual, lambda: 0 }, 'request: unknown key lambda; known are theory, learningRate,'],
  ['an unknown key in an array', [usual, { ...usual, lambda: 0 }], 'request[1]: unknown key lambda'],
  ['momentum 1.2', { ...usual, momentum: 1.2 }, 'request: momentum: Too big: expected number to be <1, got 1.2'],
  ['a missing field', { momentum: 0.9 }, 'request: learningRate: Invalid input: expected number, received undefined'],
  ['a fractional step', { ...usual, steps: [1, 2.5] }, 'request: steps[1]: '],
  ['a negative lag', { ...usual, lags: [-1] }, 'request: lags[0]: '],
  ['no modes', { ...usual, eigenvalues: [] }, 'request: eigenvalues: '],
  ['a flat mode', { ...usual, eigenvalues: [1, 0] }, 'request: eigenvalues[1]: '],
  [
    'a start of another size',
    { ...usual, start: { position: [1], velocity: [1, 2] } },
    'request: start.position must have one value for each of 2 eigenvalues, got 1',
  ],
  [
    'an unstable learning rate',
    { ...usual, theory: 'discrete', learningRate: 9 },
    "request: discreteLaw: learningRate must be below the mean's stability limit",
  ],
  ['a number', 3, 'request: it: '],
])('%s is refused, and where it stands is said', (_, request, message) => {
  expect(() => answer(request)).toThrow(RangeError)
  expect(() => answer(request)).toThrow(message)
})

const dataset = (weightDecay: number): ReturnType<typeof regressionProblem> => {
  const features = Float64Array.from({ length: 24 }, (_, i) => Math.sin(3 * i + 1))
  return regressionProblem(
    features,
    Float64Array.from({ length: 12 }, (_, i) => Math.cos(5 * i)),
    12,
    weightDecay,
  )
}
const { noiseVariance: _, eigenvalues: __, ...onData } = usual

test('all theories answer at once, each with what it predicts', () => {
  const answers = answer({
    ...usual,
    theory: 'all',
    exampleCount: 100,
    tailIndex: 1.5,
    steps: [1, 5],
    lags: [1],
  }) as PredictionAnswer[]
  const expected = catalogue.filter(({ needs }) => needs !== 'problem').map(({ name }) => name)
  expect(answers.map(({ theory }) => theory)).toEqual(expected)
  expect(answers.find(({ theory }) => theory === 'gradient flow')).not.toHaveProperty('localDisplacement')
  expect(answers.find(({ theory }) => theory === 'Brownian')!.globalDisplacement![1]).toBeCloseTo(
    5 * answers.find(({ theory }) => theory === 'discrete')!.localDisplacement!,
    12,
  )
})

test('with a dataset every theory answers, from its spectrum', () => {
  const start = { position: [1, 0], velocity: [0, 0] }
  const request = { ...onData, theory: 'all', learningRate: 0.02, tailIndex: 1.2, steps: [3], start }
  const answers = answer(request, dataset) as PredictionAnswer[]
  expect(answers.map(({ theory }) => theory)).toEqual(catalogue.map(({ name }) => name))
  const exact = answers.find(({ theory }) => theory === 'mini-batch with replacement')!
  expect(exact.globalDisplacementFromStart).toHaveLength(1)
  expect(exact).not.toHaveProperty('covarianceAtStep')
})

test('points and steps determine frequencies and the exponent', () => {
  const asked = one({ ...usual, theory: 'discrete', points: 64, steps: [0, 1, 2, 4, 8] })
  expect(asked.meanFrequency!.velocity).toHaveLength(2)
  expect(asked.meanFrequency!.velocity[0]).toBeGreaterThan(asked.meanFrequency!.velocity[1]!)
  expect(asked.exponent).toBeGreaterThan(1)
  expect(asked.exponent).toBeLessThan(2)
  expect(one({ ...usual, steps: [0, 3] })).not.toHaveProperty('exponent')
  expect(one({ ...usual, theory: 'first-order', points: 64 })).not.toHaveProperty('meanFrequency')
})

test('frequencies are those that records show: quotients of expected amplitudes, not of roots of expected powers', () => {
  const slow = { ...usual, eigenvalues: [2, 0.001], points: 64 }
  const spectrum = { eigenvalues: Float64Array.of(2, 0.001), noiseVariances: Float64Array.of(0.5, 0.5) }
  for (const [theory, lawOf] of [
    ['discrete', discreteLaw],
    ['langevin', langevinLaw],
  ] as const) {
    const law = lawOf(spectrum, { learningRate: 0.1, momentum: 0.9, weightDecay: 0.01, batchSize: 4 })
    const { position, velocity } = expectedMeanFrequency(law, 64)
    const said = one({ ...slow, theory }).meanFrequency!
    expect(said).toEqual({ position: [...position], velocity: [...velocity] })
    const { frequencies, position: power } = expectedPeriodogram(law, 64)
    expect(said.position[1]! / amplitudeWeightedFrequency(frequencies, power)[1]!).toBeLessThan(0.97)
  }
  expect(() => one({ ...slow, noiseVariance: 0, theory: 'discrete' })).toThrow('mode 0 must move')
})

test('a theory that lacks its evidence says what it needs', () => {
  expect(() => answer({ ...usual, theory: 'shuffled epochs' })).toThrow('shuffled epochs needs exampleCount')
  expect(() => answer({ ...usual, theory: 'mini-batch with replacement' })).toThrow('needs a dataset (--data)')
  expect(() => answer({ ...onData, theory: 'langevin' })).toThrow('eigenvalues: needed without a dataset')
  expect(() => answer(usual, dataset)).toThrow('eigenvalues comes from the dataset and must be left out')
})
