import { execFile } from 'node:child_process';
import { chmod, chown, copyFile, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { ROOT } from './markdown.js';

const run = promisify(execFile);

/** Whom a process belongs to. */
export interface Account {
  readonly uid: number;
  readonly gid: number;
}

/** Names the program by which programs/sudo becomes somebody else. */
export const ELEVATE = 'ELEVATE';

/** Of no user of a Debian. */
const OPERATOR: Account = { uid: 61_184, gid: 61_184 };

/** Of a user of this machine. */
export async function accountOf(user: string): Promise<Account> {
  const id = async (flag: string): Promise<number> => Number((await run('id', [flag, user])).stdout);
  return { uid: await id('-u'), gid: await id('-g') };
}

/**
 * An account without any rights, for who types the commands of the documents. Its sudo, in this folder, is a setpriv with
 * the setuid bit, which this account and root alone may run.
 *
 * Rejects with one line that says what is missing: root, or the right to read the repository.
 */
export async function makeOperator(folder: string): Promise<Account> {
  if (process.getuid?.() !== 0)
    throw new Error("the documents' commands want sudo, and users of their own: run this as root");
  await mkdir(folder);
  const elevate = join(folder, 'elevate');
  await copyFile('/usr/bin/setpriv', elevate);
  await chown(elevate, 0, OPERATOR.gid);
  await chmod(elevate, 0o4750);
  const read = run('test', ['-r', join(ROOT, 'package.json'), '-a', '-x', process.execPath], OPERATOR);
  await read.catch((cause: unknown) => {
    throw new Error(
      `${ROOT} and ${process.execPath} have to be readable for everybody: another user runs the commands`,
      {
        cause,
      },
    );
  });
  return OPERATOR;
}
