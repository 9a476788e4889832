import { describe, expect, it } from 'vitest'
import { type NetworkReport, networkReportSchema, networkRunSchema } from '../../foundation/network-results.ts'
import { analyseExperiment, type ExperimentMeasurements } from './analyse-experiment.ts'
import type { BatchOrder } from './follow-mode.ts'
import { calibrated, equation18, windowTheory } from './network-theories.ts'
import { measuredOf, type QuadraticNetwork, startOf, syntheticRun } from './synthetic-run.fixture.ts'

const hyperparameters = { learningRate: 0.05, momentum: 0.9, weightDecay: 1e-3, batchSize: 16 }
const free: BatchOrder = { sampling: 'with-replacement', exampleCount: 256 }
const shuffled: BatchOrder = { sampling: 'shuffled-epochs', exampleCount: 256 }
const eigenvalues = [...Array.from({ length: 14 }, (_, l) => 8 * 0.7 ** l), -0.001]
/** Its noise is no multiple of its curvature, but in the bulk, where only |ρ| is known to share it out by. */
const network: QuadraticNetwork = {
  eigenvalues,
  noise: eigenvalues.map((rho, l) => Math.abs(rho) * (l < 6 ? 1 + (l % 3) : 2)),
  forces: eigenvalues.map((rho) => 0.3 * rho),
  topCount: 6,
}

function measurements(
  runs: ExperimentMeasurements['runs'],
  more: Partial<ExperimentMeasurements> = {},
): ExperimentMeasurements {
  return {
    ...measuredOf(network),
    start: startOf(network),
    runs,
    sweeps: [],
    fit: { every: 1, fraction: 1 },
    spectrumPoints: 256,
    exponentLengths: [50, 200, 600],
    drawnModes: [1, 6],
    drawnRuns: ['seed 1'],
    ...more,
  }
}

function replicas(order: BatchOrder, of = network): ExperimentMeasurements['runs'] {
  return Array.from({ length: 16 }, (_, seed) => syntheticRun(of, hyperparameters, order, 600, seed + 1))
}

function claimsOf({ claims }: Pick<NetworkReport, 'claims'>, theory: string): NetworkReport['claims'] {
  return claims.filter((claim) => claim.theory === theory)
}

