import { execFileSync, spawn } from 'node:child_process';
import { describe } from 'vitest';

/** Modules of Python and the packages of pip that bring them. */
const packages = { dkim: 'dkimpy', nacl: 'pynacl', spf: 'pyspf', dns: 'dnspython' } as const;

/** A suite that needs modules of Python; without them it is skipped with the reason in its name, with `CI=true` it fails. */
export function describeWithPython(
  title: string,
  modules: readonly (keyof typeof packages)[],
  suite: () => void,
): void {
  if (canImport(modules)) {
    describe(title, suite);
    return;
  }
  const reason = `python3 cannot import ${modules.join(', ')} (pip install ${modules.map((name) => packages[name]).join(' ')})`;
  if (process.env.CI === 'true') throw new Error(`${title}: ${reason}`);
  describe.skip(`${title} [skipped: ${reason}]`, suite);
}

function canImport(modules: readonly string[]): boolean {
  try {
    execFileSync('python3', ['-c', `import ${modules.join(', ')}`], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** Gives a script JSON and takes its output, while this process goes on serving what the script may ask it. */
export async function askPython(script: URL, question: unknown): Promise<string> {
  const child = spawn('python3', [script.pathname], { stdio: ['pipe', 'pipe', 'inherit'] });
  const chunks: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
  child.stdin.end(JSON.stringify(question));
  const code = await new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', resolve);
  });
  if (code !== 0) throw new Error(`${script.pathname} ended with ${code}`);
  return Buffer.concat(chunks).toString();
}
