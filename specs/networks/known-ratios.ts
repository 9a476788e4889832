import { readFileSync } from 'node:fs'
import { z } from 'zod'
import { declaredClaims, scalingMargin } from './declared-claims.ts'
import { judgeRatio, type KnownRatio } from './judge-ratio.ts'
import type { OrderedClaim } from './measure-network.ts'

const pair = z.tuple([z.number(), z.number()])

/** Where networks are known not to obey, found with seeds that specs do not use. */
export const knownRatiosSchema = z.strictObject({
  /** SGD_ORACLE_SEED of the replicas that they are from. */
  seed: z.int(),
  ratios: z.array(z.strictObject({ order: z.string(), quantity: z.string(), ratio: z.number(), interval: pair })),
})

export type KnownRatios = z.output<typeof knownRatiosSchema>

export function readKnownRatios(name: string): KnownRatios {
  const file = new URL(`./known-ratios/${name}.json`, import.meta.url)
  return knownRatiosSchema.parse(JSON.parse(readFileSync(file, 'utf8')))
}

/** The known ratio of a claim, where there is one. */
export function knownRatioOf({ ratios }: KnownRatios, order: string, quantity: string): KnownRatio | undefined {
  return ratios.find((known) => known.order === order && known.quantity === quantity)
}

/**
 * Of measured claims those that differ from theory, and are not so near to it that runs of other seeds would agree with it within what
 * is declared: these scatter about the truth as ours do, so agreement must leave room for the interval twice.
 */
export function disagreements(claims: readonly OrderedClaim[], seed: number, replicas: number): KnownRatios {
  const found = claims.flatMap(({ order, claim }) => {
    const { quantity, measured, prediction, ratioInterval } = claim
    if (ratioInterval === undefined || (ratioInterval[0] <= 1 && ratioInterval[1] >= 1)) return []
    const ratio = measured / prediction
    const margin = declaredClaims.find((declared) => quantity.startsWith(declared.quantity))?.margin ?? scalingMargin
    const doubled = ratioInterval.map((end) => ratio + 2 * (end - ratio)) as [number, number]
    if (judgeRatio({ ...claim, ratioInterval: doubled }, margin, replicas)?.verdict === 'agrees') return []
    const short = (value: number): number => Number(value.toPrecision(4))
    return [{ order, quantity, ratio: short(ratio), interval: ratioInterval.map(short) as [number, number] }]
  })
  return { seed, ratios: found }
}
