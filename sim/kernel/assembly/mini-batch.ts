import { deal, fillIndices } from './random'

// SGD on mini-batches: the sums of sim/batch-gradient.ts in the same order, two modes to a register.
//
// That order: an example's error is its residual plus (sum over even modes + sum over odd modes); a gradient takes the
// examples four by four, (e0 x0 + e1 x1) + (e2 x2 + e3 x3). Everything else here is scheduling: four rows go together, with
// two outputs where there are several, so that sums do not wait for each other and a row is loaded once for both; loops
// move pointers once for several registers, for address arithmetic is half the cost.

// @ts-ignore: decorators of AssemblyScript
@inline
function lanes(sum: v128): f64 {
  return f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1)
}

// @ts-ignore
@inline
function multiplyAdd(sum: v128, a: v128, b: v128): v128 {
  return f64x2.add(sum, f64x2.mul(a, b))
}

// @ts-ignore
@inline
function fourProducts(e0: v128, x0: v128, e1: v128, x1: v128, e2: v128, x2: v128, e3: v128, x3: v128): v128 {
  return f64x2.add(
    f64x2.add(f64x2.mul(e0, x0), f64x2.mul(e1, x1)),
    f64x2.add(f64x2.mul(e2, x2), f64x2.mul(e3, x3)),
  )
}

/** Adds x_iᵀx to the errors of four examples. // errors [4] */
function addProducts(r0: usize, r1: usize, r2: usize, r3: usize, x: usize, rowBytes: usize, errors: usize): void {
  let a0 = f64x2.splat(0)
  let a1 = a0
  let a2 = a0
  let a3 = a0
  let p: v128
  const end = x + rowBytes
  while (x < end) {
    p = v128.load(x)
    a0 = multiplyAdd(a0, v128.load(r0), p)
    a1 = multiplyAdd(a1, v128.load(r1), p)
    a2 = multiplyAdd(a2, v128.load(r2), p)
    a3 = multiplyAdd(a3, v128.load(r3), p)
    p = v128.load(x, 16)
    a0 = multiplyAdd(a0, v128.load(r0, 16), p)
    a1 = multiplyAdd(a1, v128.load(r1, 16), p)
    a2 = multiplyAdd(a2, v128.load(r2, 16), p)
    a3 = multiplyAdd(a3, v128.load(r3, 16), p)
    x += 32
    r0 += 32
    r1 += 32
    r2 += 32
    r3 += 32
  }
  store<f64>(errors, load<f64>(errors) + lanes(a0))
  store<f64>(errors, load<f64>(errors, 8) + lanes(a1), 8)
  store<f64>(errors, load<f64>(errors, 16) + lanes(a2), 16)
  store<f64>(errors, load<f64>(errors, 24) + lanes(a3), 24)
}

/** Adds four examples' share of the gradient. // errors [4] */
function addRows(r0: usize, r1: usize, r2: usize, r3: usize, g: usize, rowBytes: usize, errors: usize): void {
  const e0 = v128.load64_splat(errors)
  const e1 = v128.load64_splat(errors, 8)
  const e2 = v128.load64_splat(errors, 16)
  const e3 = v128.load64_splat(errors, 24)
  const end = g + rowBytes
  while (g < end) {
    v128.store(
      g,
      f64x2.add(
        v128.load(g),
        fourProducts(e0, v128.load(r0), e1, v128.load(r1), e2, v128.load(r2), e3, v128.load(r3)),
      )
    )
    v128.store(
      g,
      f64x2.add(
        v128.load(g, 16),
        fourProducts(e0, v128.load(r0, 16), e1, v128.load(r1, 16), e2, v128.load(r2, 16), e3, v128.load(r3, 16)),
      ), 16
    )
    g += 32
    r0 += 32
    r1 += 32
    r2 += 32
    r3 += 32
  }
}

