import { once } from 'node:events'
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads'
import { DivergedError } from './phase-space.ts'

/** Threads that all run one module, each prepared with the same data. Results come in the order of the tasks. */
export interface WorkerPool<Task, Result> {
  /**
   * Spreads tasks over the workers and gives the results in order, at most a few tasks ahead of what was taken.
   *
   * @throws what a task throws: DivergedError as such, anything else as Error
   */
  map(tasks: readonly Task[]): AsyncGenerator<Result, void, undefined>
  /** Ends the threads, whatever they are at. */
  close(): Promise<void>
}

type Reply<Result> =
  | { readonly task: number; readonly result: Result }
  | { readonly task: number; readonly error: string; readonly diverged: boolean }

/**
 * Starts `workers` threads of a module that calls `serveTasks`.
 *
 * @param module the worker's own module
 * @param data given to each worker once; must be cloneable
 */
export function workerPool<Task, Result>(module: URL, data: unknown, workers: number): WorkerPool<Task, Result> {
  const threads = Array.from({ length: workers }, () => startWorker(module, data))
  const idle = [...threads]
  let failure: Error | undefined
  let wake: () => void = () => undefined
  for (const thread of threads) {
    thread.on('error', (error) => {
      failure = error
      wake()
    })
  }
  return {
    async *map(tasks) {
      const replies = new Map<number, Reply<Result>>()
      const listeners = threads.map((thread) => {
        const onMessage = (reply: Reply<Result>): void => {
          replies.set(reply.task, reply)
          idle.push(thread)
          wake()
        }
        thread.on('message', onMessage)
        return () => thread.off('message', onMessage)
      })
      try {
        let sent = 0
        for (let wanted = 0; wanted < tasks.length; wanted++) {
          for (;;) {
            while (idle.length > 0 && sent < tasks.length && sent < wanted + 4 * workers) {
              idle.shift()!.postMessage({ task: sent, input: tasks[sent] })
              sent++
            }
            if (failure) throw failure
            if (replies.has(wanted)) break
            await new Promise<void>((resolve) => {
              wake = resolve
            })
          }
          const reply = replies.get(wanted)!
          replies.delete(wanted)
          if ('error' in reply) throw reply.diverged ? new DivergedError(reply.error) : new Error(reply.error)
          yield reply.result
        }
      } finally {
        for (const remove of listeners) remove()
      }
    },
    async close() {
      await Promise.all(threads.map((thread) => thread.terminate()))
    },
  }
}

/** From source, a thread needs a loader for TypeScript, which the main thread may have got from a test runner. */
function startWorker(module: URL, data: unknown): Worker {
  if (!module.pathname.endsWith('.ts')) return new Worker(module, { workerData: data })
  const bootstrap = `import('tsx/esm/api').then(({ register }) => { register(); return import(${JSON.stringify(module.href)}) })`
  return new Worker(bootstrap, { eval: true, workerData: data })
}

/**
 * The worker's side: prepares once with the pool's data, then answers task after task.
 *
 * Arrays of numbers at the top of a result are moved, not copied.
 */
export async function serveTasks<Data, Task, Result extends object>(
  prepare: (data: Data) => (task: Task) => Result,
): Promise<void> {
  if (isMainThread || parentPort === null) throw new Error('serveTasks: runs in a worker thread only')
  const port = parentPort
  const answer = prepare(workerData as Data)
  port.on('message', ({ task, input }: { task: number; input: Task }) => {
    try {
      const result = answer(input)
      const moved = Object.values(result).filter((value) => ArrayBuffer.isView(value))
      port.postMessage({ task, result }, [...new Set(moved.map(({ buffer }) => buffer as ArrayBuffer))])
    } catch (error) {
      port.postMessage({ task, error: (error as Error).message, diverged: error instanceof DivergedError })
    }
  })
  await once(port, 'close')
}
