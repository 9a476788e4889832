// Products of matrices by panels: both factors are first copied so that the innermost loop reads either one straight
// through, whatever their order in memory was. Blocks are small enough for the first caches.

/** Rows and columns of the tile of results that stays in registers: eight of them, two for a row of b, one for a's number. */
export const tileRows: usize = 4
export const tileColumns: usize = 8

/** Terms of the sum that are taken at once: a panel of b has 8 KiB then, one of a 4 KiB. */
export const blockTerms: usize = 256

/** Rows of a that are packed at once, 64 KiB. */
export const blockRows: usize = 64

/** Bytes of scratch room for a product of so many columns: a block of a, which comes first, a tile, and a block of b. */
export function productRoom(columns: usize): usize {
  const panels = (columns + tileColumns - 1) / tileColumns
  return packedB(0) + ((blockTerms * panels * tileColumns) << 2)
}

function tileIn(room: usize): usize {
  return room + ((blockTerms * blockRows) << 2)
}

/** Where scratch room has its block of b. */
export function packedB(room: usize): usize {
  return tileIn(room) + ((tileRows * tileColumns) << 2)
}

/**
 * Copies up to four lanes of a factor, for every term, to where a panel has them; lanes beyond are zero.
 *
 * @param laneStride, termStride elements between neighbours in the factor; one of them is 1
 * @param width of the panel, in lanes
 */
function packLanes(
  from: usize,
  to: usize,
  lanes: usize,
  terms: usize,
  laneStride: usize,
  termStride: usize,
  width: usize,
): void {
  const step = width << 2
  if (lanes < 4) {
    packFewLanes(from, to, lanes, terms, laneStride, termStride, step)
    return
  }
  if (laneStride === 1) {
    for (let term: usize = 0; term < terms; term++) {
      v128.store(to, v128.load(from))
      from += termStride << 2
      to += step
    }
    return
  }
  // four by four, turned round
  let r0 = from
  let r1 = r0 + (laneStride << 2)
  let r2 = r1 + (laneStride << 2)
  let r3 = r2 + (laneStride << 2)
  let term: usize = 0
  for (; term + 4 <= terms; term += 4) {
    const x0 = v128.load(r0)
    const x1 = v128.load(r1)
    const x2 = v128.load(r2)
    const x3 = v128.load(r3)
    const low01 = v128.shuffle<f32>(x0, x1, 0, 4, 1, 5)
    const high01 = v128.shuffle<f32>(x0, x1, 2, 6, 3, 7)
    const low23 = v128.shuffle<f32>(x2, x3, 0, 4, 1, 5)
    const high23 = v128.shuffle<f32>(x2, x3, 2, 6, 3, 7)
    v128.store(to, v128.shuffle<f32>(low01, low23, 0, 1, 4, 5))
    v128.store(to + step, v128.shuffle<f32>(low01, low23, 2, 3, 6, 7))
    v128.store(to + 2 * step, v128.shuffle<f32>(high01, high23, 0, 1, 4, 5))
    v128.store(to + 3 * step, v128.shuffle<f32>(high01, high23, 2, 3, 6, 7))
    r0 += 16
    r1 += 16
    r2 += 16
    r3 += 16
    to += 4 * step
  }
  packFewLanes(r0, to, 4, terms - term, laneStride, termStride, step)
}

function packFewLanes(
  from: usize,
  to: usize,
  lanes: usize,
  terms: usize,
  laneStride: usize,
  termStride: usize,
  step: usize,
): void {
  for (let lane: usize = 0; lane < 4; lane++) {
    let source = from + ((lane * laneStride) << 2)
    let target = to + (lane << 2)
    for (let term: usize = 0; term < terms; term++) {
      store<f32>(target, lane < lanes ? load<f32>(source) : 0)
      source += termStride << 2
      target += step
    }
  }
}

/**
 * Packs a block of a factor's lanes, panel after panel.
 *
 * @param width lanes of a panel, a multiple of 4
 */
