import { addPackedProduct, blockRows, blockTerms, packBlock, packedB, tileColumns, tileRows } from './panels'

/**
 * c_ij = sum over terms t of a_it b_tj.
 *
 * @param a [row, term], or [term, row] if transposed
 * @param b [term, column], or [column, term] if transposed
 * @param c [row, column]
 */
export function matrixProduct(
  a: usize,
  b: usize,
  c: usize,
  rows: usize,
  columns: usize,
  terms: usize,
  aTransposed: bool,
  bTransposed: bool,
  room: usize,
): void {
  if (rows <= 2 && !aTransposed && bTransposed) return rowProducts(a, b, c, rows, columns, terms)
  const aRow: usize = aTransposed ? 1 : terms
  const aTerm: usize = aTransposed ? rows : 1
  const bTerm: usize = bTransposed ? 1 : columns
  const bColumn: usize = bTransposed ? terms : 1
  for (let term: usize = 0; term < terms; term += blockTerms) {
    const some = min(blockTerms, terms - term)
    packBlock(b + ((term * bTerm) << 2), packedB(room), columns, some, bColumn, bTerm, tileColumns)
    for (let row: usize = 0; row < rows; row += blockRows) {
      const few = min(blockRows, rows - row)
      packBlock(a + ((row * aRow + term * aTerm) << 2), room, few, some, aRow, aTerm, tileRows)
      addPackedProduct(room, c + ((row * columns) << 2), few, columns, some, term > 0)
    }
  }
}

/** Terms that are summed at once: those of two rows stay in the first cache while all columns go by. */
const rowTerms: usize = 2048

/** Of one or two rows, by columns in the order of memory: packing would take longer than the product. */
function rowProducts(a: usize, b: usize, c: usize, rows: usize, columns: usize, terms: usize): void {
  const second = rows === 2 ? terms << 2 : 0
  const below = rows === 2 ? columns << 2 : 0
  memory.fill(c, 0, (rows * columns) << 2)
  for (let term: usize = 0; term < terms; term += rowTerms) {
    const some = min(rowTerms, terms - term)
    for (let column: usize = 0; column < columns; column++) {
      addRowProducts(a + (term << 2), second, b + ((column * terms + term) << 2), c + (column << 2), below, some)
    }
  }
}

/** Adds a column's products with a row and, `second` bytes behind it, another; without one they are the same. */
function addRowProducts(a: usize, second: usize, b: usize, c: usize, below: usize, terms: usize): void {
  let s0 = f32x4.splat(0)
  let s1 = s0
  let t0 = s0
  let t1 = s0
  const end = a + (terms << 2)
  const whole = a + ((terms >> 3) << 5)
  while (a < whole) {
    const b0 = v128.load(b)
    const b1 = v128.load(b, 16)
    s0 = f32x4.add(s0, f32x4.mul(v128.load(a), b0))
    s1 = f32x4.add(s1, f32x4.mul(v128.load(a, 16), b1))
    t0 = f32x4.add(t0, f32x4.mul(v128.load(a + second), b0))
    t1 = f32x4.add(t1, f32x4.mul(v128.load(a + second, 16), b1))
    a += 32
    b += 32
  }
  let first = lanes(f32x4.add(s0, s1))
  let other = lanes(f32x4.add(t0, t1))
  while (a < end) {
    first += load<f32>(a) * load<f32>(b)
    other += load<f32>(a + second) * load<f32>(b)
    a += 4
    b += 4
  }
  store<f32>(c, load<f32>(c) + first)
  if (second > 0) store<f32>(c + below, load<f32>(c + below) + other)
}

function lanes(sum: v128): f32 {
  return (
    f32x4.extract_lane(sum, 0) +
    f32x4.extract_lane(sum, 1) +
    (f32x4.extract_lane(sum, 2) + f32x4.extract_lane(sum, 3))
  )
}
