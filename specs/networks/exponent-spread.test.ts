import { expect, it } from 'vitest'
import { exponentSpread } from './exponent-spread.ts'
import type { BatchOrder } from './follow-mode.ts'
import { fitCurve, windowCurves } from './network-predictions.ts'
import { networkSpectrum } from './network-spectrum.ts'
import { measuredOf, startOf, syntheticRun } from './synthetic-run.fixture.ts'

const hyperparameters = { learningRate: 0.05, momentum: 0.9, weightDecay: 1e-3, batchSize: 8 }
const orders: BatchOrder[] = [
  { sampling: 'with-replacement', exampleCount: 128 },
  { sampling: 'shuffled-epochs', exampleCount: 128 },
]

it.each(orders)('exponentSpread is what exponents of single runs scatter by, $sampling', (order) => {
  const eigenvalues = Array.from({ length: 12 }, (_, l) => 3 * 0.6 ** l)
  const network = { eigenvalues, noise: eigenvalues, forces: eigenvalues.map((rho) => 0.1 * rho), topCount: 4 }
  const { curvature, noise } = measuredOf(network)
  const spectrum = networkSpectrum(curvature, noise)
  const start = startOf(network)
  const [steps, fit, replicas] = [300, { every: 2, fraction: 2 / 3 }, 200]
  const curve = windowCurves(spectrum, start, hyperparameters, order, steps).measured.globalDisplacement
  const spread = exponentSpread(spectrum, 'measured', start, hyperparameters, order, fit, steps, curve)
  const values = Array.from({ length: replicas }, (_, seed) => {
    const { record } = syntheticRun(network, hyperparameters, order, steps, seed)
    const seen = Float64Array.from({ length: steps + 1 }, (_, k) =>
      k === 0 ? 0 : record.values[(k - 1) * record.columns.length + 2]!,
    )
    return fitCurve(seen, fit, steps).exponent
  })
  const mean = values.reduce((sum, value) => sum + value / replicas, 0)
  const measured = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (replicas - 1))
  // 5 standard errors of a standard deviation, 1/√(2·200), and as much for what first order and groups leave out
  expect(Math.abs(measured / spread - 1)).toBeLessThan(0.5)
})
