import { execFileSync } from 'node:child_process';

/** A small disk of its own, which root can mount. @returns undefined, and says why, where that is refused */
export const mountTmpfs = (folder: string, options: string): (() => void) | undefined => {
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', folder], { stdio: 'pipe' });
  } catch (error) {
    process.stderr.write(`SKIPPED on a real tmpfs: mount is refused here (${String(error).split('\n', 1)[0] ?? ''})\n`);
    return undefined;
  }
  return () => {
    execFileSync('umount', [folder], { stdio: 'pipe' });
  };
};
