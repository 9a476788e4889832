// Sums in float64: of float32 numbers added one after the other in float32, 3 % of 11 million squares are lost.

/** sums_o = scale times the sum over r of values_or, in four lanes. // values [outer, reduced], sums [outer] */
export function sumRows(values: usize, sums: usize, outer: usize, reduced: usize, scale: f64): void {
  const whole = (reduced >> 2) << 4
  const length = reduced << 2
  for (let row: usize = 0; row < outer; row++) {
    let low = f64x2.splat(0)
    let high = low
    let at = values
    const end = values + whole
    while (at < end) {
      low = f64x2.add(low, f64x2.promote_low_f32x4(v128.load64_zero(at)))
      high = f64x2.add(high, f64x2.promote_low_f32x4(v128.load64_zero(at, 8)))
      at += 16
    }
    let first = f64x2.extract_lane(low, 0)
    values += length
    while (at < values) {
      first += load<f32>(at)
      at += 4
    }
    const rest = f64x2.extract_lane(high, 0) + f64x2.extract_lane(high, 1)
    store<f32>(sums, <f32>((first + f64x2.extract_lane(low, 1) + rest) * scale))
    sums += 4
  }
}

/** sums_oi = scale times the sum over r of values_ori. // values [outer, reduced, inner], sums [outer, inner] */
export function sumColumns(
  values: usize,
  sums: usize,
  outer: usize,
  reduced: usize,
  inner: usize,
  scale: f64,
): void {
  const line = inner << 2
  for (let block: usize = 0; block < outer; block++) {
    let column: usize = 0
    // a cache line's columns at once
    for (; column + 64 <= line; column += 64) sumSixteen(values + column, sums + column, reduced, line, scale)
    for (; column < line; column += 4) {
      let sum: f64 = 0
      let at = values + column
      for (let r: usize = 0; r < reduced; r++, at += line) sum += load<f32>(at)
      store<f32>(sums + column, <f32>(sum * scale))
    }
    values += reduced * line
    sums += line
  }
}

// @ts-ignore: decorators of AssemblyScript
@inline
function addTwo(sum: v128, at: usize): v128 {
  return f64x2.add(sum, f64x2.promote_low_f32x4(v128.load64_zero(at)))
}

// @ts-ignore
@inline
function putFour(at: usize, low: v128, high: v128, scale: v128): void {
  const first = f32x4.demote_f64x2_zero(f64x2.mul(low, scale))
  const last = f32x4.demote_f64x2_zero(f64x2.mul(high, scale))
  v128.store(at, v128.shuffle<f32>(first, last, 0, 1, 4, 5))
}

function sumSixteen(values: usize, sums: usize, reduced: usize, line: usize, scale: f64): void {
  let s0 = f64x2.splat(0)
  let s1 = s0
  let s2 = s0
  let s3 = s0
  let s4 = s0
  let s5 = s0
  let s6 = s0
  let s7 = s0
  for (let r: usize = 0; r < reduced; r++) {
    s0 = addTwo(s0, values)
    s1 = addTwo(s1, values + 8)
    s2 = addTwo(s2, values + 16)
    s3 = addTwo(s3, values + 24)
    s4 = addTwo(s4, values + 32)
    s5 = addTwo(s5, values + 40)
    s6 = addTwo(s6, values + 48)
    s7 = addTwo(s7, values + 56)
    values += line
  }
  const factor = f64x2.splat(scale)
  putFour(sums, s0, s1, factor)
  putFour(sums + 16, s2, s3, factor)
  putFour(sums + 32, s4, s5, factor)
  putFour(sums + 48, s6, s7, factor)
}
