import { addBatchGradient, drawBatch } from './mini-batch'
import { densities, edges, fillNormals, fillStudent, random } from './random'

export { setMiniBatch } from './mini-batch'

// Steps of SGD and of linear Gaussian recursions on one chain. All arrays of modes are // [output, padded mode]

let free: usize = (__heap_base + 63) & ~63

/** Address of so many fresh bytes on a cache line's start; 0 where memory does not suffice. The host allocates once a problem. */
export function allocate(bytes: usize): usize {
  const at = free
  const end = (at + bytes + 63) & ~63
  if (end < at) return 0
  const pages = <i32>((end + 0xffff) >>> 16)
  if (pages > memory.size() && memory.grow(pages - memory.size()) < 0) return 0
  free = end
  return at
}

export function randomAt(): usize {
  return random
}

export function edgesAt(): usize {
  return edges
}

export function densitiesAt(): usize {
  return densities
}

let position: usize = 0
let velocity: usize = 0
let gradient: usize = 0
let slopes: usize = 0
let pull: usize = 0
/** x², v² and xv summed over steps and outputs. // [3, padded mode] */
let sums: usize = 0
let modeCount: u32 = 0
let outputs: u32 = 0
let rowBytes: usize = 0

export function setChain(
  modes: u32,
  outputCount: u32,
  paddedModes: u32,
  positionAt: usize,
  velocityAt: usize,
  gradientAt: usize,
  slopesAt: usize,
  pullAt: usize,
  sumsAt: usize,
): void {
  modeCount = modes
  outputs = outputCount
  rowBytes = <usize>paddedModes << 3
  position = positionAt
  velocity = velocityAt
  gradient = gradientAt
  slopes = slopesAt
  pull = pullAt
  sums = sumsAt
}

function addToSums(): void {
  const v2 = rowBytes
  const xv = rowBytes << 1
  for (let o: u32 = 0; o < outputs; o++) {
    const x = position + <usize>o * rowBytes
    const v = velocity + <usize>o * rowBytes
    for (let at: usize = 0; at < rowBytes; at += 16) {
      const p = v128.load(x + at)
      const q = v128.load(v + at)
      const s = sums + at
      v128.store(s, f64x2.add(v128.load(s), f64x2.mul(p, p)))
      v128.store(s + v2, f64x2.add(v128.load(s + v2), f64x2.mul(q, q)))
      v128.store(s + xv, f64x2.add(v128.load(s + xv), f64x2.mul(p, q)))
    }
  }
}

/** SGD on batches: g ← (Σ/|B| + slope x) + pull, v ← βv − g, x ← x + ηv. */
export function miniBatchSteps(
  steps: i32,
  scheme: i32,
  frozen: bool,
  learningRate: f64,
  momentum: f64,
  summing: bool,
): void {
  const eta = f64x2.splat(learningRate)
  const beta = f64x2.splat(momentum)
  const bytes = <usize>outputs * rowBytes
  const gradientEnd = gradient + bytes
  const zero = f64x2.splat(0) // memory.fill would be a call into the host: 30 ns
  for (let step = 0; step < steps; step++) {
    const size = drawBatch(scheme)
    for (let at = gradient; at < gradientEnd; at += 32) {
      v128.store(at, zero)
      v128.store(at, zero, 16)
    }
    addBatchGradient(size, position, gradient, frozen)
    const share = f64x2.splat(1 / <f64>size)
    for (let from: usize = 0; from < bytes; from += rowBytes) {
      for (let at: usize = 0; at < rowBytes; at += 16) {
        const here = from + at
        const x = v128.load(position + here)
        const g = f64x2.add(
          f64x2.add(f64x2.mul(v128.load(gradient + here), share), f64x2.mul(v128.load(slopes + at), x)),
          v128.load(pull + here),
        )
        const v = f64x2.sub(f64x2.mul(beta, v128.load(velocity + here)), g)
        v128.store(velocity + here, v)
        v128.store(position + here, f64x2.add(x, f64x2.mul(eta, v)))
      }
    }
    if (summing) addToSums()
  }
}

/**
 * SGD with additive noise: g_lo ← slope x + scale_l Σ_{p≤o} factor_op n_lp, n normal or Student-t (degreesOfFreedom > 0).
 *
 * @param normals // [mode, output]
 * @param scales // [padded mode]
 * @param factor lower-triangular // [output, output]
 */
