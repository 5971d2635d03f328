import { FileSystemError, FileType, RelativePattern, Uri, workspace } from 'vscode';
import type { FindFilesAnswer, FindFilesParams, ReadFileAnswer } from '../../lsp/protocol.ts';

/** Reads for a server that has no file system of its own: what a workspace holds may lie on a disk or on a web service. */
export async function readWorkspaceFile(uri: string): Promise<ReadFileAnswer> {
  const target = Uri.parse(uri, true);
  try {
    const { type } = await workspace.fs.stat(target);
    if ((type & FileType.Directory) !== 0) return { kind: 'directory' };
    return { kind: 'bytes', base64: base64Of(await workspace.fs.readFile(target)) };
  } catch (error) {
    if (error instanceof FileSystemError && error.code === 'FileNotFound') return { kind: 'absent' };
    return { kind: 'unreadable', reason: error instanceof Error ? error.message : String(error) };
  }
}

/** The same for files that a server looks for. */
export async function findWorkspaceFiles({ folder, endings, limit }: FindFilesParams): Promise<FindFilesAnswer> {
  const pattern = new RelativePattern(Uri.parse(folder, true), `**/*{${endings.join(',')}}`);
  const found = await workspace.findFiles(pattern, '**/node_modules/**', limit);
  return { uris: found.map((uri) => uri.toString()) };
}

function base64Of(bytes: Uint8Array): string {
  let binary = '';
  // In slices: the arguments of one call are limited.
  for (let at = 0; at < bytes.length; at += 8192) binary += String.fromCharCode(...bytes.subarray(at, at + 8192));
  return btoa(binary);
}

export function decodeUtf8(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}
