import { openDraft } from '../../foundation/formats/safetensors-writer.ts'
import { serveTasks } from '../../foundation/worker-pool.ts'
import { type ChainWriterData, simulateChain, writeRows } from './simulate.ts'

await serveTasks(({ job, draft }: ChainWriterData) => {
  const file = openDraft(draft)
  return (chain: number) => {
    simulateChain(job, chain, (rows) => writeRows(file, job, chain, rows))
    return { chain }
  }
})
