import type { Tensor } from '../../foundation/formats/safetensors.ts'

/** A state of measurement as a safetensors file holds it: arrays as tensors, and the rest as text that names them. */
export interface StoredState {
  readonly tensors: Readonly<Record<string, Tensor>>
  /** JSON */
  readonly outline: string
}

/** Stores the state of a measurement, for `restoreState`. The arrays are not copied. */
export function storeState(state: object): StoredState {
  const tensors: Record<string, Tensor> = {}
  const stored = (value: unknown, path: string): unknown => {
    if (value instanceof Float32Array || value instanceof Float64Array) {
      tensors[path] = { dtype: value instanceof Float32Array ? 'F32' : 'F64', shape: [value.length], values: value }
      return { tensor: path }
    }
    if (Array.isArray(value)) return value.map((element, index) => stored(element, `${path}.${index}`))
    if (typeof value !== 'object' || value === null) return value
    return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, stored(part, `${path}.${key}`)]))
  }
  return { outline: JSON.stringify(stored(state, 'curvature')), tensors }
}

/**
 * The state that `storeState` stored. Parts that were undefined are absent.
 *
 * @throws RangeError if a tensor that the outline names is not there
 */
export function restoreState({ tensors, outline }: StoredState): unknown {
  const restored = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(restored)
    if (typeof value !== 'object' || value === null) return value
    const { tensor } = value as { readonly tensor?: unknown }
    if (typeof tensor !== 'string') {
      return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, restored(part)]))
    }
    const found = tensors[tensor]
    if (found === undefined) throw new RangeError(`restoreState: tensors must hold ${tensor}`)
    return found.values
  }
  return restored(JSON.parse(outline))
}
