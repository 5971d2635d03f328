import type { Dialect } from '../../grammar/dialect.ts';
import type { Budget } from './budget.ts';
import { Argument, type Directive } from './directive.ts';
import { hasEnvironment, replaceEnvironment, replaceEnvironmentRescanning } from './environment.ts';
import { around, Step, type Trail } from './trail.ts';

export interface EnvironmentContext {
  readonly env: ReadonlyMap<string, string>;
  readonly dialect: Dialect;
  readonly budget: Budget;
  /** Leave the references in place. */
  readonly keep: boolean;
  /** Called for each argument with a reference, before it is replaced. */
  met(argument: Argument): void;
  /** Values that refer to each other without end (madmail-2). */
  endless(argument: Argument): void;
}

/** Step 4 of language section 0, over the whole tree. Lists without references stay the same lists. */
export function expandEnvironment(directives: readonly Directive[], context: EnvironmentContext): readonly Directive[] {
  let changed: Directive[] | null = null;
  for (let index = 0; index < directives.length; index += 1) {
    const directive = directives[index];
    if (directive === undefined) break;
    const args = expandArguments(directive.args, context);
    const block = directive.block === null ? null : expandEnvironment(directive.block, context);
    if (args === directive.args && block === directive.block) continue;
    changed ??= [...directives];
    changed[index] = directive.withArgs(args, block);
  }
  return changed ?? directives;
}

function expandArguments(args: readonly Argument[], context: EnvironmentContext): readonly Argument[] {
  let changed: Argument[] | null = null;
  for (let index = 0; index < args.length; index += 1) {
    const argument = args[index];
    if (argument === undefined || !hasEnvironment(argument.value)) continue;
    const expanded = expandArgument(argument, context);
    if (expanded === argument) continue;
    changed ??= [...args];
    changed[index] = expanded;
  }
  return changed ?? args;
}

function expandArgument(argument: Argument, context: EnvironmentContext): Argument {
  const { env, dialect, budget } = context;
  context.met(argument);
  if (context.keep) return argument;
  const replace = dialect === 'madmail-2' ? replaceEnvironmentRescanning : replaceEnvironment;
  const use = replace(argument.value, env);
  if (use === null) {
    context.endless(argument);
    return argument;
  }
  if (use.text === argument.value || !budget.takeCharacters(use.text.length)) return argument;
  // Each at the reference itself where it stands in the text letter by letter, else at the whole argument.
  const steps = use.names.slice(0, MOST_STEPS).reduceRight<Trail | null>((inner, name) => {
    const kind = env.has(name) ? 'environment' : 'unset-environment';
    return around(new Step(kind, name, argument.find(`{env:${name}}`) ?? argument), inner);
  }, null);
  return new Argument(use.text, argument.passage, argument.from, argument.to, around(argument.trail, steps));
}

/** References in one argument whose places are remembered. */
const MOST_STEPS = 8;
