import * as tf from '@tensorflow/tfjs'
import { standardNormal } from '../../foundation/random/normal.ts'
import { streamOf } from '../../foundation/random/xoshiro128.ts'
import { batchHessianVectorProduct } from '../curvature/hessian-vector-product.ts'
import { type Batch, batchLoss, batchLossAndGradient, type Objective } from '../models/objective.ts'
import { type ParameterList, uploadParameters } from '../models/parameter-list.ts'
import { smoothTwin } from '../models/smooth-twin.ts'
import { innerProductInDoubles } from './inner-product.ts'

export interface SelfTest {
  /** |uᵀHv − vᵀHu| / (‖u‖‖Hv‖ + ‖v‖‖Hu‖). */
  readonly asymmetry: number
  /** ‖H(2u − v) − 2Hu + Hv‖ / (2‖Hu‖ + ‖Hv‖). */
  readonly nonlinearity: number
  /** |gᵀd − (L(θ+εd) − L(θ−εd))/2ε| / gᵀd along the gradient d = g. */
  readonly gradientError: number
  /** ‖Hv − (g(θ+εv) − g(θ−εv))/2ε‖ / ‖Hv‖ of the smooth twin, along the difference. */
  readonly productError: number
  readonly admitted: boolean
  /** One line: the four numbers, and which are too large. */
  readonly summary: string
}

/** What each may be at most. float32 gives 1e-9 to 1e-6 for the first two, 1e-4 to 1e-2 for differences; what is wrong is wrong by 0.1 and more. */
const limits = { asymmetry: 1e-4, nonlinearity: 1e-4, gradientError: 0.02, productError: 0.02 } as const

/**
 * Whether the open backend computes gradients and Hessian-vector products of this objective rightly, by what must hold of
 * any: symmetry, linearity, and agreement with central differences: of the loss, which has no jumps, for the gradient, and of
 * the gradient of a smooth twin for the product. With symmetry the two fix the parts that the twin leaves out, the maxima.
 * Directions are random, the same each time.
 */
export async function selfTest(objective: Objective, parameters: ParameterList, batch: Batch): Promise<SelfTest> {
  const made: tf.Tensor[] = []
  const keep = <List extends tf.Tensor[]>(list: List): List => {
    made.push(...list)
    return list
  }
  const [u, v] = [0, 1].map((chain) => keep(randomDirection(objective, chain))) as [tf.Tensor[], tf.Tensor[]]
  const product = (of: Objective, direction: ParameterList): Promise<Float32Array[]> =>
    read(keep(batchHessianVectorProduct(of, parameters, direction, batch)))
  try {
    const [uValues, vValues] = [await read(u), await read(v)]
    const size = norm(await read(parameters))

    const [Hu, Hv] = [await product(objective, u), await product(objective, v)]
    const both = await product(objective, keep(combined(2, u, -1, v)))
    const expected = Hu.map((values, index) => values.map((value, i) => 2 * value - Hv[index]![i]!))
    const scale = norm(uValues) * norm(Hv) + norm(vValues) * norm(Hu)
    const asymmetry = Math.abs(innerProductInDoubles(uValues, Hv) - innerProductInDoubles(vValues, Hu)) / scale
    const nonlinearity = distance(both, expected) / (2 * norm(Hu) + norm(Hv))

    // away from a minimum, where there would be no slope to see
    const start = keep(combined(1, parameters, (0.1 * size) / norm(vValues), v))
    const { loss, gradient } = batchLossAndGradient(objective, start, batch)
    const [value] = await read(keep([loss]))
    const slope = squaredNorm(await read(keep(gradient)))
    const short = (LOSS_CHANGE * value![0]!) / (2 * slope)
    const lossAt = async (step: number): Promise<number> => {
      const [there] = await read(keep([batchLoss(objective, keep(combined(1, start, step, gradient)), batch)]))
      return there![0]!
    }
    const gradientError = Math.abs(((await lossAt(short)) - (await lossAt(-short))) / (2 * short * slope) - 1)

    const smooth = { ...objective, model: smoothTwin(objective.model) }
    const smoothProduct = await product(smooth, v)
    const step = (STEP * size) / norm(vValues)
    const gradientAt = async (along: number): Promise<Float32Array[]> => {
      const there = batchLossAndGradient(smooth, keep(combined(1, parameters, along, v)), batch)
      keep([there.loss, ...there.gradient])
      return read(there.gradient)
    }
    const [ahead, behind] = [await gradientAt(step), await gradientAt(-step)]
    const change = ahead.map((values, index) => values.map((value, i) => (value - behind[index]![i]!) / (2 * step)))
    const productError = distance(smoothProduct, change) / norm(smoothProduct)

    return judged({ asymmetry, nonlinearity, gradientError, productError })
  } finally {
    tf.dispose(made)
  }
}

function judged(measured: Record<keyof typeof limits, number>): SelfTest {
  const checks = (Object.keys(limits) as (keyof typeof limits)[]).map((name) => {
    // a NaN fails too
    const passed = measured[name] <= limits[name]
    return { passed, text: `${name} ${measured[name].toExponential(1)}${passed ? '' : ` (at most ${limits[name]})`}` }
  })
  return {
    ...measured,
    admitted: checks.every(({ passed }) => passed),
    summary: checks.map(({ text }) => text).join(', '),
  }
}

/** ε‖v‖/‖θ‖: rounding of the gradients, 1e-7/ε, against the third derivative's ε². */
const STEP = 3e-3

/** Share of the loss by which the gradient's check changes it: rounding 1e-7, against what curvature leaves of a difference. */
const LOSS_CHANGE = 1e-3

function randomDirection({ model }: Objective, chain: number): tf.Tensor[] {
  const state = streamOf(0, chain)
  const values = model.parameters.map(({ shape }) =>
    Float32Array.from({ length: shape.reduce((product, size) => product * size, 1) }, () => standardNormal(state)),
  )
  return uploadParameters(model, values)
}

function combined(a: number, x: ParameterList, b: number, y: ParameterList): tf.Tensor[] {
  return tf.tidy(() => x.map((tensor, index) => tf.add(tf.mul(tensor, a), tf.mul(y[index]!, b))))
}

async function read(list: ParameterList): Promise<Float32Array[]> {
  return (await Promise.all(list.map((tensor) => tensor.data()))) as Float32Array[]
}

function squaredNorm(list: readonly Float32Array[]): number {
  return innerProductInDoubles(list, list)
}

function norm(list: readonly Float32Array[]): number {
  return Math.sqrt(squaredNorm(list))
}

function distance(a: readonly Float32Array[], b: readonly Float32Array[]): number {
  return norm(a.map((values, index) => values.map((value, i) => value - b[index]![i]!)))
}
