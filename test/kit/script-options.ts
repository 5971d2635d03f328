import { readFileSync } from 'node:fs';
import { type ParseArgsConfig, parseArgs } from 'node:util';

/**
 * As `parseArgs`, for scripts: `--help` prints the comment in which the script tells its usage, and ends it; what it does not know is
 * told with the same, and ends it with 2.
 */
export function scriptOptions<Config extends ParseArgsConfig>(config: Config): ReturnType<typeof parseArgs<Config>> {
  const args = config.args ?? process.argv.slice(2);
  if (args.includes('--help') || args.includes('-h')) {
    process.stdout.write(usageOf(process.argv[1]));
    process.exit(0);
  }
  try {
    return parseArgs(config);
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n\n${usageOf(process.argv[1])}`);
    process.exit(2);
  }
}

/** The first comment of the script that is made for readers. */
function usageOf(script: string | undefined): string {
  const text = script === undefined ? '' : readFileSync(script, 'utf8');
  const [, comment = ''] = /\/\*\*\n((?: \*.*\n)+?) \*\//.exec(text) ?? [];
  return comment.replace(/^ \* ?/gm, '');
}
