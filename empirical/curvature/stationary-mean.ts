import { innerProductInDoubles } from '../tensorflow/inner-product.ts'
import type { Eigenpairs } from './eigenpairs.ts'

/**
 * Where SGD's mean settles, μ ≈ θ − (H + λ)⁻¹(g + λθ), seen from θ along each eigenvector: q·(μ − θ) = −q·(g + λθ)/(ρ + λ).
 * NaN where ρ + λ ≤ 0: there is no minimum along that direction.
 *
 * @param gradient g of the mean loss at θ, without weight decay // [parameter]
 * @param parameters θ // [parameter]
 * @param weightDecay λ
 * @returns in parameter units // [mode]
 */
export function stationaryMeanCoordinates(
  { eigenvalues, eigenvectors }: Pick<Eigenpairs, 'eigenvalues' | 'eigenvectors'>,
  gradient: Float32Array,
  parameters: Float32Array,
  weightDecay: number,
): Float64Array {
  return Float64Array.from(eigenvectors, (vector, l) => {
    const stiffness = eigenvalues[l]! + weightDecay
    if (!(stiffness > 0)) return Number.NaN
    const slope =
      innerProductInDoubles([vector], [gradient]) + weightDecay * innerProductInDoubles([vector], [parameters])
    return -slope / stiffness
  })
}
