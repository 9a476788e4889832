import { fileURLToPath } from 'node:url'
import { newSpec } from './new-spec.ts'

/** `npm run new:spec -- my-hypothesis` */
try {
  const written = newSpec(fileURLToPath(new URL('../..', import.meta.url)), process.argv[2] ?? '')
  console.log(
    `${written.join('\n')}\n\nfill in what says FILL IN (docs/adding-a-hypothesis.md), then: npx vitest run ${written.at(-1)}`,
  )
} catch (error) {
  if (!(error instanceof RangeError)) throw error
  console.error(error.message)
  process.exitCode = 2
}
