import { once } from 'node:events'
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads'
import { DivergedError } from './phase-space.ts'

/** Threads that all run one module, each prepared with the same data. Results come in the order of the tasks. */
export interface WorkerPool<Task, Result, Said = never> {
  /**
   * Spreads tasks over the workers and gives the results in order, at most a few tasks ahead of what was taken.
   *
   * @param onSaid gets what tasks say on their way, as it comes
   * @throws what a task throws: DivergedError as such, anything else as Error
   */
  map(tasks: readonly Task[], onSaid?: (said: Said) => void): AsyncGenerator<Result, void, undefined>
  /** Ends the threads, whatever they are at. */
  close(): Promise<void>
}

type Reply<Result, Said> = Answer<Result> | { readonly said: Said }

type Answer<Result> =
  | { readonly task: number; readonly result: Result }
  | { readonly task: number; readonly error: string; readonly diverged: boolean }

/**
 * Starts `workers` threads of a module that calls `serveTasks`.
 *
 * @param module the worker's own module
 * @param data given to each worker once; must be cloneable
 * @param signal when it is aborted, `map` throws its reason at once, whatever the threads are at
 */
export function workerPool<Task, Result, Said = never>(
  module: URL,
  data: unknown,
  workers: number,
  signal?: AbortSignal,
): WorkerPool<Task, Result, Said> {
  const threads = Array.from({ length: workers }, () => startWorker(module, data))
  const idle = [...threads]
  let failure: unknown
  let wake: () => void = () => undefined
  const fail = (reason: unknown): void => {
    failure = reason
    wake()
  }
  for (const thread of threads) thread.on('error', fail)
  const onAbort = (): void => fail(signal?.reason)
  signal?.addEventListener('abort', onAbort)
  return {
    async *map(tasks, onSaid) {
      const replies = new Map<number, Answer<Result>>()
      const listeners = threads.map((thread) => {
        const onMessage = (reply: Reply<Result, Said>): void => {
          if ('said' in reply) {
            onSaid?.(reply.said)
            return
          }
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
            if (failure !== undefined) throw failure
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
      signal?.removeEventListener('abort', onAbort)
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
 *
 * @param prepare gets the data, and a way to tell the pool something before a task is done
 */
export async function serveTasks<Data, Task, Result extends object, Said = never>(
  prepare: (data: Data, say: (said: Said) => void) => (task: Task) => Result | Promise<Result>,
): Promise<void> {
  if (isMainThread || parentPort === null) throw new Error('serveTasks: runs in a worker thread only')
  const port = parentPort
  const answer = prepare(workerData as Data, (said) => port.postMessage({ said }))
  port.on('message', async ({ task, input }: { task: number; input: Task }) => {
    try {
      const result = await answer(input)
      const moved = Object.values(result).filter((value) => ArrayBuffer.isView(value))
      port.postMessage({ task, result }, [...new Set(moved.map(({ buffer }) => buffer as ArrayBuffer))])
    } catch (error) {
      port.postMessage({ task, error: (error as Error).message, diverged: error instanceof DivergedError })
    }
  })
  await once(port, 'close')
}
