import { addPackedProduct, blockRows, blockTerms, packBlock, packedB, tileColumns, tileRows } from './panels'
import {
  channels,
  examples,
  height,
  left,
  outputHeight,
  outputWidth,
  strideHeight,
  strideWidth,
  top,
  width,
  windowHeight,
  windowWidth,
} from './windows'

/**
 * The gradient of a convolution's filters: the product of all patches of the images, turned round, and the incoming
 * gradient. The patches exist a block at a time only.
 *
 * @param x [example, row, column, channel]
 * @param dy [example, output row, output column, filter]
 * @param gradient [filter row, filter column, channel, filter]
 */
export function filterGradient(x: usize, dy: usize, gradient: usize, filters: usize, room: usize): void {
  const terms = examples * outputHeight * outputWidth
  const entries = windowHeight * windowWidth * channels
  for (let term: usize = 0; term < terms; term += blockTerms) {
    const some = min(blockTerms, terms - term)
    packBlock(dy + ((term * filters) << 2), packedB(room), filters, some, 1, filters, tileColumns)
    for (let entry: usize = 0; entry < entries; entry += blockRows) {
      const few = min(blockRows, entries - entry)
      packPatches(x, room, entry, few, term, some)
      addPackedProduct(room, gradient + ((entry * filters) << 2), few, filters, some, term > 0)
    }
  }
}

/** Packs some of the patches' entries for some places of the output. */
function packPatches(x: usize, to: usize, firstEntry: usize, entries: usize, firstTerm: usize, terms: usize): void {
  const four = channels % 4 === 0
  for (let group: usize = 0; group < entries; group += 4) {
    if (four) {
      packEntry(x, to, firstEntry + group, firstTerm, terms, true)
    } else {
      for (let lane: usize = 0; lane < 4; lane++) {
        if (group + lane < entries) packEntry(x, to + (lane << 2), firstEntry + group + lane, firstTerm, terms, false)
        else copyRun(0, to + (lane << 2), terms, 0, false, true)
      }
    }
    to += (terms * tileRows) << 2
  }
}

/** One entry of the patches, or four that are neighbours in memory, for some places of the output; zero outside an image. */
function packEntry(x: usize, to: usize, entry: usize, firstTerm: usize, terms: usize, four: bool): void {
  const place = entry / channels
  const row = place / windowWidth
  const column = place % windowWidth
  // output columns [first, last) see a column of the image here
  const first: usize = column >= left ? 0 : (left - column + strideWidth - 1) / strideWidth
  const beyond = width + left - column
  const last: usize = width + left > column ? min(outputWidth, (beyond + strideWidth - 1) / strideWidth) : 0
  const step = (strideWidth * channels) << 2
  const end = firstTerm + terms
  for (let term = firstTerm; term < end; ) {
    const line = term / outputWidth
    const from = term % outputWidth
    const until = min(outputWidth, from + end - term)
    const imageRow = (line % outputHeight) * strideHeight + row - top // wraps to a large number above the image
    const inside = imageRow < height
    const start = inside ? min(max(first, from), until) : until
    const stop = inside ? max(min(last, until), start) : until
    copyRun(0, to, start - from, 0, four, true)
    to += (start - from) << 4
    if (stop > start) {
      const pixel = ((line / outputHeight) * height + imageRow) * width + start * strideWidth + column - left
      copyRun(x + ((pixel * channels + (entry % channels)) << 2), to, stop - start, step, four, false)
      to += (stop - start) << 4
    }
    copyRun(0, to, until - stop, 0, four, true)
    to += (until - stop) << 4
    term += until - from
  }
}

/** Puts numbers, or fours of them, a panel's row apart. */
function copyRun(from: usize, to: usize, count: usize, step: usize, four: bool, zero: bool): void {
  const end = to + (count << 4)
  if (four) {
    const none = f32x4.splat(0)
    while (to < end) {
      v128.store(to, zero ? none : v128.load(from))
      from += step
      to += 16
    }
  } else {
    while (to < end) {
      store<f32>(to, zero ? 0 : load<f32>(from))
      from += step
      to += 16
    }
  }
}
