import { describe, expect, it } from 'vitest'
import { explicitOperator, networkLikeSpectrum } from './explicit-operator.fixture.ts'
import { subspaceIteration } from './subspace-iteration.ts'
import { hutchinsonTrace, type TraceState } from './trace.ts'

const spectrum = networkLikeSpectrum(120, 12)
const trace = spectrum.reduce((sum, rho) => sum + rho, 0)

describe('trace by random signs', () => {
  it('is the trace, within five standard errors', async () => {
    const { value, standardError } = await hutchinsonTrace(explicitOperator(spectrum, 1), { probes: 400, seed: 1 })
    expect(Math.abs(value - trace)).toBeLessThan(5 * standardError)
  })

  it('has the standard error of theory: variance 2 Σ_{i≠j} H_ij² a probe', async () => {
    const { matrix, size, ...operator } = explicitOperator(spectrum, 2)
    let sum = 0
    for (let i = 0; i < size; i++) for (let j = 0; j < size; j++) if (i !== j) sum += 2 * matrix[i * size + j]! ** 2
    const { standardError } = await hutchinsonTrace({ size, ...operator }, { probes: 1000, seed: 2 })
    // of a variance from 1,000 near-normal samples; zᵀHz has a kurtosis of at most 15
    expect(Math.abs((standardError ** 2 * 1000) / sum - 1)).toBeLessThan(5 * Math.sqrt(14 / 1000))
  })

  it('is exact for a diagonal matrix, whose signs square to one', async () => {
    const operator = { size: 33, multiply: async (x: Float32Array) => x.map((value, i) => i * value) }
    expect(await hutchinsonTrace(operator, { probes: 3, seed: 1 })).toEqual({ value: (32 * 33) / 2, standardError: 0 })
  })

  it('is unbiased with eigenvectors taken out, converged or not, and sharper', async () => {
    const operator = explicitOperator(spectrum, 3)
    const plain = await hutchinsonTrace(operator, { probes: 100, seed: 1 })
    for (const iterations of [1, 2, 20]) {
      const deflated = await subspaceIteration(operator, { count: 12, iterations, tolerance: 0, seed: 1 })
      const { value, standardError } = await hutchinsonTrace(operator, { probes: 100, seed: 1, deflated })
      expect(Math.abs(value - trace)).toBeLessThan(5 * standardError)
      if (iterations === 20) expect(standardError).toBeLessThan(plain.standardError / 10)
    }
  })

  it('goes on from any probe as if nothing had happened, and has the same probes whatever their number', async () => {
    const operator = explicitOperator(spectrum, 4)
    const states: TraceState[] = []
    const whole = await hutchinsonTrace(
      operator,
      { probes: 6, seed: 9 },
      { onProgress: (_done, _total, state) => void states.push(structuredClone(state)) },
    )
    expect(await hutchinsonTrace(operator, { probes: 6, seed: 9 }, { from: states[2] })).toEqual(whole)
    const few: TraceState = { quadraticForms: [] }
    await hutchinsonTrace(operator, { probes: 4, seed: 9 }, { from: few })
    expect(few).toEqual(states[3])
  })

  it('needs two probes, and numbers', async () => {
    const operator = explicitOperator([1, 2], 1)
    await expect(hutchinsonTrace(operator, { probes: 1, seed: 1 })).rejects.toThrow(
      /probes must be an integer ≥ 2, got 1/,
    )
    const broken = { size: 2, multiply: async () => Float32Array.of(1, Number.NaN) }
    await expect(hutchinsonTrace(broken, { probes: 2, seed: 1 })).rejects.toThrow(/products must be finite/)
  })
})
