import { z } from 'zod'
import type { RandomState } from '../../foundation/random/xoshiro128.ts'

const word = z.int32()

/** The state of a random generator as JSON: four signed 32-bit words, not all zero. */
export const randomWords = z
  .tuple([word, word, word, word])
  .refine((words) => words.some((value) => value !== 0), 'must not be all zero')

export type RandomWords = z.output<typeof randomWords>

export function wordsOf(state: RandomState): RandomWords {
  return [state[0]!, state[1]!, state[2]!, state[3]!]
}
