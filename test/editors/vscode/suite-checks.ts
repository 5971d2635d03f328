/** What the parts of the suite in VS Code's extension host share; only `vscode` can be required there. */
export type Check = (name: string, test: () => Promise<unknown>) => Promise<void>;

export function must(condition: boolean, message: string): void {
  if (!condition) throw new Error(message);
}

export async function until(condition: () => boolean, what: string | (() => string)): Promise<void> {
  const end = Date.now() + 20_000;
  while (!condition()) {
    if (Date.now() > end) throw new Error(`not within 20 s: ${typeof what === 'string' ? what : what()}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