describe('analyseExperiment', () => {
  it.each([free, shuffled])(
    'finds that a quadratic network does as the theory of its order says, $sampling',
    (order) => {
      const found = analyseExperiment(measurements(replicas(order)))
      const right = claimsOf(found, windowTheory(order.sampling, 'measured').name)
      expect(right.length).toBeGreaterThanOrEqual(12)
      // each is wrong once in a thousand
      expect(right.filter(({ verdict }) => verdict === 'disagrees')).toEqual([])
      expect(right.filter(({ verdict }) => verdict === 'agrees').length).toBeGreaterThanOrEqual(4)
      const rotation = right.find(({ quantity }) => quantity.startsWith('rotation'))!
      expect(rotation.note).toMatch(/6 of 6 modes turn clockwise in every run/)
    },
  )

  it('finds that shuffling is not drawing with replacement', () => {
    // modes slower than an epoch of 16 steps, which it hardly lets move
    const slow = { ...network, eigenvalues: eigenvalues.map((rho) => rho / 20), forces: eigenvalues.map(() => 0) }
    const runs = replicas(shuffled, slow).map((run) => ({ ...run, order: free }))
    const found = analyseExperiment(measurements(runs, { ...measuredOf(slow), start: startOf(slow) }))
    const wrong = claimsOf(found, windowTheory('with-replacement', 'measured').name)
    const virial = wrong.find(({ quantity }) => quantity.startsWith('virial'))!
    expect(virial.verdict).toBe('disagrees')
    expect(virial.measured).toBeLessThan(1)
  })

  it('finds a network that drifts away, and says so in words', () => {
    const drifting = { ...network, forces: network.forces.map((force, l) => (l > 8 ? 3 : 3 * force)) }
    const found = analyseExperiment(measurements(replicas(free, drifting)))
    const end = found.claims.find(({ quantity }) => quantity === '‖Δ‖² at the end')!
    expect(end.verdict).toBe('disagrees')
    expect(found.findings.join('\n')).toMatch(/seed 1: the network still drifts: ‖Δ‖² at the end is [\d.]+ times/)
    expect(found.findings.join('\n')).toMatch(/Σ is not σ²H: along the top 6 modes qᵀΣq runs from/)
    expect(found.findings.join('\n')).toMatch(/Curvature is negative, down to −0.001/)
  })

  it('calibrates a sweep’s speeds at one run and predicts the others', () => {
    const rates = [0.01, 0.02, 0.05]
    const runs = rates.map((learningRate) => ({
      ...syntheticRun(network, { ...hyperparameters, learningRate }, free, 600, 1),
      label: `η ${learningRate}`,
    }))
    const labels = runs.map(({ label }) => label)
    const sweeps = [{ parameter: 'learningRate' as const, runs: labels, calibration: 'η 0.02' }]
    const found = analyseExperiment(measurements(runs, { sweeps, drawnRuns: [] }))
    const made = claimsOf(found, calibrated.name)
    const speed = found.runs[1]!.localDisplacement.mean.value
    expect(made.map(({ prediction }) => prediction / speed)).toEqual([
      expect.closeTo(0.25, 12),
      expect.closeTo(6.25, 12),
    ])
    expect(found.runs[0]!.modes.every(({ trajectory, frequency }) => !trajectory && !frequency)).toBe(true)
    expect(made.map(({ run }) => run)).toEqual(['η 0.01', 'η 0.05'])
  })

  it('leaves out what an unstable learning rate makes infinite, and says why', () => {
    // stable on the network as it is, not on one taken to be 200 times as stiff
    const run = syntheticRun(network, hyperparameters, free, 600, 1)
    const { curvature, noise } = measuredOf({ ...network, eigenvalues: eigenvalues.map((rho) => 200 * rho) })
    const found = analyseExperiment(measurements([run], { curvature, noise }))
    expect(found.runs[0]!.globalDisplacement.predicted).toEqual([])
    expect(networkRunSchema.safeParse(found.runs[0]).error).toBeUndefined()
    expect(found.findings.join('\n')).toMatch(/seed 1: η is past 0\.\d+, the mean’s stability limit/)
  })

  it('makes the parts of a report that the schema takes', () => {
    const runs = [free, shuffled].map((order) => ({
      ...syntheticRun(network, hyperparameters, order, 1001, 1),
      label: order.sampling,
    }))
    const measured = measurements(runs, { drawnRuns: ['with-replacement'] })
    const found = analyseExperiment(measured)
    const report: NetworkReport = {
      schemaVersion: 1,
      kind: 'network',
      program: { name: 'sgd-oracle', version: '0.0.0' },
      command: 'test',
      experiment: { name: 'quadratic', figures: [], about: '' },
      backend: { name: 'none', reason: '' },
      data: { name: 'none', about: '', examples: 256 },
      network: { name: 'quadratic', about: '', parameters: 15 },
      pretraining: { about: '', steps: 0, trainLoss: 1, gradientNorm: 1 },
      curvature: measured.curvature,
      noise: measured.noise,
      planes: [],
      ...found,
    }
    expect(networkReportSchema.safeParse(JSON.parse(JSON.stringify(report))).error).toBeUndefined()
    const names = found.theories.map(({ name }) => name)
    expect(names).toContain(equation18.name)
    for (const { theory } of found.claims) expect(names).toContain(theory)
    const [drawn] = found.runs
    expect(drawn!.modes.filter(({ trajectory }) => trajectory).map(({ mode }) => mode)).toEqual([1, 6])
    expect(drawn!.globalDisplacement.steps.length).toBeLessThanOrEqual(400)
    expect(drawn!.globalDisplacement.steps.at(-1)).toBe(1001)
  })

  it('refuses records of other modes', () => {
    const run = syntheticRun({ ...network, topCount: 3 }, hyperparameters, free, 100, 1)
    expect(() => analyseExperiment(measurements([run]))).toThrow('one position for each of 6 modes, got 3')
  })
})
