import { opendir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { hasCode } from './errors.ts'

/** Files and folders below a root, as paths with `/`; sizes in bytes as of the walk. */
export interface Tree {
  readonly folders: string[]
  readonly files: { readonly path: string; readonly size: number }[]
}

/** Judges a path: `skip` it, take only the `empty` folder, or `take` it whole. */
export type Judge = (path: string, isFolder: boolean) => 'take' | 'empty' | 'skip'

/**
 * Lists what lies below a folder. Links are followed: a folder of media may lie on another disk.
 * What vanishes during the walk is left out, and so is what is neither file nor folder.
 */
export async function walk(root: string, judge: Judge = () => 'take'): Promise<Tree> {
  const tree: Tree = { folders: [], files: [] }
  await descend(root, '', judge, tree)
  return tree
}

async function descend(root: string, below: string, judge: Judge, tree: Tree): Promise<void> {
  const folder = await opendir(join(root, below)).catch(ignoreAbsent)
  if (folder === undefined) return
  for await (const { name } of folder) {
    const path = below === '' ? name : `${below}/${name}`
    const found = await stat(join(root, path)).catch(ignoreAbsent)
    if (found === undefined || !(found.isFile() || found.isDirectory())) continue
    const verdict = judge(path, found.isDirectory())
    if (verdict === 'skip') continue
    if (found.isFile()) {
      tree.files.push({ path, size: found.size })
      continue
    }
    tree.folders.push(path)
    if (verdict === 'take') await descend(root, path, judge, tree)
  }
}

function ignoreAbsent(error: unknown): undefined {
  if (!hasCode(error, 'ENOENT')) throw error
}
