/** How numbers read in a report: four significant digits, and never a NaN, an Infinity or an undefined. */

const missing = '–'
const superscripts = '⁰¹²³⁴⁵⁶⁷⁸⁹'

/** 10⁻³ for −3. */
export function powerOfTen(exponent: number): string {
  const digits = String(Math.abs(exponent)).replace(/\d/g, (digit) => superscripts[Number(digit)]!)
  return `10${exponent < 0 ? '⁻' : ''}${digits}`
}

/** 1,234,567 for a count; rounds to an integer. */
export function formatCount(value: number | undefined): string {
  return value === undefined || !Number.isFinite(value) ? missing : grouped(value.toFixed(0))
}

/** A measured or predicted number: four significant digits, trailing zeros kept. */
export function formatNumber(value: number | undefined): string {
  return digits(value, (text) => text)
}

/** At most so many significant digits, trailing zeros dropped: for numbers that are told apart by them. */
export function formatDigits(value: number, count: number): string {
  const [mantissa, exponent] = String(Number(value.toPrecision(count))).split('e')
  return `${mantissa!.replace('-', '−')}${exponent === undefined ? '' : `·${powerOfTen(Number(exponent))}`}`
}

/** A number somebody chose: at most four significant digits, trailing zeros dropped. */
export function formatSetting(value: number | undefined): string {
  return digits(value, (text) => (text.includes('.') ? text.replace(/\.?0+$/, '') : text)).replace(/^(−?)1·/, '$1')
}

/** An exponent: three decimals, trailing zeros dropped. */
export function formatExponent(value: number | undefined): string {
  return formatSetting(value === undefined ? undefined : Number(value.toFixed(3)))
}

/** A size in a margin's units: 'log' as a percentage, 'linear' in units of the quantity. */
export function formatSize(scale: 'log' | 'linear', size: number | undefined): string {
  if (size === undefined || !Number.isFinite(size)) return missing
  return scale === 'log' ? `${formatSetting(100 * size)} %` : formatSetting(size)
}

/** A margin: ±2 % or ±0.05. */
export function formatMargin(scale: 'log' | 'linear', margin: number | undefined): string {
  const size = formatSize(scale, margin)
  return size === missing ? missing : `±${size}`
}

/** 148.7 % ± 0.9 %, cut at the half width's second significant digit. */
export function formatPercent(percent: number, halfWidth: number | undefined): string {
  return formatDifference('log', percent / 100, halfWidth && halfWidth / 100).replace('+', '')
}

/** A difference with the half width of its interval, both cut at the half width's second significant digit. */
export function formatDifference(
  scale: 'log' | 'linear',
  difference: number | undefined,
  halfWidth: number | undefined,
): string {
  const factor = scale === 'log' ? 100 : 1
  const unit = scale === 'log' ? ' %' : ''
  if (difference === undefined || !Number.isFinite(difference)) return missing
  if (halfWidth === undefined || !(halfWidth > 0 && Number.isFinite(halfWidth))) {
    return `${withSign(difference, formatNumber(Math.abs(factor * difference)))}${unit}`
  }
  const decimals = decimalsOf(factor * halfWidth)
  const size = grouped((factor * Math.abs(difference)).toFixed(decimals))
  const half = grouped((factor * halfWidth).toFixed(decimals))
  return `${withSign(difference, size)}${unit} ± ${half}${unit}`
}

/** Half the length of an interval. */
export function halfWidthOf(interval: readonly [number, number] | undefined): number | undefined {
  return interval === undefined ? undefined : Math.abs(interval[1] - interval[0]) / 2
}

/** Decimals that show two significant digits of a positive number. */
function decimalsOf(value: number): number {
  return Math.min(100, Math.max(0, 1 - Math.floor(Math.log10(value))))
}

function digits(value: number | undefined, trim: (text: string) => string): string {
  if (value === undefined || !Number.isFinite(value)) return missing
  if (value === 0) return '0'
  const [mantissa, exponent] = value.toExponential(3).split('e') as [string, string]
  const power = Number(exponent)
  const minus = value < 0 ? '−' : ''
  if (power < -3 || power >= 6) return `${minus}${trim(mantissa.replace('-', ''))}·${powerOfTen(power)}`
  const size = Math.abs(Number(value.toPrecision(4)))
  return `${minus}${trim(grouped(size.toFixed(Math.max(0, 3 - power))))}`
}

function grouped(fixed: string): string {
  const [whole, fraction] = fixed.split('.') as [string, string | undefined]
  const groups = whole.replace(/\B(?=(\d{3})+(?!\d))/g, ',')
  return fraction === undefined ? groups : `${groups}.${fraction}`
}

/** No sign on something that rounds to zero. */
function withSign(value: number, size: string): string {
  if (!/[1-9]/.test(size)) return size
  return `${value < 0 ? '−' : '+'}${size}`
}
