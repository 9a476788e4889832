// Where the windows of a convolution or a pool lie in its images.

export let examples: usize = 0
export let height: usize = 0
export let width: usize = 0
export let channels: usize = 0
export let outputHeight: usize = 0
export let outputWidth: usize = 0
export let windowHeight: usize = 0
export let windowWidth: usize = 0
export let strideHeight: usize = 0
export let strideWidth: usize = 0
export let top: usize = 0
export let left: usize = 0

/** For the next kernel that goes over windows; `above` and `before` are rows and columns outside of images. */
export function setWindows(
  exampleCount: usize,
  inputHeight: usize,
  inputWidth: usize,
  channelCount: usize,
  outHeight: usize,
  outWidth: usize,
  rows: usize,
  columns: usize,
  rowStride: usize,
  columnStride: usize,
  above: usize,
  before: usize,
): void {
  examples = exampleCount
  height = inputHeight
  width = inputWidth
  channels = channelCount
  outputHeight = outHeight
  outputWidth = outWidth
  windowHeight = rows
  windowWidth = columns
  strideHeight = rowStride
  strideWidth = columnStride
  top = above
  left = before
}
