// xoshiro128**, uniform integers and normals: the same words in the same order as foundation/random, bit for bit.

/** JavaScript's own, so that both loops round alike. */
// @ts-ignore: decorators of AssemblyScript
@external('env', 'log')
declare function log(x: f64): f64
// @ts-ignore
@external('env', 'exp')
declare function exp(x: f64): f64
// @ts-ignore
@external('env', 'expm1')
declare function expm1(x: f64): f64

/** The generator's four words. */
export const random: usize = memory.data(16, 16)
/** Ziggurat tables, filled by the host from foundation/random/normal.ts. // [257] each */
export const edges: usize = memory.data(257 * 8, 16)
export const densities: usize = memory.data(257 * 8, 16)

const tailStart: f64 = 3.654152885361009

/** The next word, with the state in memory: for paths that are rarely taken. */
function nextWord(): u32 {
  const s0 = load<u32>(random)
  const s1 = load<u32>(random, 4)
  const s2 = load<u32>(random, 8) ^ s0
  const s3 = load<u32>(random, 12) ^ s1
  store<u32>(random, s0 ^ s3)
  store<u32>(random, s1 ^ s2, 4)
  store<u32>(random, s2 ^ (s1 << 9), 8)
  store<u32>(random, rotl<u32>(s3, 11), 12)
  return rotl<u32>(s1 * 5, 7) * 9
}

/** A uniform number in (0, 1). */
function uniform(): f64 {
  const high = <u64>(nextWord() >>> 6)
  return (<f64>((high << 26) | (<u64>(nextWord() >>> 6))) + 0.5) * 2.220446049250313e-16
}

function normalTail(): f64 {
  while (true) {
    const beyond = -log(uniform()) / tailStart
    const height = -log(uniform())
    if (2 * height > beyond * beyond) return tailStart + beyond
  }
}

/** The one call in a hundred that the layers' inner parts do not answer; NaN: rejected, draw again. */
function outerNormal(layer: u32, place: f64, value: f64): f64 {
  if (layer == 0) return place < 0 ? -normalTail() : normalTail()
  const at = <usize>layer << 3
  const below = load<f64>(densities + at)
  const density = below + (load<f64>(densities + at, 8) - below) * uniform()
  return density < exp(-0.5 * value * value) ? value : NaN
}

/** Writes `count` standard normal numbers. The state is kept in registers from one to the next. */
export function fillNormals(out: usize, count: i32): void {
  let s0 = load<u32>(random)
  let s1 = load<u32>(random, 4)
  let s2 = load<u32>(random, 8)
  let s3 = load<u32>(random, 12)
  const end = out + (<usize>count << 3)
  while (out < end) {
    let word = rotl<u32>(s1 * 5, 7) * 9
    let shifted = s1 << 9
    s2 ^= s0
    s3 ^= s1
    s1 ^= s2
    s0 ^= s3
    s2 ^= shifted
    s3 = rotl<u32>(s3, 11)
    const low = rotl<u32>(s1 * 5, 7) * 9
    shifted = s1 << 9
    s2 ^= s0
    s3 ^= s1
    s1 ^= s2
    s0 ^= s3
    s2 ^= shifted
    s3 = rotl<u32>(s3, 11)
    const layer = word & 0xff
    const place = <f64>((<i64>(<i32>word >> 9) << 30) | <i64>(low >>> 2)) * 2.220446049250313e-16
    const at = <usize>layer << 3
    const value = place * load<f64>(edges + at)
    if (abs(value) < load<f64>(edges + at, 8)) {
      store<f64>(out, value)
      out += 8
      continue
    }
    store<u32>(random, s0)
    store<u32>(random, s1, 4)
    store<u32>(random, s2, 8)
    store<u32>(random, s3, 12)
    const outer = outerNormal(layer, place, value)
    s0 = load<u32>(random)
    s1 = load<u32>(random, 4)
    s2 = load<u32>(random, 8)
    s3 = load<u32>(random, 12)
    if (outer == outer) {
      store<f64>(out, outer)
      out += 8
    }
  }
  store<u32>(random, s0)
  store<u32>(random, s1, 4)
  store<u32>(random, s2, 8)
  store<u32>(random, s3, 12)
}

/** Writes `count` Student-t numbers by Bailey's polar method. */
export function fillStudent(out: usize, count: i32, degreesOfFreedom: f64): void {
  const end = out + (<usize>count << 3)
  while (out < end) {
    const u = 2 * uniform() - 1
    const v = 2 * uniform() - 1
    const w = u * u + v * v
    if (w >= 1 || w == 0) continue
    store<f64>(out, u * sqrt((degreesOfFreedom * expm1((-2 / degreesOfFreedom) * log(w))) / w))
    out += 8
  }
}

/** Writes `count` independent integers in [0, bound) (Lemire), byte offsets times `scale`. */
export function fillIndices(out: usize, count: i32, bound: u32): void {
  const redrawBelow: u32 = (0 - bound) % bound
  let s0 = load<u32>(random)
  let s1 = load<u32>(random, 4)
  let s2 = load<u32>(random, 8)
  let s3 = load<u32>(random, 12)
  const end = out + (<usize>count << 2)
  while (out < end) {
    const word = rotl<u32>(s1 * 5, 7) * 9
    const shifted = s1 << 9
    s2 ^= s0
    s3 ^= s1
    s1 ^= s2
    s0 ^= s3
    s2 ^= shifted
    s3 = rotl<u32>(s3, 11)
    const product = <u64>word * <u64>bound
    if (<u32>product < redrawBelow) continue
    store<u32>(out, <u32>(product >>> 32))
    out += 4
  }
  store<u32>(random, s0)
  store<u32>(random, s1, 4)
  store<u32>(random, s2, 8)
  store<u32>(random, s3, 12)
}

/** `count` steps of Fisher and Yates' shuffle from place `dealt` on; what they deal goes to `out`. */
export function deal(out: usize, order: usize, exampleCount: u32, dealt: u32, count: u32): void {
  let s0 = load<u32>(random)
  let s1 = load<u32>(random, 4)
  let s2 = load<u32>(random, 8)
  let s3 = load<u32>(random, 12)
  let k: u32 = 0
  while (k < count) {
    const word = rotl<u32>(s1 * 5, 7) * 9
    const shifted = s1 << 9
    s2 ^= s0
    s3 ^= s1
    s1 ^= s2
    s0 ^= s3
    s2 ^= shifted
    s3 = rotl<u32>(s3, 11)
    const place = dealt + k
    const bound = exampleCount - place
    const product = <u64>word * <u64>bound
    const remainder = <u32>product
    if (remainder < bound && remainder < (0 - bound) % bound) continue
    const here = order + (<usize>place << 2)
    const there = order + (<usize>(place + <u32>(product >>> 32)) << 2)
    const example = load<u32>(there)
    store<u32>(there, load<u32>(here))
    store<u32>(here, example)
    store<u32>(out + (<usize>k << 2), example)
    k++
  }
  store<u32>(random, s0)
  store<u32>(random, s1, 4)
  store<u32>(random, s2, 8)
  store<u32>(random, s3, 12)
}
