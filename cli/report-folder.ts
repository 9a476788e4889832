import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { checkReportFolder } from '../reports/index.ts'
import { InputError } from './failure.ts'

/** Said before the work, not after it: a folder that is not ours, or that cannot be written. */
export async function refuseForeignFolder(out: string): Promise<void> {
  try {
    await checkReportFolder(out)
    await mkdir(dirname(out), { recursive: true })
    await rm(await mkdtemp(join(dirname(out), '.sgd-oracle-')), { recursive: true })
  } catch (error) {
    throw new InputError(`--out: ${(error as Error).message}`)
  }
}
