import { describe, expect, it } from 'vitest'
import { explicitOperator, networkLikeSpectrum } from './explicit-operator.fixture.ts'
import { lanczosEigenpairs } from './lanczos-eigenpairs.ts'
import { type SpectralDensity, type SpectralDensityState, spectralDensity } from './spectral-density.ts'

const size = 150
const spectrum = networkLikeSpectrum(size, 12)
const moment = (power: number): number => spectrum.reduce((sum, rho) => sum + rho ** power, 0)

const eigenpairs = (count: number, operator = explicitOperator(spectrum, 1)): ReturnType<typeof lanczosEigenpairs> =>
  lanczosEigenpairs(operator, { count, maxProducts: 200, basisSize: 2 * count + 2, tolerance: 1e-4, seed: 1 })

describe('spectral density by stochastic Lanczos quadrature', () => {
  it('counts every eigenvalue once, and has the matrix’s trace and Frobenius norm within five standard errors', async () => {
    const operator = explicitOperator(spectrum, 1)
    for (const deflated of [undefined, await eigenpairs(12)]) {
      const density = await spectralDensity(operator, { probes: 40, steps: 20, seed: 1, ...(deflated && { deflated }) })
      expect(sumOf(density, 0)).toBeCloseTo(size, 9)
      expect(sumOf(density, 1)).toBeCloseTo(density.trace.value, 9)
      expect(sumOf(density, 2)).toBeCloseTo(density.squaredFrobeniusNorm.value, 9)
      expect(Math.abs(density.trace.value - moment(1))).toBeLessThan(5 * density.trace.standardError)
      const { value, standardError } = density.squaredFrobeniusNorm
      // H² has large entries on few probes: their mean is off by more than normal, and nothing is left of it when deflated
      expect(Math.abs(value - moment(2))).toBeLessThan(5 * standardError + 1e-5 * moment(2))
    }
  })

  it('is each probe’s own measure to the moment 2·steps − 1', async () => {
    const operator = explicitOperator(spectrum, 2)
    // two probes of one seed with few and with many steps have the same low moments
    const few = await spectralDensity(operator, { probes: 2, steps: 3, seed: 4 })
    const many = await spectralDensity(operator, { probes: 2, steps: 12, seed: 4 })
    for (const power of [1, 2, 3, 4, 5]) expect(sumOf(few, power) / sumOf(many, power)).toBeCloseTo(1, 5)
    expect(Math.abs(sumOf(few, 6) / sumOf(many, 6) - 1)).toBeGreaterThan(1e-4)
  })

  it('puts the counts where the eigenvalues are', async () => {
    const operator = explicitOperator(spectrum, 3)
    const deflated = await eigenpairs(12, operator)
    const { nodes, counts } = await spectralDensity(operator, { probes: 60, steps: 30, seed: 2, deflated })
    const below = (bound: number): number => nodes.reduce((sum, node, j) => sum + (node < bound ? counts[j]! : 0), 0)
    const exact = (bound: number): number => spectrum.filter((rho) => rho < bound).length
    // 10 negative eigenvalues, 128 of the bulk in [0, 0.02]: the share of a probe in m of 138 dimensions varies by √(2m) at most
    for (const bound of [-0.04, 0.021]) {
      expect(Math.abs(below(bound) - exact(bound))).toBeLessThan(5 * Math.sqrt((2 * 10) / 60))
    }
    for (const value of deflated.eigenvalues) expect(counts[nodes.indexOf(value)]).toBe(1)
  })

  it('is the whole spectrum where the steps fill the space that is left', async () => {
    const few = [4, 2, 2, 1, -1]
    const operator = explicitOperator(few, 1)
    const deflated = await lanczosEigenpairs(operator, {
      count: 1,
      maxProducts: 5,
      basisSize: 5,
      tolerance: 1e-4,
      seed: 1,
    })
    const { nodes, counts } = await spectralDensity(operator, { probes: 2, steps: 99, seed: 1, deflated })
    expect(sumOf({ nodes, counts }, 0)).toBeCloseTo(5, 9)
    nodes.forEach((node) => {
      expect(Math.min(...few.map((rho) => Math.abs(rho - node)))).toBeLessThan(1e-5)
    })
  })

  it('goes on from any product as if nothing had happened, to the last bit', async () => {
    // of rank 3: the probe's own space ends on the way, and random vectors go on
    const operator = explicitOperator([3, 2, 1, 0, 0, 0, 0, 0, 0, 0], 1)
    const settings = { probes: 3, steps: 6, seed: 5 }
    const states: SpectralDensityState[] = []
    const whole = await spectralDensity(operator, settings, {
      onProgress: (_done, _total, state) => void states.push(structuredClone(state)),
    })
    expect(states).toHaveLength(18)
    for (const done of [1, 4, 5, 6, 11, 18]) {
      expect(await spectralDensity(operator, settings, { from: states[done - 1] })).toEqual(whole)
    }
  })

  it('needs two probes, a step, and something that is not deflated', async () => {
    const operator = explicitOperator([1, 2], 1)
    const deflated = await lanczosEigenpairs(operator, {
      count: 2,
      maxProducts: 2,
      basisSize: 2,
      tolerance: 1e-4,
      seed: 1,
    })
    const settings = { probes: 2, steps: 1, seed: 1 }
    await expect(spectralDensity(operator, { ...settings, probes: 1 })).rejects.toThrow(/probes must be/)
    await expect(spectralDensity(operator, { ...settings, steps: 0 })).rejects.toThrow(/steps must be/)
    await expect(spectralDensity(operator, { ...settings, deflated })).rejects.toThrow(
      /fewer than the 2 dimensions, got 2/,
    )
  })
})

function sumOf({ nodes, counts }: Pick<SpectralDensity, 'nodes' | 'counts'>, power: number): number {
  return nodes.reduce((sum, node, j) => sum + counts[j]! * node ** power, 0)
}