/** The same for two outputs, the second's row and errors after the first's. // errors [8] */
function addProductsOfTwo(r0: usize, r1: usize, r2: usize, r3: usize, x: usize, rowBytes: usize, errors: usize): void {
  let a0 = f64x2.splat(0)
  let a1 = a0
  let a2 = a0
  let a3 = a0
  let b0 = a0
  let b1 = a0
  let b2 = a0
  let b3 = a0
  let y = x + rowBytes
  const end = y
  let p: v128
  let q: v128
  let row: v128
  while (x < end) {
    p = v128.load(x)
    q = v128.load(y)
    row = v128.load(r0)
    a0 = multiplyAdd(a0, row, p)
    b0 = multiplyAdd(b0, row, q)
    row = v128.load(r1)
    a1 = multiplyAdd(a1, row, p)
    b1 = multiplyAdd(b1, row, q)
    row = v128.load(r2)
    a2 = multiplyAdd(a2, row, p)
    b2 = multiplyAdd(b2, row, q)
    row = v128.load(r3)
    a3 = multiplyAdd(a3, row, p)
    b3 = multiplyAdd(b3, row, q)
    x += 16
    y += 16
    r0 += 16
    r1 += 16
    r2 += 16
    r3 += 16
  }
  store<f64>(errors, load<f64>(errors) + lanes(a0))
  store<f64>(errors, load<f64>(errors, 8) + lanes(a1), 8)
  store<f64>(errors, load<f64>(errors, 16) + lanes(a2), 16)
  store<f64>(errors, load<f64>(errors, 24) + lanes(a3), 24)
  store<f64>(errors, load<f64>(errors, 32) + lanes(b0), 32)
  store<f64>(errors, load<f64>(errors, 40) + lanes(b1), 40)
  store<f64>(errors, load<f64>(errors, 48) + lanes(b2), 48)
  store<f64>(errors, load<f64>(errors, 56) + lanes(b3), 56)
}

/** The same for two outputs. // errors [8] */
function addRowsToTwo(r0: usize, r1: usize, r2: usize, r3: usize, g: usize, rowBytes: usize, errors: usize): void {
  const e0 = v128.load64_splat(errors)
  const e1 = v128.load64_splat(errors, 8)
  const e2 = v128.load64_splat(errors, 16)
  const e3 = v128.load64_splat(errors, 24)
  const f0 = v128.load64_splat(errors, 32)
  const f1 = v128.load64_splat(errors, 40)
  const f2 = v128.load64_splat(errors, 48)
  const f3 = v128.load64_splat(errors, 56)
  let h = g + rowBytes
  const end = h
  while (g < end) {
    const x0 = v128.load(r0)
    const x1 = v128.load(r1)
    const x2 = v128.load(r2)
    const x3 = v128.load(r3)
    v128.store(g, f64x2.add(v128.load(g), fourProducts(e0, x0, e1, x1, e2, x2, e3, x3)))
    v128.store(h, f64x2.add(v128.load(h), fourProducts(f0, x0, f1, x1, f2, x2, f3, x3)))
    g += 16
    h += 16
    r0 += 16
    r1 += 16
    r2 += 16
    r3 += 16
  }
}

// The problem and the batch, set once before a chain is run.
let exampleCount: u32 = 0
let outputCount: u32 = 0
let rowBytes: usize = 0
let batchSize: u32 = 0
/** // [example, padded mode] */
let features: usize = 0
/** // [example, output] */
let residuals: usize = 0
/** An order of all examples, of 32-bit numbers, as are batches. // [example] */
let order: usize = 0
/** // [batchSize] */
let batch: usize = 0
/** // [8] */
let errors: usize = 0
/** Examples of the epoch that are dealt. */
let dealt: u32 = 0

