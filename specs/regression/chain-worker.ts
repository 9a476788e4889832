import { openDraft } from '../../foundation/formats/safetensors-writer.ts'
import { serveTasks } from '../../foundation/worker-pool.ts'
import { type ChainWriterData, type RowsWritten, simulateChain, writeRows } from './simulate.ts'

await serveTasks(({ job, draft }: ChainWriterData, say: (written: RowsWritten) => void) => {
  const file = openDraft(draft)
  return (chain: number) => {
    simulateChain(job, chain, (rows) => {
      writeRows(file, job, chain, rows)
      say({ chain, firstRow: rows.firstRow, rowCount: rows.rowCount })
    })
    return {}
  }
})
