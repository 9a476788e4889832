import type { Simulator } from './cases.ts'

/** The package's own name: its `exports` lead to what users run. Not a literal, so that sources type-check before a build. */
const specifier = 'sgd-oracle/sim'

/** The simulator that users run: the built one. */
export async function builtSimulator(): Promise<Simulator> {
  try {
    return (await import(specifier)) as Simulator
  } catch (error) {
    throw new Error(`builtSimulator: ${specifier} must be built (npm run build), got: ${String(error)}`)
  }
}