export function packBlock(
  from: usize,
  to: usize,
  lanes: usize,
  terms: usize,
  laneStride: usize,
  termStride: usize,
  width: usize,
): void {
  for (let first: usize = 0; first < lanes; first += width) {
    for (let group: usize = 0; group < width; group += 4) {
      const lane = first + group
      const left: usize = lane < lanes ? lanes - lane : 0
      packLanes(
        from + ((lane * laneStride) << 2),
        to + (group << 2),
        left < 4 ? left : 4,
        terms,
        laneStride,
        termStride,
        width,
      )
    }
    to += (terms * width) << 2
  }
}

/** Adds to c the product of the blocks that are packed in scratch room, or sets c to it. // c [row, column] */
export function addPackedProduct(
  room: usize,
  c: usize,
  rows: usize,
  columns: usize,
  terms: usize,
  adding: bool,
): void {
  const tile = tileIn(room)
  for (let column: usize = 0; column < columns; column += tileColumns) {
    const panel = packedB(room) + ((column * terms) << 2)
    const whole = column + tileColumns <= columns
    for (let row: usize = 0; row < rows; row += tileRows) {
      const a = room + ((row * terms) << 2)
      const at = c + ((row * columns + column) << 2)
      if (whole && row + tileRows <= rows) {
        addTile(a, panel, at, terms, columns << 2, adding)
      } else {
        addTile(a, panel, tile, terms, tileColumns << 2, false)
        copyTile(tile, at, min(tileRows, rows - row), min(tileColumns, columns - column), columns, adding)
      }
    }
  }
}

function copyTile(tile: usize, c: usize, rows: usize, columns: usize, rowStride: usize, adding: bool): void {
  for (let row: usize = 0; row < rows; row++) {
    for (let column: usize = 0; column < columns; column++) {
      const at = c + ((row * rowStride + column) << 2)
      const value = load<f32>(tile + ((row * tileColumns + column) << 2))
      store<f32>(at, adding ? load<f32>(at) + value : value)
    }
  }
}

// @ts-ignore: decorators of AssemblyScript
@inline
function multiplyAdd(sum: v128, a: v128, b: v128): v128 {
  return f32x4.add(sum, f32x4.mul(a, b))
}

// @ts-ignore
@inline
function put(at: usize, value: v128, adding: bool): void {
  v128.store(at, adding ? f32x4.add(v128.load(at), value) : value)
}

/** c_ij (+)= sum over terms of a_ti b_tj, for one tile. // a [term, 4], b [term, 8] */
function addTile(a: usize, b: usize, c: usize, terms: usize, rowBytes: usize, adding: bool): void {
  let c00 = f32x4.splat(0)
  let c01 = c00
  let c10 = c00
  let c11 = c00
  let c20 = c00
  let c21 = c00
  let c30 = c00
  let c31 = c00
  const end = a + (terms << 4)
  while (a < end) {
    const b0 = v128.load(b)
    const b1 = v128.load(b, 16)
    let x = v128.load_splat<f32>(a)
    c00 = multiplyAdd(c00, x, b0)
    c01 = multiplyAdd(c01, x, b1)
    x = v128.load_splat<f32>(a, 4)
    c10 = multiplyAdd(c10, x, b0)
    c11 = multiplyAdd(c11, x, b1)
    x = v128.load_splat<f32>(a, 8)
    c20 = multiplyAdd(c20, x, b0)
    c21 = multiplyAdd(c21, x, b1)
    x = v128.load_splat<f32>(a, 12)
    c30 = multiplyAdd(c30, x, b0)
    c31 = multiplyAdd(c31, x, b1)
    a += 16
    b += 32
  }
  put(c, c00, adding)
  put(c + 16, c01, adding)
  c += rowBytes
  put(c, c10, adding)
  put(c + 16, c11, adding)
  c += rowBytes
  put(c, c20, adding)
  put(c + 16, c21, adding)
  c += rowBytes
  put(c, c30, adding)
  put(c + 16, c31, adding)
}
