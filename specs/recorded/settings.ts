import { z } from 'zod'
import type { RecordedTrajectory } from '../../foundation/formats/recorded-trajectory.ts'
import { samplingSchemes } from '../../foundation/phase-space.ts'

/** What a recorded trajectory was run with, as far as it is known: names as in requests for predictions. */
const positive = z.number().positive()
const settingsSchema = z.strictObject({
  learningRate: positive.optional(),
  momentum: z.number().min(0).lt(1).optional(),
  weightDecay: z.number().nonnegative().optional(),
  batchSize: z.int().positive().optional(),
  sampling: z.enum(samplingSchemes.filter((scheme) => scheme !== 'fixed-order')).optional(),
  exampleCount: z.int().min(2).optional(),
  /** σ² of Assumption 3, the same in every mode; summed over outputs. */
  noiseVariance: positive.optional(),
  /** σ²_l of each mode of the spectrum. */
  noiseVariances: z.array(z.number().nonnegative()).min(1).optional(),
  /** ρ of the recorded modes. */
  eigenvalues: z.array(z.number()).min(1).optional(),
  /** ρ of every mode that moves, recorded or not. */
  spectrum: z.array(positive).min(1).optional(),
  /** Where the modes that are not recorded start: at the minimum, drawn from the stationary law, or at θ = 0. */
  start: z.enum(['minimum', 'origin', 'stationary']).optional(),
  seed: z.int().nonnegative().optional(),
})

export type RecordedSettings = z.output<typeof settingsSchema>

/** Settings with what was said about them. */
export interface ReadSettings {
  readonly settings: RecordedSettings
  /** Settings given that differ from what the file says. */
  readonly replaced: readonly string[]
  /** Whether the file says that this program simulated it with Gaussian noise. */
  readonly ourGaussianNoise: boolean
}

const metadataNames: Readonly<Record<keyof RecordedSettings, string>> = {
  learningRate: 'learning_rate',
  momentum: 'momentum',
  weightDecay: 'weight_decay',
  batchSize: 'batch_size',
  sampling: 'sampling',
  exampleCount: 'example_count',
  noiseVariance: 'noise_variance',
  noiseVariances: 'noise_variances_at_minimum',
  eigenvalues: 'eigenvalues',
  spectrum: 'spectrum',
  start: 'start',
  seed: 'seed',
}

/**
 * The file's own settings, replaced where others are given.
 *
 * @param given parsed JSON, an object of settings
 * @throws RangeError in one line for a setting that is unknown or out of range
 */
export function readSettings({ metadata }: RecordedTrajectory, given: unknown, name: string): ReadSettings {
  const own = parsed(ownSettings(metadata, name), `${name}: settings`, (key) => metadataNames[key])
  const others = parsed(given, '--settings', (key) => key)
  const replaced = settingNames.flatMap((key) => {
    const [before, after] = [own[key], others[key]]
    if (before === undefined || after === undefined || JSON.stringify(before) === JSON.stringify(after)) return []
    return [Array.isArray(after) ? `${key} replaces the file's` : `${key} ${after} replaces the file's ${before}`]
  })
  return {
    settings: { ...own, ...others },
    replaced,
    ourGaussianNoise: metadata['sampling'] === 'gaussian' && (metadata['program'] ?? '').startsWith('sgd-oracle '),
  }
}

const settingNames = Object.keys(metadataNames) as (keyof RecordedSettings)[]

function ownSettings(metadata: Readonly<Record<string, string>>, name: string): Record<string, unknown> {
  return Object.fromEntries(
    settingNames.flatMap((key): [string, unknown][] => {
      const text = metadata[metadataNames[key]]
      if (text === undefined) return []
      if (key === 'sampling' || key === 'start') return [[key, text]]
      try {
        return [[key, JSON.parse(text) as unknown]]
      } catch {
        throw new RangeError(`${name}: settings: ${metadataNames[key]} must be a number or a list, got ${shown(text)}`)
      }
    }),
  )
}

function parsed(input: unknown, what: string, nameOf: (key: keyof RecordedSettings) => string): RecordedSettings {
  const result = settingsSchema.safeParse(input)
  if (result.success) return result.data
  const issue = result.error.issues[0]!
  if (issue.code === 'unrecognized_keys') {
    throw new RangeError(
      `${what}: unknown key${issue.keys.length > 1 ? 's' : ''} ${issue.keys.join(', ')}; known are ${settingNames.join(', ')}`,
    )
  }
  const [key, ...rest] = issue.path
  const got = issue.path.reduce<unknown>((value, part) => (value as Record<PropertyKey, unknown> | null)?.[part], input)
  const where =
    key === undefined ? '' : ` ${nameOf(key as keyof RecordedSettings)}${rest.map((at) => `[${String(at)}]`).join('')}:`
  throw new RangeError(`${what}:${where} ${issue.message}, got ${shown(got)}`)
}

function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing'
  return text.length > 80 ? `${text.slice(0, 80)}…` : text
}
