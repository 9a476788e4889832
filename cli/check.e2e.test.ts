import { mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { encodeSafetensors, type Tensor } from '../foundation/formats/safetensors.ts'
import { standardNormal } from '../foundation/random/normal.ts'
import { streamOf } from '../foundation/random/xoshiro128.ts'
import { type Report, reportSchema } from '../foundation/results.ts'
import { runCommand } from './run-command.fixture.ts'

const folder = mkdtempSync(join(tmpdir(), 'sgd-oracle-check-'))
afterAll(() => rmSync(folder, { recursive: true }))

const say = (...args: string[]): ReturnType<typeof runCommand> => runCommand(['check', ...args])

let files = 0
function file(content: Uint8Array | string, extension: string): string {
  const path = join(folder, `${files++}.${extension}`)
  writeFileSync(path, content)
  return path
}

const settings = {
  learning_rate: '0.05',
  momentum: '0.9',
  weight_decay: '0',
  batch_size: '4',
  noise_variance: '0.5',
  sampling: 'gaussian',
  start: 'minimum',
}
const eigenvalues = [2, 0.5]

/** Additive Gaussian SGD written out step by step, as another program would: 8 steps a row. */
function tensors(chains: number, rows: number, every = 8): Record<string, Tensor> {
  const shape = [chains, rows, 1, 2]
  const position = new Float64Array(chains * rows * 2)
  const velocity = new Float64Array(chains * rows * 2)
  const local = new Float64Array(chains * rows)
  const global = new Float64Array(chains * rows)
  for (let chain = 0; chain < chains; chain++) {
    const random = streamOf(11, chain)
    const [x, v] = [
      [0, 0],
      [0, 0],
    ]
    for (let row = 0; row < rows; row++) {
      for (let step = 0; row > 0 && step < every; step++) {
        for (const [l, rho] of eigenvalues.entries()) {
          v[l] = 0.9 * v[l]! - rho * x[l]! - Math.sqrt((0.5 * rho) / 4) * standardNormal(random)
          x[l]! += 0.05 * v[l]!
        }
      }
      const at = chain * rows + row
      position.set(x, 2 * at)
      velocity.set(v, 2 * at)
      local[at] = 0.05 ** 2 * (v[0]! ** 2 + v[1]! ** 2)
      global[at] = x[0]! ** 2 + x[1]! ** 2
    }
  }
  return {
    step: {
      dtype: 'I64',
      shape: [rows],
      values: BigInt64Array.from({ length: rows }, (_, row) => BigInt(row * every)),
    },
    position: { dtype: 'F64', shape, values: position },
    velocity: { dtype: 'F64', shape, values: velocity },
    local_displacement: { dtype: 'F64', shape: [chains, rows], values: local },
    global_displacement: { dtype: 'F64', shape: [chains, rows], values: global },
    eigenvalues: { dtype: 'F64', shape: [2], values: Float64Array.from(eigenvalues) },
  }
}

const many = tensors(64, 2600)
const ours = { ...settings, program: 'sgd-oracle 0.0.0' }

async function judged(path: string, ...more: string[]): Promise<{ code: number; out: string; report: Report }> {
  const out = join(folder, `report-${files++}`)
  const { code, out: said, err } = await say('--trajectory', path, '--out', out, ...more)
  expect(err).toBe('')
  return { code, out: said, report: reportSchema.parse(JSON.parse(readFileSync(join(out, 'report.json'), 'utf8'))) }
}

const verdictsOf = ({ claims }: Report, hypothesis: string): (string | undefined)[] =>
  claims
    .filter((claim) => claim.hypothesis === hypothesis && claim.answerable)
    .map((claim) => claim.comparisons[0]!.verdict)

describe('a trajectory that does what its settings say', () => {
  test('agrees, required of our Gaussian noise, with chains as replicas', async () => {
    const { code, report } = await judged(file(encodeSafetensors(many, ours), 'safetensors'))
    expect(code).toBe(0)
    expect(report.recording?.evidence).toBe('replicas')
    for (const hypothesis of [
      'constant-speed',
      'equipartition',
      'isotropy',
      'velocity-shape',
      'velocity-correlation',
    ]) {
      const verdicts = verdictsOf(report, hypothesis)
      expect(verdicts.length).toBeGreaterThan(0)
      expect(new Set(verdicts), hypothesis).toEqual(new Set(['agrees']))
    }
    expect(report.summary.rivals.rejected).toBeGreaterThanOrEqual(2)
  })

  test('is only compared where another program recorded it', async () => {
    const { code, report, out } = await judged(file(encodeSafetensors(many, settings), 'safetensors'))
    expect(code).toBe(0)
    expect(report.summary.required.agrees).toBe(0)
    expect(out).toContain('nothing is required')
  })

  test('gives one chain as one long run', async () => {
    const { code, report } = await judged(file(encodeSafetensors(tensors(1, 30_000), ours), 'safetensors'))
    expect(code).toBe(0)
    expect(report.recording?.evidence).toBe('long-run')
    for (const hypothesis of ['velocity-correlation', 'equipartition']) {
      expect(new Set(verdictsOf(report, hypothesis)), hypothesis).toEqual(new Set(['agrees']))
    }
    const looks = report.claims.flatMap((claim) => claim.looks)
    expect(looks.every(({ batches }) => batches !== undefined && batches.length >= 50)).toBe(true)
  })

  test('is predicted row by row from where it starts: its first rows alone agree too', async () => {
    // 24 steps where the flat mode relaxes in 40: the start is still seen
    const { report } = await judged(file(encodeSafetensors(tensors(16_000, 4), ours), 'safetensors'))
    const isotropy = report.claims.filter(({ hypothesis }) => hypothesis === 'isotropy')
    expect(isotropy.map(({ verdict }) => verdict)).toEqual(['agrees', 'agrees'])
    const { prediction, differenceInterval } = isotropy[1]!.comparisons[0]!
    expect(prediction).toBeLessThan(0.75) // 1 where stationary
    expect(differenceInterval![0]).toBeGreaterThan(-0.2)
    expect(differenceInterval![1]).toBeLessThan(0.2)
  })
})

describe('wrong settings are caught', () => {
  test.each([
    ['momentum', { momentum: 0.8 }],
    ['learningRate', { learningRate: 0.055 }],
    ['noiseVariance', { noiseVariance: 0.55 }],
  ])('%s', async (name, wrong) => {
    const path = file(encodeSafetensors(many, ours), 'safetensors')
    const { code, report } = await judged(path, '--settings', JSON.stringify(wrong))
    expect(code).toBe(1)
    expect(verdictsOf(report, 'constant-speed')).toEqual(['disagrees'])
    expect(report.recording?.notes.join()).toContain(`${name} `)
  })
})

describe('what is missing limits the claims, and is named', () => {
  test('no noise variance', async () => {
    const { noise_variance: _, ...rest } = ours
    const { report } = await judged(file(encodeSafetensors(many, rest), 'safetensors'))
    expect(new Set(report.claims.map(({ hypothesis }) => hypothesis))).toEqual(
      new Set(['equipartition', 'velocity-correlation']),
    )
    expect(report.recording?.limits).toContainEqual({
      hypothesis: 'constant-speed',
      missing: 'noiseVariance or noiseVariances',
    })
  })

  test('modes that are not recorded, without their spectrum', async () => {
    const local = many['local_displacement']!
    const more = { ...local, values: (local.values as Float64Array).map((value, at) => value * (1 + (at % 3))) }
    const { report } = await judged(file(encodeSafetensors({ ...many, local_displacement: more }, ours), 'safetensors'))
    expect(verdictsOf(report, 'constant-speed')).toEqual([])
    expect(report.recording?.limits.map(({ hypothesis }) => hypothesis)).toContain('constant-speed')
  })

  test.each([
    ['JSON', 'json', '[2, 0.5]'],
    ['CSV', 'csv', 'mode,eigenvalue\n1,2\n2,0.5\n'],
  ])('eigenvalues come from --spectrum, %s', async (_, extension, text) => {
    const { eigenvalues: __, ...rest } = many
    const path = file(encodeSafetensors(rest, ours), 'safetensors')
    const { code, report } = await judged(path, '--spectrum', file(text, extension))
    expect(code).toBe(0)
    expect(report.spectrum.eigenvalues).toEqual([2, 0.5])
  })
})

describe('bad input is refused in one line', () => {
  const small = tensors(2, 50)
  const written = (changed: Record<string, Tensor>, metadata: Record<string, string> = settings): string =>
    file(encodeSafetensors(changed, metadata), 'safetensors')
  const without = (name: string): Record<string, Tensor> =>
    Object.fromEntries(Object.entries(small).filter(([key]) => key !== name))
  const withNaN = (): Record<string, Tensor> => {
    const values = (small['velocity']!.values as Float64Array).slice()
    values[2 * (50 + 7) + 1] = Number.NaN
    return { ...small, velocity: { ...small['velocity']!, values } }
  }
  const shortSteps: Tensor = { dtype: 'I64', shape: [49], values: new BigInt64Array(49) }
  const flatSteps: Tensor = { dtype: 'I64', shape: [50], values: new BigInt64Array(50) }
  const truncated = (): string => {
    const path = written(small)
    truncateSync(path, 2000)
    return path
  }
  /** Without a block on the disk. */
  const huge = (): string => {
    const path = file('', 'safetensors')
    truncateSync(path, 2 ** 31 + 1)
    return path
  }
  const cases: readonly [string, () => string[], RegExp][] = [
    ['no such file', () => [join(folder, 'none.safetensors')], /no such file/],
    ['more than 2 GiB', () => [huge()], /has 2147483649 bytes, at most 2147483648 can be judged/],
    ['truncated', () => [truncated()], /truncated/],
    ['a CSV', () => [file('a,b\n1,2\n3,4\n', 'csv')], /not a safetensors file/],
    ['no position', () => [written(without('position'))], /needs the tensor position/],
    ['no step', () => [written(without('step'))], /needs the tensor step/],
    ['NaN', () => [written(withNaN())], /velocity\[1, 7, 0, 1\] must be finite, got NaN/],
    [
      'shapes that disagree',
      () => [written({ ...small, velocity: many['velocity']! })],
      /velocity must have shape \[2, 50, 1, 2\]/,
    ],
    ['steps of other length', () => [written({ ...small, step: shortSteps })], /one number for each of 50 rows/],
    ['steps that do not ascend', () => [written({ ...small, step: flatSteps })], /must ascend/],
    ['too few rows', () => [written(tensors(1, 20))], /too few rows/],
    ['a burn-in of all rows', () => [written(small), '--burn-in', '49'], /too few rows/],
    ['no eigenvalues', () => [written(without('eigenvalues'))], /eigenvalues: needed/],
    ['no learning rate', () => [written(small, {})], /learningRate: needed/],
    [
      'metadata that is no number',
      () => [written(small, { ...settings, momentum: 'much' })],
      /momentum must be a number/,
    ],
    ['unknown keys', () => [written(small), '--settings', '{"beta": 0.9}'], /unknown key beta; known are/],
    ['momentum 1', () => [written(small), '--settings', '{"momentum": 1}'], /momentum:.*got 1$/],
    [
      'eigenvalues of other length',
      () => [written(small), '--settings', '{"eigenvalues": [1, 2, 3]}'],
      /each of the 2 recorded modes, got 3/,
    ],
    [
      'noise of other length',
      () => [written(small), '--settings', '{"noiseVariances": [1]}'],
      /noiseVariances must have/,
    ],
    [
      'a spectrum without the modes',
      () => [written(small), '--settings', '{"spectrum": [3, 2, 1]}'],
      /must be one of the spectrum's 3/,
    ],
    ['a short --spectrum', () => [written(small), '--spectrum', file('[1]', 'json')], /at least the 2 recorded modes/],
    ['settings that are no JSON', () => [written(small), '--settings', '{beta}'], /is not JSON/],
    ['an unstable learning rate', () => [written(small), '--settings', '{"learningRate": 3}'], /limit/],
  ]
  test.each(cases)('%s', async (_, args, message) => {
    const { code, out, err } = await say('--trajectory', ...args(), '--out', join(folder, 'never'))
    expect(err.trim()).toMatch(message)
    expect(err.trim().split('\n')).toHaveLength(1)
    expect(err).not.toContain('internal error')
    expect(out).toBe('')
    expect(code).toBe(2)
  })
})
