import { expect, test } from 'vitest'
import { z } from 'zod'
import { schemaProblem } from './schema-problem.ts'

const schema = z.strictObject({ runs: z.array(z.strictObject({ steps: z.int('must be\n  an integer') })) })

test('the first problem is placed and said in one line, the others are counted', () => {
  const { error } = schema.safeParse({ runs: [{ steps: 1 }, { steps: 1.5 }, { steps: 0.5 }] })
  expect(schemaProblem(error!)).toEqual({ place: '.runs[1].steps', message: 'must be an integer (and 1 more)' })
})

test('a problem of the whole value has no place', () => {
  expect(schemaProblem(schema.safeParse(3).error!).place).toBe('')
})
