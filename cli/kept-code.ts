import { type Dirent, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { getCompileCacheDir } from 'node:module';
import { constants, Script } from 'node:vm';

/** A bundle in CommonJS, and what sets it apart from one of another build. */
export interface Bundle {
  /** Absolute. */
  readonly path: string;
  /** Of its content: V8 itself compares no more than lengths. */
  readonly key: string;
  /** Whether a run that ends well has called what most runs call. */
  readonly isTypical: (args: readonly string[]) => boolean;
  /** Of a bundle whose process is ended by others: milliseconds after which it has called what most runs call. */
  readonly settlesAfter?: number;
  /** Of V8: those that a process starts with, and others that it has set itself. Code is of use only to who has the same. */
  readonly flags?: { readonly atStart: readonly string[]; readonly later: readonly string[] };
}

/** How much of a bundle was compiled when its code was kept: a typical run's is the last word. */
const extents = ['typical', 'begun'] as const;

/**
 * `require(path)` with what V8 compiled in earlier runs. Node's compile cache holds what V8 compiles when it loads a file: functions
 * that are first called later, which are most of what a command does, would be compiled anew at every start (25 ms of 60). So
 * the code is kept when the run ends, where Node keeps its own (NODE_COMPILE_CACHE, NODE_DISABLE_COMPILE_CACHE).
 */
export function requireWithCode(bundle: Bundle, require: NodeJS.Require): unknown {
  const directory = ownCacheDirectory();
  if (directory === null) return require(bundle.path);
  const fileOf = (extent: string): string => `${directory}/maddyc-${bundle.key}-${extent}`;
  const { kept, extent } = readFirst(fileOf);
  const script = new Script(`(function(exports,require,module,__filename,__dirname){${readText(bundle.path)}\n})`, {
    filename: bundle.path,
    cachedData: kept,
    importModuleDynamically: constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
  });
  let had = script.cachedDataRejected === false ? extent : null;
  const reach = (reached: (typeof extents)[number]): void => {
    if (had === 'typical' || reached === had) return;
    had = reached;
    setFlags(bundle.flags?.atStart, require);
    keep(script, fileOf(reached));
    setFlags(bundle.flags?.later, require);
    dropOld(directory);
  };
  if (had !== 'typical') {
    process.once('exit', (code) => reach(code === 0 && bundle.isTypical(process.argv.slice(2)) ? 'typical' : 'begun'));
    if (bundle.settlesAfter !== undefined) setTimeout(reach, bundle.settlesAfter, 'typical').unref();
  }
  const module = { exports: {} };
  withoutLoaderWarning();
  script.runInThisContext()(module.exports, require, module, bundle.path, bundle.path.replace(/[\\/][^\\/]*$/, ''));
  return module.exports;
}

function setFlags(flags: readonly string[] | undefined, require: NodeJS.Require): void {
  if (flags === undefined) return;
  // Not at the top: most need none, and start without Node's module for them.
  const { setFlagsFromString }: typeof import('node:v8') = require('node:v8');
  for (const flag of flags) setFlagsFromString(flag);
}

/** At the first `import()` of the bundle Node would tell the user that the means of `importModuleDynamically` is experimental. */
function withoutLoaderWarning(): void {
  const { emitWarning } = process;
  const others = (...args: unknown[]): void => {
    if (!String(args[0]).startsWith('vm.USE_MAIN_CONTEXT_DEFAULT_LOADER ')) Reflect.apply(emitWarning, process, args);
  };
  process.emitWarning = others;
}

/** Null when there is none, or when it may be somebody else's: code from there is run. */
function ownCacheDirectory(): string | null {
  const directory = getCompileCacheDir();
  if (directory === undefined) return null;
  const owner = statSync(directory, { throwIfNoEntry: false })?.uid;
  return owner !== undefined && owner === (process.getuid?.() ?? owner) ? directory : null;
}

function readFirst(fileOf: (extent: string) => string): { kept: Buffer | undefined; extent: string | null } {
  for (const extent of extents) {
    try {
      return { kept: readFileSync(fileOf(extent)), extent };
    } catch {
      // Not yet, or not readable: the next best, or none.
    }
  }
  return { kept: undefined, extent: null };
}

/** Bundles are ASCII, which spares decoding. */
function readText(path: string): string {
  return readFileSync(path, 'latin1');
}

function keep(script: Script, path: string): void {
  const unfinished = `${path}.${process.pid}`;
  try {
    writeFileSync(unfinished, script.createCachedData());
    renameSync(unfinished, path);
  } catch {
    // A full or read-only disk costs time at the next start, and nothing else.
  }
}

const unusedTime = 30 * 24 * 3600 * 1000;

/**
 * Removes code of other builds, also what other versions of Node kept of them, that nobody has used for long. Only when a build
 * keeps its own: at the end of its first runs.
 */
function dropOld(directory: string): void {
  const above = directory.replace(/[\\/][^\\/]*$/, '');
  const oldest = Date.now() - unusedTime;
  for (const entry of entriesOf(above)) {
    if (!entry.isDirectory() || !/^v\d+\.\d+\.\d+-/.test(entry.name)) continue;
    for (const { name, parentPath } of entriesOf(`${above}/${entry.name}`)) {
      if (/^maddyc-\w+-(?:typical|begun)(?:\.\d+)?$/.test(name)) dropUnused(`${parentPath}/${name}`, oldest);
    }
  }
}

function entriesOf(directory: string): readonly Dirent[] {
  try {
    return readdirSync(directory, { withFileTypes: true });
  } catch {
    return [];
  }
}

function dropUnused(path: string, oldest: number): void {
  try {
    const { atimeMs, mtimeMs } = statSync(path);
    if (Math.max(atimeMs, mtimeMs) < oldest) rmSync(path);
  } catch {
    // Somebody else's, or gone: what stays costs room, and nothing else.
  }
}
