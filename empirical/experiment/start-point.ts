import { readFileSync } from 'node:fs'
import { readSafetensors, type Tensor } from '../../foundation/formats/safetensors.ts'
import { writeSafetensors } from '../../foundation/formats/safetensors-writer.ts'
import type { Model } from '../models/model.ts'
import type { NetworkPoint } from '../training/train.ts'

/** Lists of a point's numbers as they are named in a file. */
const lists = ['parameters', 'velocities', 'statistics'] as const

/** Writes where a network stands, all of it or nothing. */
export function writeNetworkPoint(path: string, model: Model, point: Required<NetworkPoint>): void {
  const tensors: Record<string, Tensor> = {}
  for (const list of lists) {
    itemsOf(model, list).forEach(({ name, shape }, index) => {
      tensors[`${list}.${name}`] = { dtype: 'F32', shape, values: point[list][index]! }
    })
  }
  writeSafetensors(path, tensors, {})
}

/** @throws RangeError naming the first tensor that the file lacks */
export function readNetworkPoint(path: string, model: Model): Required<NetworkPoint> {
  const { tensors } = readSafetensors(readFileSync(path), path)
  const [parameters, velocities, statistics] = lists.map((list) =>
    itemsOf(model, list).map(({ name }) => {
      const values = tensors.get(`${list}.${name}`)?.values
      if (values instanceof Float32Array) return values
      throw new RangeError(`readNetworkPoint: ${path} lacks ${list}.${name} in F32`)
    }),
  )
  return { parameters: parameters!, velocities: velocities!, statistics: statistics! }
}

function itemsOf(model: Model, list: (typeof lists)[number]): readonly { name: string; shape: readonly number[] }[] {
  return list === 'statistics' ? model.statistics : model.parameters
}
