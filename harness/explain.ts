import type { Comparison, Look, SpecClaim } from '../foundation/results.ts'

/** Everything that is needed to look into a verdict, and the command that gives it again. */
export function explain(
  claim: SpecClaim,
  { theory, coordinate, prediction, verdict, difference, differenceInterval, rejected }: Comparison,
): string {
  const relative = claim.scale === 'log'
  const at = coordinate === undefined ? '' : ` (${coordinate})`
  return [
    `${claim.hypothesis}, ${claim.setting}, ${claim.quantity}: ${theory} ${verdict}`,
    `predicted${at}: ${prediction}`,
    ...(difference === undefined
      ? []
      : [`measured ${relative ? '/ predicted − 1' : '− predicted'}: ${difference}${intervalText(differenceInterval)}`]),
    ...(rejected === undefined || rejected.length === 0 ? [] : [`coordinates that disagree: ${rejected.join(', ')}`]),
    `margin: ${claim.margin} (${relative ? 'relative' : 'absolute'}; ${claim.marginReason})`,
    `smallest detectable: ${claim.smallestDetectable ?? 'none'}`,
    ...(claim.reason === undefined ? [] : [`why: ${claim.reason}`]),
    `${claim.evidence ?? 'ratio'}: ${claim.stepsUsed} of ${claim.stepsBudget} steps${claim.seed === undefined ? '' : `, seed ${claim.seed}`}`,
    ...claim.looks.map(lookText),
    `replay: ${claim.replay}`,
  ].join('\n')
}

function lookText(look: Look, index: number): string {
  if (look.replicas === 0)
    return `  computed${look.coordinate === undefined ? '' : ` (${look.coordinate})`}: ${look.estimate}`
  const { replicas, estimate, standardError, batches, coordinate, confidenceInterval, equivalenceInterval } = look
  const of = batches
    ? `${replicas} batches of ${batches.length}, correlation time ${batches.correlationTime.toPrecision(3)}`
    : `${replicas} replicas`
  const error = standardError === undefined ? '' : ` ± ${standardError}`
  return `  look ${index + 1}, ${of}${coordinate === undefined ? '' : `, ${coordinate}`}: ${estimate}${error}, 1−α${intervalText(confidenceInterval)} at α ${look.alpha.toExponential(1)}, 1−2φ${intervalText(equivalenceInterval)} at φ ${look.phi.toExponential(1)}`
}

function intervalText(interval: readonly [number, number] | undefined): string {
  return interval === undefined ? '' : ` [${interval[0]}, ${interval[1]}]`
}
