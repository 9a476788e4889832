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

/** Of measured claims those that differ from theory, and do not agree with it within what is declared. */
export function disagreements(claims: readonly OrderedClaim[], seed: number, replicas: number): KnownRatios {
  const found = claims.flatMap(({ order, claim }) => {
    const { quantity, measured, prediction, ratioInterval } = claim
    const margin = declaredClaims.find((declared) => quantity.startsWith(declared.quantity))?.margin ?? scalingMargin
    if (ratioInterval === undefined || judgeRatio(claim, margin, replicas)?.verdict === 'agrees') return []
    if (ratioInterval[0] <= 1 && ratioInterval[1] >= 1) return []
    const short = (value: number): number => Number(value.toPrecision(4))
    return [
      { order, quantity, ratio: short(measured / prediction), interval: ratioInterval.map(short) as [number, number] },
    ]
  })
  return { seed, ratios: found }
}
