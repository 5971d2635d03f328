import { execFileSync, spawn } from 'node:child_process';
import { describe } from 'vitest';

/** Modules of Python and the packages of Debian that bring them. */
const packages = {
  dkim: 'python3-dkim',
  nacl: 'python3-nacl',
  spf: 'python3-spf',
  dns: 'python3-dnspython',
} as const;

/** The one in the path may be another than Debian's, whose modules it does not see. */
const interpreters = ['python3', '/usr/bin/python3'] as const;

/** A suite that needs modules of Python; without them it is skipped with the reason in its name, with `CI=true` it fails. */
export function describeWithPython(
  title: string,
  modules: readonly (keyof typeof packages)[],
  suite: () => void,
): void {
  if (interpreterWith(modules) !== null) {
    describe(title, suite);
    return;
  }
  const reason = `python3 cannot import ${modules.join(', ')} (apt-get install ${modules.map((name) => packages[name]).join(' ')})`;
  if (process.env.CI === 'true') throw new Error(`${title}: ${reason}`);
  describe.skip(`${title} [skipped: ${reason}]`, suite);
}

function interpreterWith(modules: readonly string[]): string | null {
  return interpreters.find((interpreter) => canImport(interpreter, modules)) ?? null;
}

function canImport(interpreter: string, modules: readonly string[]): boolean {
  try {
    execFileSync(interpreter, ['-c', `import ${modules.join(', ')}`], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** Gives a script JSON and takes its output, while this process goes on serving what the script may ask it. */
export async function askPython(
  script: URL,
  modules: readonly (keyof typeof packages)[],
  question: unknown,
): Promise<string> {
  const child = spawn(interpreterWith(modules) ?? 'python3', [script.pathname], { stdio: ['pipe', 'pipe', 'inherit'] });
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
