import type { Code } from '../../../grammar/code.ts';
import type { Argument } from '../directive.ts';
import type { DiagnosticList } from './diagnostic-list.ts';

export const undefinedVariable: Code = {
  code: 'M3102',
  name: 'undefined-env',
  severity: 'warning',
  summary: 'an environment variable that is not set',
  page: () => ({
    docs: '`{env:NAME}` of a variable that is not set becomes nothing. As an argument of its own it stays as an empty argument, which a yes/no, number, size or duration directive refuses and a text directive takes. Set the variable where maddy runs. `check` tells it when it knows the variables of the server: with `--env-file`, `--require-env` or `envFile` in `maddyc.json`.',
    invalid: 'hostname {env:MX_HOSTNAME}\n',
    valid: 'hostname mx.example.org\n',
  }),
};

export const envRemovesBetween: Code = {
  code: 'M1411',
  name: 'env-removes-between',
  severity: 'warning',
  summary: 'two references to unset variables in one argument',
  page: () => ({
    docs: 'When a variable is not set, maddy removes everything from its `{env:` to the **last** `}` before the next `$`. With two such references in one argument, the text between them goes too. Set the variables, or put the references into arguments of their own. As M3102, it is told when the variables of the server are known.',
    invalid: 'tls file /etc/{env:NAME}/live/{env:DOMAIN}.crt /etc/tls/key.pem\n',
    valid: 'tls file /etc/tls/cert.pem /etc/tls/key.pem\n',
  }),
};

export const envRemovesRest: Code = {
  code: 'M1412',
  name: 'env-removes-rest',
  severity: 'warning',
  summary: 'a "}" behind a reference to an unset variable',
  page: () => ({
    docs: 'When the variable is not set, maddy removes everything up to the last `}` of the argument (before the next `$`), not only the reference. Set the variable, or avoid the other brace. As M3102, it is told when the variables of the server are known.',
    invalid: 'replace_sender regexp "{env:USER}[a-z]{2}x" "a@example.org"\n',
    valid: 'replace_sender regexp "[a-z]{2}x" "a@example.org"\n',
  }),
};

export const envWithoutName: Code = {
  code: 'M1413',
  name: 'env-without-name',
  severity: 'warning',
  summary: '{env:} without a name',
  page: () => ({
    docs: '`{env:}` names no variable and stays in the value as it is written.',
    invalid: 'hostname {env:}\n',
    valid: 'hostname mx.example.org\n',
  }),
};

export const envEndless: Code = {
  code: 'M1024',
  name: 'env-endless',
  severity: 'error',
  summary: 'environment variables that refer to each other without end',
  page: () => ({
    docs: 'Madmail 2 looks into the values of variables for further `{env:…}`. These lead back to themselves, and it would never end.',
    invalid: '# maddyc: dialect=madmail-2\nhostname {env:LOOP}\n',
    valid: '# maddyc: dialect=madmail-2\nhostname {env:MX_HOSTNAME}\n',
    given: { env: { LOOP: 'a{env:LOOP}', MX_HOSTNAME: 'mx.example.org' } },
  }),
};

export const environmentCodes: readonly Code[] = [
  undefinedVariable,
  envRemovesBetween,
  envRemovesRest,
  envWithoutName,
  envEndless,
];

interface Reference {
  readonly name: string;
  readonly start: number;
  readonly end: number;
}

/** A reference that names nothing. */
export const nameless = '{env:}';

/** Each `{env:NAME}` as its writer sees it: up to the first `}`. */
function referencesIn(text: string): Reference[] {
  return [...text.matchAll(/\{env:([^}$\s]{0,256})\}/g)].map((match) => ({
    name: match[1] ?? '',
    start: match.index,
    end: match.index + match[0].length,
  }));
}

/** Looks at one argument before its variables are replaced. */
export function findInEnvironment(
  argument: Argument,
  env: ReadonlyMap<string, string>,
  isRequired: boolean,
  list: DiagnosticList,
): void {
  const { value } = argument;
  const references = referencesIn(value);
  const unset = references.filter(({ name }) => name !== '' && !env.has(name));
  if (references.some(({ name }) => name === '')) findNameless(argument, list);
  for (const { name } of unset) {
    if (!list.wants(undefinedVariable)) break;
    list.addAt(undefinedVariable, `the environment variable ${name} is not set`, placeOf(argument, name), {
      severity: isRequired ? 'warning' : 'info',
      label: value === `{env:${name}}` ? 'becomes an empty argument' : 'leaves nothing in its place',
    });
  }
  const [first, second] = unset;
  if (first === undefined) return;
  const severity = isRequired ? 'warning' : 'info';
  const rest = value.slice(first.end).split('$', 1)[0] ?? '';
  if (second !== undefined && second.end <= first.end + rest.length) {
    list.addAt(
      envRemovesBetween,
      `everything from {env:${first.name}} to {env:${second.name}} is removed`,
      argument.origin,
    );
  } else if (rest.includes('}')) {
    list.addAt(envRemovesRest, `everything from {env:${first.name}} to the last "}" is removed`, argument.origin, {
      severity,
    });
  }
}

/** Wrong whatever the variables are. */
export function findNameless(argument: Argument, list: DiagnosticList): void {
  if (argument.value.includes(nameless)) list.addAt(envWithoutName, '{env:} names no variable', argument.origin);
}

function placeOf(argument: Argument, name: string): Argument['origin'] {
  const { file, range, via } = argument.origin;
  const reference = `{env:${name}}`;
  const at = file.text.slice(range.start, range.end).indexOf(reference);
  if (at === -1) return { file, range, via };
  return { file, range: { start: range.start + at, end: range.start + at + reference.length }, via };
}
