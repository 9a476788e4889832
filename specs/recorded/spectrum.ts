import type { RecordedTrajectory } from '../../foundation/formats/recorded-trajectory.ts'
import type { RecordedSettings } from './settings.ts'

/** Which modes a theory is asked about, and where they are recorded. */
export interface RecordedSpectrum {
  /** ρ, descending as given. // [mode] */
  readonly eigenvalues: Float64Array
  /** Where each mode is recorded, −1 where it is not. // [mode] */
  readonly columns: Int32Array
  /** Whether these are all modes that move. */
  readonly whole: boolean
  /** σ²_l, where it is given. // [mode] */
  readonly noiseVariances?: Float64Array
  /** Recorded modes without curvature, which are not judged. */
  readonly nullModes: number
}

/** Below this part of the largest eigenvalue a mode has no curvature but rounding's. */
const nullCurvature = 1e-12
/** Two files' eigenvalues of one mode may differ by this part of the largest. */
const sameEigenvalue = 1e-6
/** Sums of squares in single precision are this near. */
const sameSum = 1e-5

/**
 * The spectrum that settings, file and --spectrum give together.
 *
 * @param listed what --spectrum holds: of the recorded modes if it is as long, else of all modes
 * @throws RangeError in one line for lengths that disagree, or eigenvalues that are missing or not found in the spectrum
 */
export function recordedSpectrum(
  trajectory: RecordedTrajectory,
  settings: RecordedSettings,
  listed: Float64Array | undefined,
): RecordedSpectrum {
  const { modeCount } = trajectory
  const ofRecorded = listed?.length === modeCount ? listed : undefined
  const given = settings.eigenvalues && Float64Array.from(settings.eigenvalues)
  if (given && given.length !== modeCount) {
    throw new RangeError(
      `eigenvalues must have one value for each of the ${modeCount} recorded modes, got ${given.length}`,
    )
  }
  if (listed && listed.length < modeCount) {
    throw new RangeError(`--spectrum must have at least the ${modeCount} recorded modes, got ${listed.length}`)
  }
  const all = listed && listed.length > modeCount ? listed : settings.spectrum && Float64Array.from(settings.spectrum)
  const eigenvalues = given ?? ofRecorded ?? trajectory.eigenvalues
  if (eigenvalues === undefined) {
    throw new RangeError(
      `eigenvalues: needed: the file has no tensor eigenvalues; give those of its ${modeCount} modes by --spectrum or --settings`,
    )
  }
  const largest = eigenvalues.reduce((a, b) => Math.max(a, b))
  if (!(largest > 0)) throw new RangeError(`eigenvalues must hold one above 0, got ${largest} as the largest`)
  const moving = [...eigenvalues.keys()].filter((column) => eigenvalues[column]! > nullCurvature * largest)
  const negative = eigenvalues.findIndex((rho) => rho < -sameEigenvalue * largest)
  if (negative !== -1) {
    throw new RangeError(
      `eigenvalues[${negative}] must be ≥ 0, got ${eigenvalues[negative]}: a mode of negative curvature has no stationary law`,
    )
  }
  const nullModes = modeCount - moving.length
  if (all === undefined || all.length === moving.length) {
    const noise = noiseOf(settings, moving, modeCount)
    return {
      eigenvalues: Float64Array.from(moving, (column) => eigenvalues[column]!),
      columns: Int32Array.from(moving),
      whole: all !== undefined || nothingElseMoves(trajectory),
      ...(noise && { noiseVariances: noise }),
      nullModes,
    }
  }
  const columns = new Int32Array(all.length).fill(-1)
  for (const column of moving) {
    let nearest = -1
    for (let mode = 0; mode < all.length; mode++) {
      const distance = Math.abs(all[mode]! - eigenvalues[column]!)
      if (columns[mode] !== -1 || distance > sameEigenvalue * largest) continue
      if (nearest === -1 || distance < Math.abs(all[nearest]! - eigenvalues[column]!)) nearest = mode
    }
    if (nearest === -1) {
      throw new RangeError(
        `eigenvalues[${column}] must be one of the spectrum's ${all.length}, got ${eigenvalues[column]}`,
      )
    }
    columns[nearest] = column
  }
  const noise = noiseOf(settings, [...all.keys()], all.length)
  return { eigenvalues: all, columns, whole: true, ...(noise && { noiseVariances: noise }), nullModes }
}

function noiseOf(
  { noiseVariances }: RecordedSettings,
  modes: readonly number[],
  count: number,
): Float64Array | undefined {
  if (noiseVariances === undefined) return undefined
  if (noiseVariances.length !== count && noiseVariances.length !== modes.length) {
    throw new RangeError(
      `noiseVariances must have one value for each of ${count} modes of the spectrum, got ${noiseVariances.length}`,
    )
  }
  if (noiseVariances.length === modes.length) return Float64Array.from(noiseVariances)
  return Float64Array.from(modes, (mode) => noiseVariances[mode]!)
}

/** Whether the recorded modes carry the whole speed: its square is then in one ratio to theirs, η², whatever η is said to be. */
function nothingElseMoves({ localDisplacement, velocity, chainCount, rowCount }: RecordedTrajectory): boolean {
  if (localDisplacement === undefined) return false
  const width = velocity.length / (chainCount * rowCount)
  const speeds = new Float64Array(chainCount * rowCount)
  let recorded = 0
  let total = 0
  for (let row = 0; row < speeds.length; row++) {
    for (let at = row * width; at < (row + 1) * width; at++) speeds[row]! += velocity[at]! ** 2
    recorded += speeds[row]!
    total += localDisplacement[row]!
  }
  let apart = 0
  for (let row = 0; row < speeds.length; row++) {
    apart += Math.abs(localDisplacement[row]! - (speeds[row]! * total) / recorded)
  }
  return apart <= sameSum * total
}
