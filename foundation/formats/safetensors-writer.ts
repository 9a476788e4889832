import { randomUUID } from 'node:crypto'
import {
  closeSync,
  fsyncSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  realpathSync,
  renameSync,
  rmSync,
  statfsSync,
  statSync,
  writeSync,
} from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { bytesOf, layOut, type Tensor, type TensorInfo, type TensorValues } from './safetensors.ts'

/** A safetensors file in the making: nothing under its own name until `finish`, then all of it. */
export interface SafetensorsWriter {
  /**
   * Writes values from element `offset` of a tensor on, in any order of calls.
   *
   * @throws TypeError for values of another type than the tensor's; RangeError for a tensor that is not there, values that
   * reach beyond it, or a file that is closed; what the file system throws
   */
  write(tensor: string, offset: number, values: TensorValues): void
  /**
   * Brings the data to the disk and gives the file its name, in place of an older one.
   *
   * @throws RangeError if fewer values were written than the tensors hold; what the file system throws. Either way nothing
   * of the file is left, and an older one stands.
   */
  finish(): void
  /** Where the values go until then: other threads may write theirs into it, by `openDraft`, and say how many by `count`. */
  readonly draft: Draft
  /** Counts values that other writers of the draft have written. */
  count(values: number): void
  /** Removes what was written; an older file stands. May be called again, and after `finish`, to no effect. */
  abandon(): void
}

/** A file in the making as plain data, which other threads can open. */
export interface Draft {
  readonly path: string
  readonly tensors: Readonly<Record<string, TensorInfo>>
  readonly metadata: Readonly<Record<string, string>>
}

/** Opens another writer's draft: `write` as there. */
export function openDraft({ path, tensors, metadata }: Draft): {
  readonly write: SafetensorsWriter['write']
} {
  const { places } = layOut(tensors, metadata)
  const file = openSync(path, 'r+')
  return {
    write: (tensor, offset, values) => {
      writeSlice(file, places, tensor, offset, values)
    },
  }
}

/**
 * Begins a file that need not fit into memory: a header now, slices of its tensors as they come.
 *
 * They go to a hidden file beside `path`, `.NAME.writing-XXXXXXXX`, that then takes its place: a process killed at any moment
 * leaves the older file or the complete new one, and in the worst case the hidden one. Folders on the way are made.
 *
 * @throws RangeError if `path` is there and no regular file, if the disk has not enough room, and as `layOut` does; what the
 * file system throws
 */
export function createSafetensors(
  path: string,
  tensors: Readonly<Record<string, TensorInfo>>,
  metadata: Readonly<Record<string, string>>,
): SafetensorsWriter {
  const { head, places, size } = layOut(tensors, metadata)
  const target = targetFile(path)
  const folder = dirname(target)
  mkdirSync(folder, { recursive: true })
  requireRoom(folder, path, size)

  const draft = join(folder, `.${basename(target)}.writing-${randomUUID().slice(0, 8)}`)
  let file: number | undefined = openSync(draft, 'wx')
  let missing = 0
  for (const { elementCount } of places.values()) missing += elementCount

  const close = (): void => {
    if (file !== undefined) closeSync(file)
    file = undefined
  }
  const abandon = (): void => {
    close()
    rmSync(draft, { force: true }) // not there any more after `finish`
  }
  const orAbandon = (work: () => void): void => {
    try {
      work()
    } catch (error) {
      abandon()
      throw error
    }
  }

  orAbandon(() => {
    ftruncateSync(file!, size)
    writeAll(file!, head, 0)
  })
  return {
    write: (tensor, offset, values) => {
      if (file === undefined) throw new RangeError(`createSafetensors: ${path} must be open, it is closed`)
      writeSlice(file, places, tensor, offset, values)
      missing -= values.length
    },
    draft: { path: draft, tensors, metadata },
    count: (values) => {
      missing -= values
    },
    finish: () => {
      if (file === undefined) throw new RangeError(`createSafetensors: ${path} must be open, it is closed`)
      orAbandon(() => {
        if (missing !== 0) {
          throw new RangeError(`createSafetensors: every element must be written once, ${path} lacks ${missing}`)
        }
        fsyncSync(file!)
        close()
        renameSync(draft, target)
      })
    },
    abandon,
  }
}

/**
 * Writes a file whose tensors are all at hand: killed at any moment, the older file or the complete new one stands.
 *
 * @throws as `createSafetensors` and its writer; nothing of the file is left then
 */
export function writeSafetensors(
  path: string,
  tensors: Readonly<Record<string, Tensor>>,
  metadata: Readonly<Record<string, string>>,
): void {
  const file = createSafetensors(path, tensors, metadata)
  try {
    for (const [name, { values }] of Object.entries(tensors)) file.write(name, 0, values)
  } catch (error) {
    file.abandon()
    throw error
  }
  file.finish()
}

function writeSlice(
  file: number,
  places: ReturnType<typeof layOut>['places'],
  tensor: string,
  offset: number,
  values: TensorValues,
): void {
  const place = places.get(tensor)
  if (place === undefined) throw new RangeError(`createSafetensors: tensor must be one of the file's, got ${tensor}`)
  const bytes = bytesOf(values, place.dtype, `createSafetensors: tensor ${tensor}`)
  if (!(Number.isSafeInteger(offset) && offset >= 0 && offset + values.length <= place.elementCount)) {
    throw new RangeError(
      `createSafetensors: tensor ${tensor} must be written within its ${place.elementCount} elements, got ${values.length} at ${offset}`,
    )
  }
  writeAll(file, bytes, place.byteOffset + offset * values.BYTES_PER_ELEMENT)
}

/** Where the file goes, links resolved. Renaming onto a device or a pipe would replace it. */
function targetFile(path: string): string {
  let target: string
  try {
    target = realpathSync(path)
  } catch {
    return resolve(path)
  }
  const found = statSync(target)
  if (found.isFile()) return target
  throw new RangeError(
    `createSafetensors: path must be a new or a regular file, got ${path}: it is ${found.isDirectory() ? 'a folder' : 'no regular file'}`,
  )
}

function requireRoom(folder: string, path: string, size: number): void {
  const { bavail, bsize } = statfsSync(folder)
  const free = bavail * bsize
  if (size > free) {
    throw new RangeError(
      `createSafetensors: ${path} needs ${gigabytes(size)} GB, the disk has ${gigabytes(free)} GB left`,
    )
  }
}

function gigabytes(bytes: number): string {
  return (bytes / 1e9).toPrecision(3)
}

function writeAll(file: number, bytes: Uint8Array, position: number): void {
  for (let done = 0; done < bytes.length; ) {
    done += writeSync(file, bytes, done, bytes.length - done, position + done)
  }
}
