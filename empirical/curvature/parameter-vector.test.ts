import { expect, it } from 'vitest'
import { multilayerPerceptron } from '../models/families/multilayer-perceptron.ts'
import { initialParameters } from '../models/initial-parameters.ts'
import { planModel } from '../models/model.ts'
import { arraysOf, vectorOf } from './parameter-vector.ts'

it('a vector of all parameters is their arrays one after the other, and these are views of it', () => {
  const model = planModel(multilayerPerceptron({ inputShape: [3], hidden: [4], outputs: 2 }))
  const arrays = initialParameters(model, 1)
  const vector = vectorOf(arrays)
  expect(vector).toHaveLength(3 * 4 + 4 + 4 * 2 + 2)
  expect(arraysOf(model, vector)).toEqual(arrays)
  vector[12] = 7
  expect(arraysOf(model, vector)[1]![0]).toBe(7)
})
