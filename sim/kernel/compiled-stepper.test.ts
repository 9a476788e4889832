import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { phaseSums, type SamplingScheme, samplingSchemes } from '../../foundation/phase-space.ts'
import { standardNormal } from '../../foundation/random/normal.ts'
import { streamOf } from '../../foundation/random/xoshiro128.ts'
import { regressionProblem } from '../../foundation/regression-problem.ts'
import type { Dynamics } from '../dynamics.ts'
import { regressionDynamics } from '../regression-source.ts'
import { type Loop, runChain } from '../run-chain.ts'
import { kernelModule } from './compiled-stepper.ts'

function normals(seed: number, count: number): Float64Array {
  const state = streamOf(seed, 0)
  return Float64Array.from({ length: count }, () => standardNormal(state))
}

/** Everything an observer can see of one chain, in irregular strides, byte for byte. */
function seen(dynamics: Dynamics, seed: number, steps: number, loop: Loop): string {
  const size = dynamics.modeCount * dynamics.outputCount
  const [position, velocity] = [normals(seed, size), normals(seed + 1, size)]
  const shown: number[] = []
  const sums = phaseSums(dynamics.modeCount, 7)
  const state = streamOf(seed, 3)
  runChain(
    { dynamics, position, velocity, state, caller: 'test', number: 3, instability: 'unstable' },
    steps,
    {
      observe: (step, x, v) => shown.push(step, ...x, ...v),
      next: (step) => step + 1 + ((step * 7) % 5),
      sums,
    },
    loop,
  )
  const { positionSquare, velocitySquare, positionVelocity } = sums
  shown.push(sums.steps, ...positionSquare, ...velocitySquare, ...positionVelocity)
  // a digest, for comparing arrays of bytes value by value takes seconds
  return createHash('sha256').update(Float64Array.from(shown)).digest('hex')
}

function dynamicsOf(
  sampling: SamplingScheme,
  { modes, outputs, batch, frozen }: { modes: number; outputs: number; batch: number; frozen: boolean },
): Dynamics {
  const examples = Math.max(batch, modes) + 5
  const weightDecay = 0.125
  const problem = regressionProblem(
    normals(modes, examples * modes),
    normals(outputs + 100, examples * outputs),
    examples,
    weightDecay,
  )
  const additive = sampling === 'gaussian' || sampling === 'student-t'
  return regressionDynamics(
    problem,
    { learningRate: 0.003, momentum: 0.9, weightDecay, batchSize: batch },
    {
      sampling,
      ...(frozen && !additive ? { noise: 'frozen' as const } : {}),
      ...(sampling === 'student-t' ? { degreesOfFreedom: 2.5 } : {}),
    },
  )
}

describe('the compiled loop', () => {
  it('is there: npm run build made it', () => {
    expect(kernelModule()).toBeInstanceOf(WebAssembly.Module)
  })

  it.each(samplingSchemes)('gives the bytes of the TypeScript loop: %s, any shape (seed 20)', (sampling) => {
    fc.assert(
      fc.property(
        fc.record({
          modes: fc.integer({ min: 1, max: 19 }),
          outputs: fc.integer({ min: 1, max: 5 }),
          batch: fc.integer({ min: 1, max: 23 }),
          frozen: fc.boolean(),
        }),
        fc.integer({ min: 1, max: 1000 }),
        (shape, seed) => {
          const dynamics = dynamicsOf(sampling, shape)
          expect(seen(dynamics, seed, 60, 'compiled')).toEqual(seen(dynamics, seed, 60, 'typescript'))
        },
      ),
      { seed: 20, numRuns: 40 },
    )
  })

  it.each([true, false])(
    'gives the bytes of the TypeScript loop: linear recursions, noise of velocities only %s',
    (only) => {
      const modeCount = 7
      const entries = normals(5, 7 * modeCount).map((value) => value / 20)
      const factor = entries.subarray(4 * modeCount)
      if (only) factor.fill(0, 0, 2 * modeCount)
      const dynamics: Dynamics = {
        kind: 'linear',
        modeCount,
        outputCount: 1,
        increment: entries
          .subarray(0, 4 * modeCount)
          .map((value, at) => value - (at % (3 * modeCount) < modeCount ? 0.1 : 0)),
        factor,
        velocityOnly: only,
      }
      expect(seen(dynamics, 11, 200, 'compiled')).toEqual(seen(dynamics, 11, 200, 'typescript'))
    },
  )

  it('follows the random stream into the tails: a million normal numbers, and Student’s', () => {
    // no force and no memory: the last velocity sums nothing, the sums of squares see every number
    for (const degreesOfFreedom of [undefined, 1.5]) {
      const dynamics: Dynamics = {
        kind: 'additive-noise',
        modeCount: 100,
        outputCount: 1,
        learningRate: 2 ** -20,
        momentum: 0,
        slopes: new Float64Array(100),
        scales: new Float64Array(100).fill(1),
        factor: Float64Array.of(1),
        ...(degreesOfFreedom === undefined ? {} : { degreesOfFreedom }),
      }
      expect(seen(dynamics, 31, 10_000, 'compiled')).toEqual(seen(dynamics, 31, 10_000, 'typescript'))
    }
  })

  it('runs a chain in the middle of another', () => {
    const dynamics = dynamicsOf('without-replacement', { modes: 5, outputs: 2, batch: 6, frozen: false })
    const alone = seen(dynamics, 8, 40, 'compiled')
    let within: string | undefined
    const size = dynamics.modeCount * dynamics.outputCount
    const chain = {
      dynamics,
      position: normals(1, size),
      velocity: normals(2, size),
      caller: 'test',
      number: 0,
      instability: '',
    }
    const last: number[] = []
    runChain({ ...chain, state: streamOf(4, 0) }, 30, (step, x) => {
      if (step === 15) within = seen(dynamics, 8, 40, 'compiled')
      if (step === 30) last.push(...x)
    })
    expect(within).toEqual(alone)
    runChain({ ...chain, state: streamOf(4, 0) }, 30, (step, x) => {
      if (step === 30) expect(last).toEqual([...x])
    })
  })

  it('refuses an observer that asks for the past', () => {
    const dynamics = dynamicsOf('gaussian', { modes: 2, outputs: 1, batch: 3, frozen: false })
    const chain = {
      dynamics,
      position: normals(1, 2),
      velocity: normals(2, 2),
      state: streamOf(4, 0),
      caller: 'test',
      number: 0,
      instability: '',
    }
    expect(() => runChain(chain, 5, { observe: () => undefined, next: () => 2 })).toThrow(
      new RangeError('runChain: an observer must ask for a step after 2, got 2'),
    )
  })
})
