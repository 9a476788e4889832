/**
 * Which stream of a seed each use of chance draws from, so that uses with one seed are independent: the `chain` of
 * `streamOf`.
 */
export const dataStreams = { order: 0, views: 1, split: 2, teacher: 3 } as const
