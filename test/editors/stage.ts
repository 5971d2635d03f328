/** One editor, or one way to run it, that the server and the extension are tried in. */
export interface Stage {
  readonly name: string;
  /** What it shows, for the list of stages. */
  readonly shows: string;
  run(folder: StageFolders): Promise<StageResult>;
}

export interface StageFolders {
  /** Screenshots, logs and measurements, git-ignored. */
  readonly output: string;
  /** For what need not stay. */
  readonly scratch: string;
}

export interface StageResult {
  readonly checks: readonly CheckResult[];
  /** Milliseconds or megabytes by what was measured. */
  readonly figures: Readonly<Record<string, number>>;
}

export interface CheckResult {
  readonly name: string;
  /** Null when it passed. */
  readonly fault: string | null;
  readonly milliseconds: number;
}

/** The stage's program cannot be had here. */
export class Unavailable extends Error {}

/** Runs checks one after the other; one that fails does not keep the others from running. */
export class Checks {
  readonly results: CheckResult[] = [];

  /** True when it passed. */
  async check(name: string, run: () => unknown): Promise<boolean> {
    const start = performance.now();
    let fault: string | null = null;
    try {
      await run();
    } catch (error) {
      fault = error instanceof Error ? error.message : String(error);
    }
    this.results.push({ name, fault, milliseconds: Math.round(performance.now() - start) });
    return fault === null;
  }
}

export function must(condition: unknown, message: string): asserts condition {
  if (!condition) throw new Error(message);
}

export const pause = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, milliseconds));

/** Polls until the condition gives something; for programs that cannot tell when they are ready. */
export async function until<T>(
  what: string,
  condition: () => Promise<T | undefined | false | null>,
  seconds = 30,
): Promise<T> {
  const end = performance.now() + seconds * 1000;
  for (;;) {
    const value = await condition();
    if (value !== undefined && value !== false && value !== null) return value;
    if (performance.now() > end) throw new Error(`not within ${seconds} s: ${what}`);
    await pause(30);
  }
}
