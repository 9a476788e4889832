import { readdirSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { RecordedTrajectory } from '../../foundation/formats/recorded-trajectory.ts'
import { standardNormal } from '../../foundation/random/normal.ts'
import { uniformInteger } from '../../foundation/random/uniform-integer.ts'
import { streamOf } from '../../foundation/random/xoshiro128.ts'
import type { Claim, Report } from '../../foundation/results.ts'
import { planCheck, runCheck } from './check.ts'

const eigenvalues = Float64Array.of(2, 0.5)
const [learningRate, momentum, batchSize, exampleCount] = [0.05, 0.9, 4, 24]

/** SGD in shuffled epochs whose examples have the same noise wherever the parameters are, from the minimum, every step a row. */
function shuffledEpochs(chainCount: number, rowCount: number): RecordedTrajectory {
  const noise = examplesNoise()
  const position = new Float64Array(chainCount * rowCount * 2)
  const velocity = new Float64Array(position.length)
  for (let chain = 0; chain < chainCount; chain++) {
    const random = streamOf(23, chain)
    const order = Array.from({ length: exampleCount }, (_, i) => i)
    const state = { x: [0, 0], v: [0, 0] }
    for (let row = 1; row < rowCount; row++) {
      const place = ((row - 1) * batchSize) % exampleCount
      if (place === 0) shuffle(order, random)
      for (const l of [0, 1]) {
        const kick = order.slice(place, place + batchSize).reduce((sum, i) => sum + noise[l]![i]!, 0) / batchSize
        state.v[l] = momentum * state.v[l]! - eigenvalues[l]! * state.x[l]! - kick
        state.x[l]! += learningRate * state.v[l]!
      }
      position.set(state.x, 2 * (chain * rowCount + row))
      velocity.set(state.v, 2 * (chain * rowCount + row))
    }
  }
  return {
    metadata: {},
    chainCount,
    rowCount,
    outputCount: 1,
    modeCount: 2,
    steps: Float64Array.from({ length: rowCount }, (_, row) => row),
    position,
    velocity,
    globalDisplacement: Float64Array.from(
      { length: chainCount * rowCount },
      (_, row) => position[2 * row]! ** 2 + position[2 * row + 1]! ** 2,
    ),
    eigenvalues,
  }
}

/** Of mean 0 and variance ρ over the examples. // [mode][example] */
function examplesNoise(): Float64Array[] {
  const random = streamOf(29, 0)
  return Array.from(eigenvalues, (rho) => {
    const drawn = Float64Array.from({ length: exampleCount }, () => standardNormal(random))
    const mean = drawn.reduce((sum, value) => sum + value, 0) / exampleCount
    const square = drawn.reduce((sum, value) => sum + (value - mean) ** 2, 0) / exampleCount
    return drawn.map((value) => (value - mean) * Math.sqrt(rho / square))
  })
}

function shuffle(order: number[], random: Parameters<typeof uniformInteger>[0]): void {
  for (let last = order.length - 1; last > 0; last--) {
    const other = uniformInteger(random, last + 1)
    ;[order[last], order[other]] = [order[other]!, order[last]!]
  }
}

const known = {
  learningRate,
  momentum,
  weightDecay: 0,
  batchSize,
  exampleCount,
  noiseVariances: [1, 1],
  spectrum: [2, 0.5],
  sampling: 'shuffled-epochs',
  start: 'minimum',
}

const judged = (trajectory: RecordedTrajectory, settings: unknown): Promise<Report> =>
  runCheck(planCheck({ trajectory, settings, name: 'recorded', burnIn: 0, command: 'check' }), '0.0.0')

const claimsOf = ({ claims }: Report, hypothesis: string): Claim[] =>
  claims.filter((claim) => claim.hypothesis === hypothesis && claim.answerable)

describe('two times under shuffling', () => {
  const trajectory = shuffledEpochs(64, 6001)

  it('are predicted from the place in an epoch, and independent batches are told from it', async () => {
    const report = await judged(trajectory, known)
    for (const hypothesis of ['velocity-correlation', 'rotation', 'global-displacement', 'velocity-shape']) {
      const claims = claimsOf(report, hypothesis)
      expect(claims.length, hypothesis).toBeGreaterThan(0)
      expect(new Set(claims.map(({ comparisons }) => comparisons[0]!.verdict)), hypothesis).toEqual(new Set(['agrees']))
      expect(claims[0]!.comparisons[0]!.theory).toBe('shuffled epochs')
    }
    for (const hypothesis of ['velocity-correlation', 'rotation']) {
      const independent = claimsOf(report, hypothesis).map(({ comparisons }) =>
        comparisons.find(({ theory }) => theory === 'noise at the minimum'),
      )
      expect(
        independent.map((comparison) => comparison?.verdict),
        hypothesis,
      ).toContain('disagrees')
    }
  })

  it('are not asked of rows whose place in an epoch, or number of examples, is not known', async () => {
    const later = { ...trajectory, steps: trajectory.steps.map((step) => step + 1) }
    const missing = (report: Report, which: string): string[] =>
      report.recording!.limits.flatMap((limit) => (limit.hypothesis === which ? [limit.missing] : []))
    const elsewhere = await judged(later, known)
    for (const hypothesis of ['velocity-correlation', 'rotation']) {
      expect(claimsOf(elsewhere, hypothesis)).toEqual([])
      expect(missing(elsewhere, hypothesis)).toEqual(['a first row at the start of an epoch'])
    }
    const { exampleCount: _, ...uncounted } = known
    expect((await judged(trajectory, uncounted)).recording!.notes.join()).toContain('exampleCount is not given')
  })
})

describe('what is not asked', () => {
  const trajectory = shuffledEpochs(64, 121)

  it('is named, beside fields that are missing also what the rows are too few or too near the minimum for', async () => {
    const { globalDisplacement: _, ...rest } = trajectory
    const { recording } = await judged(rest, known)
    expect(recording!.limits).toContainEqual({
      hypothesis: 'mean-trajectory',
      missing: 'a start far outside the stationary spread',
    })
    expect(recording!.limits).toContainEqual({
      hypothesis: 'anomalous-exponent',
      missing: 'tensor global_displacement',
    })
    expect(recording!.notes.join()).toContain('the exact mini-batch theory is not asked: it needs the data set itself')
  })

  it('has the ids of the specs', async () => {
    const { claims, recording } = await judged(trajectory, known)
    const spec = new Set(
      readdirSync(new URL('../hypotheses', import.meta.url)).map((name) => name.slice(0, -'.ts'.length)),
    )
    for (const { hypothesis } of [...claims, ...recording!.limits]) expect(spec).toContain(hypothesis)
  })
})
