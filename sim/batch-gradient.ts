import type { MiniBatchDynamics } from './dynamics.ts'

type Examples = Pick<MiniBatchDynamics, 'features' | 'residuals' | 'modeCount' | 'outputCount'>

/**
 * Adds a batch's gradients Σ_{i∈B} x_i (x_iᵀ x_o + r_io) to `gradient`: the loop that a simulation spends its time in.
 *
 * The compiled loop sums in the same order, two modes to a register, so that both give the same bits: an example's error
 * is its residual plus (sum over even modes + sum over odd modes); a gradient takes the examples of the batch four by
 * four, (e₀x₀ + e₁x₁) + (e₂x₂ + e₃x₃). The last group is filled up with rows that weigh nothing.
 *
 * @param batch examples // [size or more]
 * @param position x // [output, mode]
 * @param gradient is added to // [output, mode]
 */
export function addBatchGradient(
  examples: Examples,
  batch: Int32Array,
  size: number,
  position: Float64Array,
  gradient: Float64Array,
): void {
  const { features, residuals, modeCount, outputCount } = examples
  for (let k = 0; k < size; k += 4) {
    const left = size - k
    const i0 = batch[k]!
    const i1 = left > 1 ? batch[k + 1]! : i0
    const i2 = left > 2 ? batch[k + 2]! : i0
    const i3 = left > 3 ? batch[k + 3]! : i0
    for (let o = 0; o < outputCount; o++) {
      // one index for position, gradient and, less its start, the rows
      const from = o * modeCount
      const end = from + modeCount
      const row0 = i0 * modeCount - from
      const row1 = i1 * modeCount - from
      const row2 = i2 * modeCount - from
      const row3 = i3 * modeCount - from
      let even0 = 0
      let even1 = 0
      let even2 = 0
      let even3 = 0
      let odd0 = 0
      let odd1 = 0
      let odd2 = 0
      let odd3 = 0
      let at = from
      for (; at + 1 < end; at += 2) {
        const x = position[at]!
        even0 += features[row0 + at]! * x
        even1 += features[row1 + at]! * x
        even2 += features[row2 + at]! * x
        even3 += features[row3 + at]! * x
        const y = position[at + 1]!
        odd0 += features[row0 + at + 1]! * y
        odd1 += features[row1 + at + 1]! * y
        odd2 += features[row2 + at + 1]! * y
        odd3 += features[row3 + at + 1]! * y
      }
      if (at < end) {
        const x = position[at]!
        even0 += features[row0 + at]! * x
        even1 += features[row1 + at]! * x
        even2 += features[row2 + at]! * x
        even3 += features[row3 + at]! * x
      }
      const error0 = residuals[i0 * outputCount + o]! + (even0 + odd0)
      let error1 = residuals[i1 * outputCount + o]! + (even1 + odd1)
      let error2 = residuals[i2 * outputCount + o]! + (even2 + odd2)
      let error3 = residuals[i3 * outputCount + o]! + (even3 + odd3)
      if (left < 4) {
        error3 = 0
        if (left < 3) error2 = 0
        if (left < 2) error1 = 0
      }
      for (at = from; at < end; at++) {
        gradient[at]! +=
          error0 * features[row0 + at]! +
          error1 * features[row1 + at]! +
          (error2 * features[row2 + at]! + error3 * features[row3 + at]!)
      }
    }
  }
}

/** Adds the same batch's gradients at the minimum, Σ_{i∈B} x_i r_io, to `gradient`, in the same way. // [output, mode] */
export function addBatchGradientAtMinimum(
  examples: Examples,
  batch: Int32Array,
  size: number,
  gradient: Float64Array,
): void {
  const { features, residuals, modeCount, outputCount } = examples
  for (let k = 0; k < size; k += 4) {
    const left = size - k
    const i0 = batch[k]!
    const i1 = left > 1 ? batch[k + 1]! : i0
    const i2 = left > 2 ? batch[k + 2]! : i0
    const i3 = left > 3 ? batch[k + 3]! : i0
    for (let o = 0; o < outputCount; o++) {
      const from = o * modeCount
      const end = from + modeCount
      const row0 = i0 * modeCount - from
      const row1 = i1 * modeCount - from
      const row2 = i2 * modeCount - from
      const row3 = i3 * modeCount - from
      const error0 = residuals[i0 * outputCount + o]!
      const error1 = left > 1 ? residuals[i1 * outputCount + o]! : 0
      const error2 = left > 2 ? residuals[i2 * outputCount + o]! : 0
      const error3 = left > 3 ? residuals[i3 * outputCount + o]! : 0
      for (let at = from; at < end; at++) {
        gradient[at]! +=
          error0 * features[row0 + at]! +
          error1 * features[row1 + at]! +
          (error2 * features[row2 + at]! + error3 * features[row3 + at]!)
      }
    }
  }
}
