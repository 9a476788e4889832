import { env } from 'node:process'
import { describe, test } from 'vitest'
import { type OpenBackend, openBackend } from '../../../empirical/tensorflow/backend.ts'
import { type BackendName, runsOnGpu } from '../../../empirical/tensorflow/backend-names.ts'

/**
 * Declares tests that need a GPU, or one skipped test whose name says why none was found. `SGD_ORACLE_BACKEND` names the
 * backend to take, which must be there then, though its adapter may be software.
 *
 * @throws RangeError if the backend named is not there
 */
export async function onGpu(name: string, declare: (backend: OpenBackend) => void): Promise<void> {
  const backend = await openBackend((env['SGD_ORACLE_BACKEND'] || undefined) as BackendName | undefined)
  if (runsOnGpu(backend.name)) {
    declare(backend)
    return
  }
  const reasons = backend.passedOver.map((other) => `${other.name}: ${other.reason}`).join('; ')
  describe(name, () => {
    test(`needs a GPU (${reasons})`, { skip: true }, () => {})
  })
}
