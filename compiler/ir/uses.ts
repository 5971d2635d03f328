import { findModule, lookUpModule } from '../catalog/catalog.ts';
import type { DirectiveSpec, ModuleSpec } from '../catalog/define.ts';
import { type InterfaceSpec, interfaces, type WantedInterface } from '../catalog/interfaces.ts';
import { vanishedMacro } from '../diagnostics/undefined-cause.ts';
import type { ExpandedArg, ExpandedDirective } from '../expand/expanded.ts';
import type { Origin } from '../source/origin.ts';
import { emptyName, nameFromEnvironment, referenceWithExtras, specialBuild, wrongKind } from './codes/names.ts';
import { argumentCount } from './codes/values.ts';
import { type Context, note } from './context.ts';
import { atLine, type Finding, finding, replacement } from './finding.ts';
import { Inline, Reference, type Use } from './ir.ts';
import { DraftModule, type NamedModule } from './registry.ts';
import { listed } from './suggest.ts';
import {
  blocksFor,
  foreignName,
  globalReferenceFinding,
  undefinedFinding,
  unknownModule,
  unregisteredFinding,
} from './use-findings.ts';
import { capital, dependsOnEnvironment } from './words.ts';

/** A place that takes a module: `MODULE ARGUMENTS… { … }` or `&NAME`. */
export interface UsePlace {
  readonly expects: WantedInterface;
  /** The directive; its first argument names the module unless `args` says otherwise. */
  readonly directive: ExpandedDirective;
  readonly args: readonly ExpandedArg[];
  /** Null for places whose block belongs to something else. */
  readonly block: readonly ExpandedDirective[] | null;
  /** The module is implied, all arguments are its own. */
  readonly implies?: string;
  /** maddy's text for a module of the wrong kind, given after the module was configured. */
  readonly mismatch?: string;
  /** maddy's text when there is no argument. */
  readonly missing?: string;
}

export function usePlace(directive: ExpandedDirective, spec: DirectiveSpec): UsePlace {
  return {
    expects: spec.expects ?? 'table',
    directive,
    args: directive.args,
    block: directive.block,
    ...(spec.implies === undefined ? {} : { implies: spec.implies }),
    ...(spec.mismatch === undefined ? {} : { mismatch: spec.mismatch }),
  };
}

/** Undefined when the place names nothing that could be used. */
export function lowerUse(context: Context, place: UsePlace, out: Finding[]): Use | undefined {
  const wanted: InterfaceSpec = interfaces[place.expects];
  const first = place.args[0];
  const implied = place.implies ?? (first === undefined ? wanted.group : undefined);
  if (implied !== undefined) return lowerImplied(context, place, implied, out);
  if (first === undefined) {
    out.push(nothingNamed(place, wanted));
    return undefined;
  }
  if (first.value.startsWith('&')) return lowerReference(context, place, first, out);
  const entry = lookUpModule(first.value, wanted.namespace, context.dialect);
  if (entry === undefined || entry.kind === 'endpoint') {
    if (dependsOnEnvironment(first.value)) out.push(fromEnvironment(first));
    else out.push(unknownModule(context, place, first));
    return undefined;
  }
  out.push(...foreignName(context, entry, first));
  return lowerInline(context, place, entry, place.args.slice(1), first, out);
}

function lowerImplied(context: Context, place: UsePlace, name: string, out: Finding[]): Use | undefined {
  const entry = findModule(name);
  if (entry === undefined) return undefined;
  return lowerInline(context, place, entry, place.args, null, out);
}

function lowerInline(
  context: Context,
  place: UsePlace,
  entry: ModuleSpec,
  args: readonly ExpandedArg[],
  word: ExpandedArg | null,
  out: Finding[],
): Use | undefined {
  const fits = entry.implements.includes(place.expects);
  const origin = word?.origin ?? place.directive.origin;
  if (!fits && place.mismatch === undefined) {
    out.push(mismatch(context, place, entry, entry.registersAs === undefined ? '' : entry.name, origin));
    return undefined;
  }
  if (entry.build !== undefined) {
    out.push(
      finding(specialBuild, origin, {
        message: `normal builds of maddy do not have ${entry.name}`,
        details: [`It ${entry.build}.`, 'A maddy without it refuses the file.'],
      }),
    );
  }
  note(context, place.directive, { module: entry });
  const { config, pipeline, bounce } = context.stages.module(
    context,
    { entry, name: null, header: place.directive, args, block: place.block },
    out,
  );
  if (!fits) out.push(mismatch(context, place, entry, '', origin));
  const module = new DraftModule(entry, null, place.directive);
  module.config = config;
  module.pipeline = pipeline;
  module.bounce = bounce;
  return fits ? new Inline(module) : undefined;
}

