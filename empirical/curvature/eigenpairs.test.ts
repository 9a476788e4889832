import { describe, expect, it } from 'vitest'
import { innerProductInDoubles } from '../tensorflow/inner-product.ts'
import type { Eigenpairs } from './eigenpairs.ts'
import { type ExplicitOperator, explicitOperator, networkLikeSpectrum, overlap } from './explicit-operator.fixture.ts'
import type { HessianOperator } from './hessian-operator.ts'
import { lanczosEigenpairs } from './lanczos-eigenpairs.ts'
import type { Control } from './progress.ts'
import { subspaceIteration } from './subspace-iteration.ts'

type Method = (
  operator: HessianOperator,
  asked: { readonly count: number; readonly products: number; readonly tolerance?: number; readonly seed?: number },
  control?: Control<unknown>,
) => Promise<Eigenpairs>

const methods: Record<string, Method> = {
  'subspace iteration': (operator, { count, products, tolerance = 1e-4, seed = 5 }, control) =>
    subspaceIteration(operator, { count, iterations: Math.ceil(products / count), tolerance, seed }, control as never),
  Lanczos: (operator, { count, products, tolerance = 1e-4, seed = 5 }, control) =>
    lanczosEigenpairs(
      operator,
      { count, maxProducts: products, basisSize: Math.max(2 * count, count + 2), tolerance, seed },
      control as never,
    ),
}

for (const [name, eigenpairs] of Object.entries(methods)) {
  describe(`eigenpairs by ${name}`, () => {
    const spectrum = networkLikeSpectrum(150, 12)

    it('are those of the matrix', async () => {
      const operator = explicitOperator(spectrum, 1)
      const found = await eigenpairs(operator, { count: 6, products: 400 })
      expect(found.converged).toEqual(Array(6).fill(true))
      expect(found.products).toBe(operator.calls())
      for (let l = 0; l < 6; l++) {
        // eigenvalues are off by the residual's square over the gap, and by float32's rounding
        expect(Math.abs(found.eigenvalues[l]! / spectrum[l]! - 1)).toBeLessThan(1e-6)
        expect(overlap(found.eigenvectors[l]!, operator.eigenvectors[l]!)).toBeGreaterThan(1 - 1e-6)
      }
    })

    it('have the residuals that they are said to have, converged or not, and are orthonormal', async () => {
      const operator = explicitOperator(spectrum, 2)
      for (const products of [24, 48]) {
        const found = await eigenpairs(operator, { count: 12, products, tolerance: 0.02 })
        for (let l = 0; l < 12; l++) {
          const residual = await residualOf(operator, found, l)
          // both from float32 vectors, whose rounding is 1e-7 of the largest eigenvalue
          expect(Math.abs(found.residuals[l]! - residual)).toBeLessThan(1e-4 * residual + 5e-6)
          expect(found.converged[l]).toBe(found.residuals[l]! <= 0.02 * Math.abs(found.eigenvalues[l]!))
          for (let m = 0; m <= l; m++) {
            const product = innerProductInDoubles([found.eigenvectors[l]!], [found.eigenvectors[m]!])
            expect(Math.abs(product - (l === m ? 1 : 0))).toBeLessThan(1e-6)
          }
        }
        expect([...found.eigenvalues]).toEqual([...found.eigenvalues].sort((a, b) => b - a))
      }
    })

    it('say so where they have not converged', async () => {
      const found = await eigenpairs(explicitOperator(spectrum, 2), { count: 12, products: 24, tolerance: 1e-4 })
      expect(found.converged).toContain(false)
      expect(found.products).toBe(24)
    })

    it('go on from any product as if nothing had happened, to the last bit', async () => {
      const operator = explicitOperator(spectrum, 3)
      const asked = { count: 4, products: 28, tolerance: 0 }
      const states: unknown[] = []
      const whole = await eigenpairs(operator, asked, {
        onProgress: (_done, total, state) => {
          expect(total).toBe(28)
          states.push(structuredClone(state))
        },
      })
      for (const done of [1, 3, 4, 13, 27, 28]) {
        const before = operator.calls()
        const resumed = await eigenpairs(operator, asked, { from: states[done - 1] })
        expect(operator.calls() - before).toBe(28 - done)
        expect(resumed).toEqual(whole)
      }
    })

    it('differ with the seed in nothing but rounding and signs', async () => {
      const operator = explicitOperator(spectrum, 4)
      const one = await eigenpairs(operator, { count: 3, products: 200, seed: 1 })
      const other = await eigenpairs(operator, { count: 3, products: 200, seed: 2 })
      expect(one.eigenvectors[0]).not.toEqual(other.eigenvectors[0])
      for (let l = 0; l < 3; l++) expect(Math.abs(one.eigenvalues[l]! / other.eigenvalues[l]! - 1)).toBeLessThan(1e-6)
    })

    it('stop at the signal, before the next product', async () => {
      const operator = explicitOperator(spectrum, 1)
      const controller = new AbortController()
      const onProgress = (done: number): void => {
        if (done === 7) controller.abort(new Error('enough'))
      }
      const stopped = eigenpairs(operator, { count: 6, products: 200 }, { signal: controller.signal, onProgress })
      await expect(stopped).rejects.toThrow('enough')
      expect(operator.calls()).toBe(7)
    })

    it('fill the whole space, and repeat an eigenvalue as often as it is there', async () => {
      const found = await eigenpairs(explicitOperator([3, 3, 1, 0, 0, -2], 1), { count: 6, products: 60 })
      const expected = [3, 3, 1, 0, 0, -2]
      expected.forEach((value, l) => {
        expect(Math.abs(found.eigenvalues[l]! - value)).toBeLessThan(3e-6)
      })
    })

    it('are asked for within the space, and refused where products are not finite', async () => {
      const operator = explicitOperator([1, 2], 1)
      await expect(eigenpairs(operator, { count: 3, products: 9 })).rejects.toThrow(
        /count must be an integer in \[1, 2\], got 3/,
      )
      const broken = { size: 5, multiply: async () => new Float32Array(5).fill(Number.NaN) }
      await expect(eigenpairs(broken, { count: 1, products: 9 })).rejects.toThrow(/products must be finite/)
    })
  })
}

