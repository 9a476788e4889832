import { serveTasks } from '../../foundation/worker-pool.ts'
import { type ReplicaJob, replicaRunner } from './replica.ts'

await serveTasks((job: ReplicaJob) => replicaRunner(job))
