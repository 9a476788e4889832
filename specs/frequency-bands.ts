/**
 * What averages a spectrum over bands of neighbouring frequencies, about `count` of equal ratio: low ones hold one bin, and a
 * band without a bin is left out.
 *
 * @param frequencies ascending, > 0 // [bin]
 * @returns of values at the frequencies // [bin], their means // [band]
 */
export function frequencyBands(frequencies: ArrayLike<number>, count: number): (values: ArrayLike<number>) => number[] {
  const first = frequencies[0]!
  const span = Math.log(frequencies[frequencies.length - 1]! / first)
  const bands = new Map<number, number[]>()
  for (let bin = 0; bin < frequencies.length; bin++) {
    const band = Math.floor((Math.log(frequencies[bin]! / first) / span) * count)
    const bins = bands.get(band)
    if (bins) bins.push(bin)
    else bands.set(band, [bin])
  }
  return (values) => [...bands.values()].map((bins) => bins.reduce((sum, bin) => sum + values[bin]! / bins.length, 0))
}
