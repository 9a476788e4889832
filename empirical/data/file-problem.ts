/** One line that says which file or folder could not be read, and why, for an error of node:fs. */
export function fileProblem(path: string, error: unknown): RangeError {
  const { code, message } = error as NodeJS.ErrnoException
  const known: Readonly<Record<string, string>> = {
    ENOENT: 'no such file or folder',
    EISDIR: 'it is a folder',
    ENOTDIR: 'it is not a folder',
    EACCES: 'it may not be read',
  }
  return new RangeError(`${path}: ${known[code ?? ''] ?? code ?? message}`)
}
