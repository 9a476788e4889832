export { type EnsembleStart, startAtMinimum, startAtOrigin } from './ensemble-start.ts'
export { eulerMaruyamaSource, type LinearSourceOptions, type Transition, transitionSource } from './linear-source.ts'
export { type RegressionSourceOptions, regressionSource } from './regression-source.ts'
export { type TeacherOptions, teacherDataset } from './teacher.ts'