function lowerReference(context: Context, place: UsePlace, word: ExpandedArg, out: Finding[]): Reference | undefined {
  const name = word.value.slice(1);
  if (place.args.length > 1 || place.block !== null) {
    out.push(withExtras(place, word));
  }
  if (name === '') {
    out.push(finding(emptyName, word.origin, bareAmpersand, '(crash) cannot get module with empty name'));
    return undefined;
  }
  if (dependsOnEnvironment(name)) {
    out.push(fromEnvironment(word));
    return undefined;
  }
  const block = context.registry.find(name);
  const reference = new Reference(name, word, block ?? null);
  context.references.push(reference);
  if (block === undefined) {
    out.push(undefinedFinding(context, place.expects, word, place.directive));
    return reference;
  }
  if (context.readingGlobals) out.push(globalReferenceFinding(place.directive, word));
  else if (block.entry.registersAs !== undefined && context.registry.findAsMaddy(name) === undefined) {
    out.push(unregisteredFinding(block, word));
  }
  block.used = true;
  context.stages.configure(context, block, out);
  if (!block.entry.implements.includes(place.expects)) {
    out.push(mismatch(context, place, block.entry, block.name, word.origin, block));
    return undefined;
  }
  return reference;
}

const bareAmpersand = {
  message: '"&" names no block',
  details: ['maddy crashes on it. Write the name right after the "&": &remote_queue'],
};

function withExtras(place: UsePlace, word: ExpandedArg): Finding {
  const extra = place.args[1];
  return finding(
    referenceWithExtras,
    extra?.origin ?? word.origin,
    {
      message: `${word.value} takes nothing else`,
      label: extra === undefined ? 'followed by a block' : 'one argument too many',
      details: [
        'A reference stands for a block that is configured where it is defined: move the settings there, or write the module here in place.',
      ],
    },
    atLine(place.directive, 'exactly one argument is required to use existing config block'),
  );
}

function nothingNamed(place: UsePlace, wanted: InterfaceSpec): Finding {
  return finding(
    argumentCount,
    place.directive.origin,
    {
      message: `${place.directive.name} names no module`,
      details: [`It needs ${wanted.words}: a module with its arguments, or &NAME of a block.`, vanishedMacro],
    },
    atLine(place.directive, place.missing ?? 'at least one argument is required'),
  );
}

function fromEnvironment(word: ExpandedArg): Finding {
  return finding(nameFromEnvironment, word.origin, {
    message: 'a name cannot come from the environment',
    details: ['Names are resolved when the configuration is compiled: write the name, or compile with --embed-env.'],
  });
}

function mismatch(
  context: Context,
  place: UsePlace,
  entry: ModuleSpec,
  name: string,
  origin: Origin,
  block?: NamedModule,
): Finding {
  const wanted: InterfaceSpec = interfaces[place.expects];
  const fitting = context.suggestionsLeft > 0 ? blocksFor(context, place.expects).map((each) => each.name) : [];
  context.suggestionsLeft -= 1;
  const verb = wanted.concrete === true ? 'is not' : "doesn't implement";
  const suffix = wanted.concrete === true ? '' : ' interface';
  const reported = entry.reportedName ?? reportedInline(place, entry, name, wanted);
  const text = place.mismatch ?? `module ${reported} (${name}) ${verb} ${wanted.maddyName}${suffix}`;
  const only = fitting.length === 1 ? fitting[0] : undefined;
  return finding(
    wrongKind,
    origin,
    {
      message: `${block === undefined ? entry.name : `&${name}`} is not ${wanted.words}`,
      label: block === undefined ? `${place.directive.name} needs ${wanted.words}` : `a ${entry.name} block`,
      details: [
        `${place.directive.name} needs ${wanted.words}.`,
        ...(fitting.length === 0
          ? []
          : [`${capital(wanted.plural)} here: ${listed(fitting.map((each) => `&${each}`))}.`]),
      ],
      related:
        block === undefined
          ? []
          : [{ file: block.header.origin.file, range: block.header.origin.range, message: `&${name} is defined here` }],
      fixes: block === undefined || only === undefined ? [] : replacement(`write &${only}`, origin, `&${only}`, false),
    },
    atLine(place.directive, text),
  );
}

/** Checks that are registered without a prefix report the name under which they were looked up. */
function reportedInline(place: UsePlace, entry: ModuleSpec, name: string, wanted: InterfaceSpec): string {
  const unprefixed = !entry.name.includes('.') && entry.kind === 'check' && name === '';
  return unprefixed && place.args.length > 0 ? `${wanted.namespace}.${entry.name}` : entry.name;
}
