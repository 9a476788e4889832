import { describe, expect, it } from 'vitest'
import { flatModes, networkSpectrum, nodesOf, stationaryModes } from './network-spectrum.ts'

const curvature = {
  eigenvalues: [4, 1, -0.5],
  density: { nodes: [-0.5, -0.01, 0.1, 1, 4], counts: [1, 20, 6, 1, 1] },
}
/** tr H = 4.5 + 0.6 − 0.2 = 4.9; σ² is 10/4.9. */
const noise = {
  trace: { value: 10, standardError: 0.1 },
  variance: { value: 10 / 4.9, standardError: 0.02 },
  alignment: [0.5, 2, -0.3],
}

describe('networkSpectrum', () => {
  it('takes the top modes out of the density and keeps tr Σ where noise was measured', () => {
    const spectrum = networkSpectrum(curvature, noise)
    expect(spectrum.top.map(({ eigenvalue }) => eigenvalue)).toEqual([4, 1, -0.5])
    expect(spectrum.bulk.map(({ eigenvalue, count }) => [eigenvalue, count])).toEqual([
      [-0.01, 20],
      [0.1, 6],
    ])
    const total = nodesOf(spectrum).reduce((sum, node) => sum + node.count * node.noise.measured, 0)
    expect(total).toBeCloseTo(10, 13)
    // qᵀΣq = alignment·σ²ρ, above 0 along negative curvature
    expect(spectrum.top[2]!.noise.measured).toBeCloseTo((0.15 * 10) / 4.9, 13)
    expect(spectrum.top[2]!.noise.proportional).toBe(0)
    // what is left, in proportion to |ρ|
    const [negative, positive] = spectrum.bulk
    expect(positive!.noise.measured / negative!.noise.measured).toBeCloseTo(10, 12)
  })

  it('says what stationary predictions leave out', () => {
    const spectrum = networkSpectrum(curvature, noise)
    const { modes, noiseShare, smallest } = flatModes(spectrum)
    expect(modes).toBe(21)
    expect(smallest).toBe(-0.5)
    const kept = stationaryModes(nodesOf(spectrum), 'measured')
    expect([...kept.eigenvalues]).toEqual([4, 1, 0.1])
    const keptNoise = kept.eigenvalues.reduce((sum, rho, l) => sum + rho * kept.noiseVariances[l]!, 0)
    expect(keptNoise / 10).toBeCloseTo(1 - noiseShare, 13)
  })

  it('gives the bulk nothing where the top modes have more than all', () => {
    const spectrum = networkSpectrum(curvature, { ...noise, alignment: [3, 2, -0.3] })
    expect(spectrum.bulkShare).toBeLessThan(0)
    expect(spectrum.bulk.every((node) => node.noise.measured === 0)).toBe(true)
  })

  it('refuses a density without the eigenvalues, and noise of other modes', () => {
    expect(() => networkSpectrum({ ...curvature, eigenvalues: [4, 2, -0.5] }, noise)).toThrow(
      'density must have eigenvalues[1] as a node of count 1, got no 2',
    )
    expect(() => networkSpectrum(curvature, { ...noise, alignment: [1] })).toThrow(
      'alignment must have one value for each of 3 eigenvalues, got 1',
    )
  })
})
