import { addPackedProduct, blockRows, blockTerms, packBlock, roomFor, tileColumns, tileRows } from './panels'

/** Bytes of scratch room for a product of so many columns. */
export function matrixProductRoom(columns: usize): usize {
  return roomFor(columns)
}

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
  const aRow: usize = aTransposed ? 1 : terms
  const aTerm: usize = aTransposed ? rows : 1
  const bTerm: usize = bTransposed ? 1 : columns
  const bColumn: usize = bTransposed ? terms : 1
  const packedA = room
  const tile = packedA + ((blockTerms * blockRows) << 2)
  const packedB = tile + ((tileRows * tileColumns) << 2)
  for (let term: usize = 0; term < terms; term += blockTerms) {
    const some = min(blockTerms, terms - term)
    packBlock(b + ((term * bTerm) << 2), packedB, columns, some, bColumn, bTerm, tileColumns)
    for (let row: usize = 0; row < rows; row += blockRows) {
      const few = min(blockRows, rows - row)
      packBlock(a + ((row * aRow + term * aTerm) << 2), packedA, few, some, aRow, aTerm, tileRows)
      const to = c + ((row * columns) << 2)
      addPackedProduct(packedA, packedB, to, few, columns, some, columns, term > 0, tile)
    }
  }
}