export function additiveNoiseSteps(
  steps: i32,
  normals: usize,
  scales: usize,
  factor: usize,
  degreesOfFreedom: f64,
  learningRate: f64,
  momentum: f64,
  summing: bool,
): void {
  const count = modeCount * outputs
  for (let step = 0; step < steps; step++) {
    if (degreesOfFreedom > 0) fillStudent(normals, count, degreesOfFreedom)
    else fillNormals(normals, count)
    for (let o: u32 = 0; o < outputs; o++) {
      const x = position + <usize>o * rowBytes
      const v = velocity + <usize>o * rowBytes
      const row = factor + (<usize>(o * outputs) << 3)
      for (let l: u32 = 0; l < modeCount; l++) {
        const at = <usize>l << 3
        const drawn = normals + (<usize>(l * outputs) << 3)
        let noise: f64 = 0
        for (let p: u32 = 0; p <= o; p++) {
          const q = <usize>p << 3
          noise += load<f64>(row + q) * load<f64>(drawn + q)
        }
        const place = load<f64>(x + at)
        const g = load<f64>(slopes + at) * place + load<f64>(scales + at) * noise
        const speed = momentum * load<f64>(v + at) - g
        store<f64>(v + at, speed)
        store<f64>(x + at, place + learningRate * speed)
      }
    }
    if (summing) addToSums()
  }
}

/** The same for one output, whose factor is in the scales: two modes at a time. // normals [padded mode] */
export function scalarNoiseSteps(
  steps: i32,
  normals: usize,
  scales: usize,
  degreesOfFreedom: f64,
  learningRate: f64,
  momentum: f64,
  summing: bool,
): void {
  const eta = f64x2.splat(learningRate)
  const beta = f64x2.splat(momentum)
  for (let step = 0; step < steps; step++) {
    if (degreesOfFreedom > 0) fillStudent(normals, modeCount, degreesOfFreedom)
    else fillNormals(normals, modeCount)
    for (let at: usize = 0; at < rowBytes; at += 16) {
      const x = v128.load(position + at)
      const g = f64x2.add(
        f64x2.mul(v128.load(slopes + at), x),
        f64x2.mul(v128.load(scales + at), v128.load(normals + at)),
      )
      const v = f64x2.sub(f64x2.mul(beta, v128.load(velocity + at)), g)
      v128.store(velocity + at, v)
      v128.store(position + at, f64x2.add(x, f64x2.mul(eta, v)))
    }
    if (summing) addToSums()
  }
}

/**
 * A linear Gaussian recursion per mode, z ← z + Fz + Ln: x by (F_xx x + F_xv v) + L_xx n, v by (F_vx x + F_vv v) + (L_vx n + L_vv n′).
 *
 * @param normals n of all modes, then n′ // [2, padded mode]
 * @param coefficients F_xx, F_xv, F_vx, F_vv, L_xx, L_vx, L_vv // [7, padded mode]
 * @param velocityOnly L_xx = L_vx = 0: n is not drawn
 */
export function linearSteps(steps: i32, normals: usize, coefficients: usize, velocityOnly: bool, summing: bool): void {
  const row = rowBytes
  for (let step = 0; step < steps; step++) {
    if (!velocityOnly) fillNormals(normals, modeCount)
    fillNormals(normals + row, modeCount)
    for (let at: usize = 0; at < row; at += 16) {
      const x = v128.load(position + at)
      const v = v128.load(velocity + at)
      const n = v128.load(normals + at)
      const m = v128.load(normals + row + at)
      let c = coefficients + at
      const moved = f64x2.add(f64x2.mul(v128.load(c), x), f64x2.mul(v128.load(c + row), v))
      c += row << 1
      const turned = f64x2.add(f64x2.mul(v128.load(c), x), f64x2.mul(v128.load(c + row), v))
      c += row << 1
      const kicked = f64x2.add(f64x2.mul(v128.load(c + row), n), f64x2.mul(v128.load(c + (row << 1)), m))
      v128.store(position + at, f64x2.add(x, f64x2.add(moved, f64x2.mul(v128.load(c), n))))
      v128.store(velocity + at, f64x2.add(v, f64x2.add(turned, kicked)))
    }
    if (summing) addToSums()
  }
}

/** For the benchmark of what drawing alone costs. */
export function drawBatches(count: i32, scheme: i32): void {
  for (let k = 0; k < count; k++) drawBatch(scheme)
}
