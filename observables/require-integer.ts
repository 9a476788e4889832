/** Throws RangeError, in the caller's name, unless the value is an integer not below `least`. */
export function requireInteger(caller: string, name: string, value: number, least: number): void {
  if (!(Number.isInteger(value) && value >= least)) {
    throw new RangeError(`${caller}: ${name} must be an integer ≥ ${least}, got ${value}`)
  }
}

/** The same for each of a list. */
export function requireIntegers(caller: string, name: string, values: readonly number[], least: number): void {
  for (const [index, value] of values.entries()) requireInteger(caller, `${name}[${index}]`, value, least)
}

/** Throws RangeError, in the caller's name, unless steps are integers ≥ 0 in strictly ascending order. */
export function requireAscendingSteps(caller: string, steps: readonly number[]): void {
  for (const [index, step] of steps.entries()) {
    requireInteger(caller, `steps[${index}]`, step, index === 0 ? 0 : steps[index - 1]! + 1)
  }
}
