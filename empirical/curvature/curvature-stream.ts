import { type RandomState, streamOf } from '../../foundation/random/xoshiro128.ts'

/** What chance is used for. Each draws from streams of its own, beyond those that data and initial parameters draw from. */
const purposes = { start: 1, restart: 2, trace: 3, density: 4, noise: 5 } as const

/** The random numbers of one start vector, probe or choice of examples, whatever else was drawn before. */
export function curvatureStream(seed: number, purpose: keyof typeof purposes, index: number): RandomState {
  return streamOf(seed, purposes[purpose] * 2 ** 32 + index)
}