export function setMiniBatch(
  examples: u32,
  outputs: u32,
  paddedModes: u32,
  size: u32,
  featuresAt: usize,
  residualsAt: usize,
  orderAt: usize,
  batchAt: usize,
  errorsAt: usize,
): void {
  exampleCount = examples
  outputCount = outputs
  rowBytes = <usize>paddedModes << 3
  batchSize = size
  features = featuresAt
  residuals = residualsAt
  order = orderAt
  batch = batchAt
  errors = errorsAt
  dealt = 0
}

// @ts-ignore
@inline
export const withReplacement: i32 = 0
// @ts-ignore
@inline
export const withoutReplacement: i32 = 1
// @ts-ignore
@inline
export const shuffledEpochs: i32 = 2
// @ts-ignore
@inline
export const fixedOrder: i32 = 3

/** Draws the next batch; gives its size. */
export function drawBatch(scheme: i32): u32 {
  if (scheme == withReplacement) {
    fillIndices(batch, batchSize, exampleCount)
    return batchSize
  }
  if (scheme == withoutReplacement) {
    deal(batch, order, exampleCount, 0, batchSize)
    return batchSize
  }
  if (dealt == exampleCount) dealt = 0
  const size = min(batchSize, exampleCount - dealt)
  if (scheme == shuffledEpochs) {
    deal(batch, order, exampleCount, dealt, size)
  } else {
    for (let k: u32 = 0; k < size; k++) store<u32>(batch + (<usize>k << 2), dealt + k)
  }
  dealt += size
  return size
}

/** Residuals of four examples of one output, 0 for those past the batch's end. // to [4] */
// @ts-ignore
@inline
function loadResiduals(at: usize, left: u32, output: u32, to: usize): void {
  const r = residuals + (<usize>output << 3)
  const stride = <usize>outputCount << 3
  store<f64>(to, load<f64>(r + <usize>load<u32>(at) * stride))
  store<f64>(to, left > 1 ? load<f64>(r + <usize>load<u32>(at, 4) * stride) : 0, 8)
  store<f64>(to, left > 2 ? load<f64>(r + <usize>load<u32>(at, 8) * stride) : 0, 16)
  store<f64>(to, left > 3 ? load<f64>(r + <usize>load<u32>(at, 12) * stride) : 0, 24)
}

/** Adds Σ x_i (x_iᵀx + r_i), or frozen Σ x_i r_i, over the batch. // position, gradient [output, padded mode] */
export function addBatchGradient(size: u32, position: usize, gradient: usize, frozen: bool): void {
  for (let k: u32 = 0; k < size; k += 4) {
    const at = batch + (<usize>k << 2)
    const left = size - k
    // the last group is filled up with rows of its first example, that weigh nothing
    const first = load<u32>(at)
    const r0 = features + <usize>first * rowBytes
    const r1 = features + <usize>(left > 1 ? load<u32>(at, 4) : first) * rowBytes
    const r2 = features + <usize>(left > 2 ? load<u32>(at, 8) : first) * rowBytes
    const r3 = features + <usize>(left > 3 ? load<u32>(at, 12) : first) * rowBytes
    let x = position
    let g = gradient
    let output: u32 = 0
    if (left > 3) {
      for (; output + 2 <= outputCount; output += 2) {
        loadResiduals(at, left, output, errors)
        loadResiduals(at, left, output + 1, errors + 32)
        if (!frozen) addProductsOfTwo(r0, r1, r2, r3, x, rowBytes, errors)
        addRowsToTwo(r0, r1, r2, r3, g, rowBytes, errors)
        x += rowBytes << 1
        g += rowBytes << 1
      }
    }
    for (; output < outputCount; output++) {
      loadResiduals(at, left, output, errors)
      if (!frozen) {
        addProducts(r0, r1, r2, r3, x, rowBytes, errors)
        for (let j = left; j < 4; j++) store<f64>(errors + (<usize>j << 3), 0)
      }
      addRows(r0, r1, r2, r3, g, rowBytes, errors)
      x += rowBytes
      g += rowBytes
    }
  }
}
