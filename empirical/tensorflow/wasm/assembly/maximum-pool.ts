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
 * Each window's gradient goes to its first maximum in row-major order.
 *
 * @param dy [example, output row, output column, channel]
 * @param input [example, row, column, channel]
 * @param output of the pool, shaped like dy
 * @param gradient shaped like the input
 */
export function scatterToMaxima(dy: usize, input: usize, output: usize, gradient: usize): void {
  memory.fill(gradient, 0, (examples * height * width * channels) << 2)
  overWindows(dy, input, output, gradient, true)
}

/**
 * Each window takes the value that stands where its first maximum is: the transpose of `scatterToMaxima`.
 *
 * @param values shaped like the input
 * @param gathered shaped like the output
 */
export function gatherFromMaxima(values: usize, input: usize, output: usize, gathered: usize): void {
  overWindows(gathered, input, output, values, false)
}

/** @param inside, input shaped like the input @param outside, output shaped like the output */
function overWindows(outside: usize, input: usize, output: usize, inside: usize, scattering: bool): void {
  const pixel = channels << 2
  const line = width * pixel
  let at: usize = 0
  for (let example: usize = 0; example < examples; example++) {
    for (let row: usize = 0; row < outputHeight; row++) {
      const above = row * strideHeight
      const firstRow: usize = above > top ? above - top : 0
      const lastRow = min(height, above + windowHeight - top)
      for (let column: usize = 0; column < outputWidth; column++) {
        const before = column * strideWidth
        const firstColumn: usize = before > left ? before - left : 0
        const columns = min(width, before + windowWidth - left) - firstColumn
        const corner = ((example * height + firstRow) * width + firstColumn) * pixel
        overChannels(outside + at, input + corner, output + at, inside + corner, lastRow - firstRow, columns, line, scattering)
        at += pixel
      }
    }
  }
}

/** One window, in all channels. Which place comes first is told by masks: as branches they would be guesses. */
function overChannels(
  outside: usize,
  input: usize,
  output: usize,
  inside: usize,
  rows: usize,
  columns: usize,
  line: usize,
  scattering: bool,
): void {
  const pixel = channels << 2
  const back = line - columns * pixel
  let channel: usize = 0
  for (; channel + 16 <= pixel; channel += 16) {
    const largest = v128.load(output + channel)
    const value = scattering ? v128.load(outside + channel) : f32x4.splat(0)
    let sum = f32x4.splat(0)
    let searching = i32x4.splat(-1)
    let place = channel
    for (let row: usize = 0; row < rows; row++, place += back) {
      for (let column: usize = 0; column < columns; column++, place += pixel) {
        const here = v128.and(searching, f32x4.eq(v128.load(input + place), largest))
        searching = v128.andnot(searching, here)
        if (scattering) v128.store(inside + place, f32x4.add(v128.load(inside + place), v128.and(here, value)))
        else sum = v128.or(sum, v128.and(here, v128.load(inside + place)))
      }
    }
    if (!scattering) v128.store(outside + channel, sum)
  }
  for (; channel < pixel; channel += 4) {
    const largest = load<f32>(output + channel)
    let searching: i32 = -1
    let place = channel
    let sum: i32 = 0
    for (let row: usize = 0; row < rows; row++, place += back) {
      for (let column: usize = 0; column < columns; column++, place += pixel) {
        const here = searching & -i32(load<f32>(input + place) === largest)
        searching &= ~here
        if (scattering) {
          const value = reinterpret<f32>(here & load<i32>(outside + channel))
          store<f32>(inside + place, load<f32>(inside + place) + value)
        } else sum |= here & load<i32>(inside + place)
      }
    }
    if (!scattering) store<i32>(outside + channel, sum)
  }
}
