export { createDirectory, type Directory, type DirectoryDeps } from './directory.ts'
