import { readSafetensors, type Tensor } from './safetensors.ts'

/** Chains of phase-space points as a file holds them: every `step`-th state, in some modes. See docs/trajectories.md. */
export interface RecordedTrajectory {
  readonly metadata: Readonly<Record<string, string>>
  readonly chainCount: number
  readonly rowCount: number
  readonly outputCount: number
  readonly modeCount: number
  /** Ascending integers ≥ 0. // [row] */
  readonly steps: Float64Array
  /** x_ol, parameter units. // [chain, row, output, mode] */
  readonly position: Float64Array
  /** v_ol, parameter units per time. // [chain, row, output, mode] */
  readonly velocity: Float64Array
  /** ‖δ_k‖² over all modes and outputs, squared parameter units. // [chain, row] */
  readonly localDisplacement?: Float64Array
  /** ‖θ_k − θ_0‖² over all modes and outputs, squared parameter units. // [chain, row] */
  readonly globalDisplacement?: Float64Array
  /** ρ of the modes. // [mode] */
  readonly eigenvalues?: Float64Array
  /** qᵀμ. // [output, mode of the whole spectrum] */
  readonly minimum?: Float64Array
}

const axesOfStates = ['chain', 'row', 'output', 'mode']

/**
 * Reads a trajectory recorded by `simulate`, PyTorch, JAX or anything else that writes the tensors of docs/trajectories.md.
 * Doubles are views of `bytes`; other numbers are converted. Tensors of other names are passed over.
 *
 * @param name of the file, which begins each error
 * @throws RangeError in one line for a file that is no safetensors file, tensors that lack or disagree in shape, numbers that
 * are not finite, or steps that do not ascend
 */
export function readRecordedTrajectory(bytes: Uint8Array, name: string): RecordedTrajectory {
  const { tensors, metadata } = readSafetensors(bytes, name)
  const position = required('position')
  if (position.shape.length !== axesOfStates.length) {
    throw new RangeError(
      `${name}: position must have the axes [${axesOfStates.join(', ')}], got shape [${position.shape.join(', ')}]`,
    )
  }
  const [chainCount, rowCount, outputCount, modeCount] = position.shape as [number, number, number, number]
  const empty = axesOfStates.find((_, axis) => position.shape[axis] === 0)
  if (empty !== undefined) throw new RangeError(`${name}: position must have at least one ${empty}, got none`)

  const optional = (tensor: string, shape: readonly number[]): Float64Array | undefined => {
    const found = tensors.get(tensor)
    return found && checked(found, tensor, shape)
  }
  const localDisplacement = optional('local_displacement', [chainCount, rowCount])
  const globalDisplacement = optional('global_displacement', [chainCount, rowCount])
  const eigenvalues = optional('eigenvalues', [modeCount])
  const minimum = tensors.get('minimum')
  return {
    metadata,
    chainCount,
    rowCount,
    outputCount,
    modeCount,
    steps: stepsOf(required('step')),
    position: checked(position, 'position', position.shape),
    velocity: checked(required('velocity'), 'velocity', position.shape),
    ...(localDisplacement && { localDisplacement }),
    ...(globalDisplacement && { globalDisplacement }),
    ...(eigenvalues && { eigenvalues }),
    ...(minimum && { minimum: checked(minimum, 'minimum', [outputCount, minimum.shape[1] ?? 0]) }),
  }

  function required(tensor: string): Tensor {
    const found = tensors.get(tensor)
    if (found !== undefined) return found
    const held = [...tensors.keys()]
    throw new RangeError(
      `${name}: a trajectory needs the tensor ${tensor}, this file holds ${held.length === 0 ? 'none' : held.slice(0, 8).join(', ')}`,
    )
  }

  function checked(tensor: Tensor, which: string, shape: readonly number[]): Float64Array {
    if (tensor.shape.length !== shape.length || tensor.shape.some((size, axis) => size !== shape[axis])) {
      throw new RangeError(
        `${name}: ${which} must have shape [${shape.join(', ')}] beside position's [${position.shape.join(', ')}], got [${tensor.shape.join(', ')}]`,
      )
    }
    const values = doubles(tensor, which)
    const bad = values.findIndex((value) => !Number.isFinite(value))
    if (bad !== -1) throw new RangeError(`${name}: ${which}${placeOf(bad, shape)} must be finite, got ${values[bad]}`)
    return values
  }

  function doubles({ values }: Tensor, which: string): Float64Array {
    if (values instanceof Float64Array) return values
    if (values instanceof Float32Array) return Float64Array.from(values)
    throw new RangeError(`${name}: ${which} must hold F64 or F32, got ${values.constructor.name.replace('Array', '')}`)
  }

  function stepsOf({ values, shape }: Tensor): Float64Array {
    if (shape.length !== 1 || shape[0] !== rowCount) {
      throw new RangeError(
        `${name}: step must have one number for each of ${rowCount} rows, got shape [${shape.join(', ')}]`,
      )
    }
    const steps = Float64Array.from(values as ArrayLike<number | bigint>, Number)
    for (let row = 0; row < rowCount; row++) {
      const step = steps[row]!
      if (!(Number.isSafeInteger(step) && step >= 0)) {
        throw new RangeError(`${name}: step[${row}] must be an integer ≥ 0, got ${step}`)
      }
      if (row > 0 && step <= steps[row - 1]!) {
        throw new RangeError(`${name}: step must ascend, got ${step} in row ${row} after ${steps[row - 1]}`)
      }
    }
    return steps
  }
}

/** An index into a row-major tensor, axis by axis. */
function placeOf(index: number, shape: readonly number[]): string {
  const at: number[] = []
  let rest = index
  for (const size of [...shape].reverse()) {
    at.unshift(rest % size)
    rest = Math.floor(rest / size)
  }
  return `[${at.join(', ')}]`
}
