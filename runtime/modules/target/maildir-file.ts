import { randomBytes } from 'node:crypto';
import { mkdir, open, rename, stat, unlink, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { dirname, join } from 'node:path';

/** Creates what a Maildir lacks. With a folder name: the Maildir++ folder below it. Gives the directory that holds tmp, new and cur. */
export async function prepareMaildir(maildir: string, folder: string): Promise<string> {
  const directory = folder === '' ? maildir : join(maildir, `.${folder}`);
  if (!(await isMaildir(directory))) {
    for (const part of ['tmp', 'new', 'cur']) await mkdir(join(directory, part), { recursive: true, mode: 0o700 });
    if (folder !== '') await writeFile(join(directory, 'maildirfolder'), '');
    await syncDirectory(directory);
    await syncDirectory(dirname(directory));
  }
  return directory;
}

export async function isMaildir(directory: string): Promise<boolean> {
  try {
    return (await stat(join(directory, 'new'))).isDirectory();
  } catch {
    return false;
  }
}

/** A message that is complete and safe in tmp, but not yet visible. */
export interface WrittenMessage {
  /** Makes it visible; the name is on disk when this is done. */
  publish(): Promise<void>;
  discard(): Promise<void>;
}

export async function writeMessage(
  directory: string,
  chunks: AsyncIterable<Buffer> | Iterable<Buffer>,
): Promise<WrittenMessage> {
  const unique = uniqueName();
  const temporary = join(directory, 'tmp', unique);
  const file = await open(temporary, 'wx', 0o600);
  let size = 0;
  try {
    for await (const chunk of chunks) {
      await file.writeFile(chunk);
      size += chunk.length;
    }
    await file.sync();
  } catch (error) {
    await file.close();
    await unlink(temporary).catch(() => {});
    throw error;
  }
  await file.close();
  return {
    async publish() {
      await rename(temporary, join(directory, 'new', `${unique},S=${size}`));
      await syncDirectory(join(directory, 'new'));
    },
    discard: () => unlink(temporary).catch(() => {}),
  };
}

/** Seconds, a random part and the host: cr.yp.to/proto/maildir.html. */
function uniqueName(): string {
  const host = hostname().replace(/[/:]/g, (unit) => `\\${unit.charCodeAt(0).toString(8).padStart(3, '0')}`);
  return `${Math.floor(Date.now() / 1000)}.P${process.pid}R${randomBytes(8).toString('hex')}.${host}`;
}

async function syncDirectory(path: string): Promise<void> {
  const directory = await open(path, 'r');
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}
