/** A run made by hand, for the tests of what is drawn of it: turning modes with made-up measurements, and no claim to be true. */
import type { Report } from '../foundation/results.ts'
import type { SingleRun } from '../foundation/single-run.ts'
import { fixtureReport } from './fixture.ts'

const steps = 4096
const pathEvery = 32
const noiseVariance = 0.4
const drawn = [1, 4, 7]

/** The fixture's report with a run of its modes. */
export function fixtureReportWithRun(): Report & { singleRun: SingleRun } {
  const report = fixtureReport()
  return { ...report, singleRun: fixtureRun(report.spectrum.eigenvalues) }
}

function fixtureRun(eigenvalues: readonly number[]): SingleRun {
  const points = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096]
  const lengths = [16, 256, 4096]
  const grown = (k: number): number => (1e-3 * k) / (1 + k / 50)
  return {
    sampling: 'with-replacement',
    steps,
    output: 1,
    noiseVariance,
    localDisplacement: {
      mean: { value: 5e-4, standardError: 1e-5 },
      blockLength: 64,
      values: Array.from({ length: 64 }, (_, block) => 5e-4 * (1 + 0.2 * Math.sin(7 * block))),
      predicted: [
        { theory: 'langevin', value: 4.9e-4 },
        { theory: 'minibatch-with', value: 5.1e-4 },
      ],
    },
    globalDisplacement: {
      steps: points,
      values: points.map((k) => grown(k) * (1 + 0.1 * Math.cos(k))),
      predicted: [
        { theory: 'langevin', values: points.map(grown) },
        { theory: 'minibatch-with', values: points.map((k) => 1.04 * grown(k)) },
      ],
    },
    exponents: {
      lengths,
      measured: [0.95, 0.71, 0.44],
      prefactors: [1e-3, 1.2e-3, 2e-3],
      predicted: [
        { theory: 'langevin', values: [0.93, 0.7, 0.43] },
        { theory: 'minibatch-with', values: [0.94, 0.72, 0.45], low: [0.6, 0.5, 0.3], high: [1.3, 0.9, 0.6] },
      ],
    },
    records: { count: 16, length: 256 },
    pathEvery,
    modes: eigenvalues.map((rho, l) => modeOf(l + 1, rho)),
  }
}

function modeOf(mode: number, rho: number): SingleRun['modes'][number] {
  const frequencies = Array.from({ length: 24 }, (_, bin) => 0.025 * 1.22 ** bin)
  const amplitude = (f: number): number => 1 / (0.01 + (f - 0.1 * Math.sqrt(rho)) ** 2)
  const wave = (every: number, amount: number, phase: number): number[] =>
    Array.from({ length: 120 }, (_, row) => amount * Math.cos(0.14 * Math.sqrt(rho) * row * every + phase))
  // clockwise, as a mode turns
  const turning = (every: number) => ({
    position: wave(every, 0.05, -Math.PI / 2),
    velocity: wave(every, 0.3 * Math.sqrt(rho), 0),
  })
  return {
    mode,
    frequency: {
      position: { value: 0.2 * Math.sqrt(rho), standardError: 0.01 },
      velocity: { value: 0.8 },
      predicted: [
        { theory: 'langevin', position: 0.21 * Math.sqrt(rho), velocity: 0.79 },
        { theory: 'discrete', position: 0.2 * Math.sqrt(rho), velocity: 0.81 },
      ],
    },
    lossSlope: 0,
    ...(drawn.includes(mode)
      ? {
          spectrum: {
            frequencies,
            position: frequencies.map((f) => 1.1 * amplitude(f)),
            velocity: frequencies.map((f) => f * amplitude(f)),
            predicted: [
              {
                theory: 'langevin',
                position: frequencies.map(amplitude),
                velocity: frequencies.map((f) => f * amplitude(f)),
              },
            ],
          },
          trajectory: { every: mode, ...turning(mode) },
          path: turning(pathEvery),
        }
      : {}),
  }
}