describe('what the methods find', () => {
  it('is the largest in size by subspace iteration, the algebraically largest and the smallest by Lanczos', async () => {
    const spectrum = [5, 3, 1, ...Array<number>(40).fill(0.1), -2, -4]
    const operator = explicitOperator(spectrum, 1)
    const block = await subspaceIteration(operator, { count: 4, iterations: 40, tolerance: 1e-4, seed: 1 })
    expect([...block.eigenvalues].map((value) => Math.round(value * 1e4) / 1e4)).toEqual([5, 3, -2, -4])
    const lanczos = await lanczosEigenpairs(operator, {
      count: 3,
      maxProducts: 60,
      basisSize: 12,
      tolerance: 1e-4,
      seed: 1,
    })
    expect([...lanczos.eigenvalues].map((value) => Math.round(value * 1e4) / 1e4)).toEqual([5, 3, 1])
    expect(lanczos.smallest.eigenvalue).toBeCloseTo(-4, 4)
  })

  it('takes Lanczos fewer products for the same residuals', async () => {
    const spectrum = networkLikeSpectrum(200, 30)
    const asked = { count: 8, tolerance: 1e-3, seed: 3 }
    const block = await subspaceIteration(explicitOperator(spectrum, 1), { ...asked, iterations: 100 })
    const lanczos = await lanczosEigenpairs(explicitOperator(spectrum, 1), {
      ...asked,
      maxProducts: 500,
      basisSize: 30,
    })
    expect(block.converged.every(Boolean) && lanczos.converged.every(Boolean)).toBe(true)
    expect(lanczos.products).toBeLessThan(block.products / 2)
  })
})

async function residualOf(
  operator: ExplicitOperator,
  { eigenvalues, eigenvectors }: Eigenpairs,
  l: number,
): Promise<number> {
  const product = await operator.multiply(eigenvectors[l]!)
  return Math.hypot(...product.map((value, i) => value - eigenvalues[l]! * eigenvectors[l]![i]!))
}
