import { XMLParser, XMLValidator } from 'fast-xml-parser';

/** What may stand in an element: text of a form, or elements with how often each may occur; `sequence`: in this order. */
type Form =
  | RegExp
  | {
      readonly order: 'all' | 'sequence';
      readonly elements: Readonly<Record<string, readonly [Form, number, number]>>;
    };

const all = (elements: Readonly<Record<string, readonly [Form, number, number]>>): Form => ({ order: 'all', elements });
const sequence = (elements: Readonly<Record<string, readonly [Form, number, number]>>): Form => ({
  order: 'sequence',
  elements,
});
const one = (form: Form) => [form, 1, 1] as const;
const optional = (form: Form) => [form, 0, 1] as const;
const several = (form: Form, atLeast: number) => [form, atLeast, Number.POSITIVE_INFINITY] as const;

const anything = /^[\s\S]*$/;
const integer = /^-?\d+$/;
const alignment = /^[rs]$/;
const disposition = /^(none|quarantine|reject)$/;
const outcome = /^(pass|fail)$/;
/** As the schema has it. */
const address =
  /^((1?[0-9]?[0-9]|2[0-4][0-9]|25[0-5]).){3}(1?[0-9]?[0-9]|2[0-4][0-9]|25[0-5])$|^([A-Fa-f0-9]{1,4}:){1,7}:?([A-Fa-f0-9]{1,4}:){0,6}[A-Fa-f0-9]{0,4}$|^::[A-Fa-f0-9:]*$/;
const reason = /^(forwarded|sampled_out|trusted_forwarder|mailing_list|local_policy|other)$/;

/** RFC 7489 appendix C, from the inside out. */
const policyEvaluated = sequence({
  disposition: one(disposition),
  dkim: one(outcome),
  spf: one(outcome),
  reason: several(all({ type: one(reason), comment: optional(anything) }), 0),
});
const record = sequence({
  row: one(all({ source_ip: one(address), count: one(integer), policy_evaluated: one(policyEvaluated) })),
  identifiers: one(all({ envelope_to: optional(anything), envelope_from: one(anything), header_from: one(anything) })),
  auth_results: one(
    sequence({
      dkim: several(
        all({
          domain: one(anything),
          selector: optional(anything),
          result: one(/^(none|pass|fail|policy|neutral|temperror|permerror)$/),
          human_result: optional(anything),
        }),
        0,
      ),
      spf: several(
        all({
          domain: one(anything),
          scope: one(/^(helo|mfrom)$/),
          result: one(/^(none|neutral|pass|fail|softfail|temperror|permerror)$/),
        }),
        1,
      ),
    }),
  ),
});
const feedback = sequence({
  version: one(/^\d+(\.\d+)?$/),
  report_metadata: one(
    sequence({
      org_name: one(anything),
      email: one(anything),
      extra_contact_info: optional(anything),
      report_id: one(anything),
      date_range: one(all({ begin: one(integer), end: one(integer) })),
      error: several(anything, 0),
    }),
  ),
  policy_published: one(
    all({
      domain: one(anything),
      adkim: optional(alignment),
      aspf: optional(alignment),
      p: one(disposition),
      sp: one(disposition),
      pct: one(integer),
      fo: one(anything),
    }),
  ),
  record: several(record, 1),
});

/** What of a report the schema does not allow; empty for a good one. */
export function aggregateReportFaults(xml: string): readonly string[] {
  const wellFormed = XMLValidator.validate(xml);
  if (wellFormed !== true) return [wellFormed.err.msg];
  const parser = new XMLParser({
    preserveOrder: true,
    ignoreDeclaration: true,
    parseTagValue: false,
    ignoreAttributes: false,
  });
  const parsed: unknown = parser.parse(xml);
  const roots = elementsIn(parsed);
  const [root] = roots;
  if (root === undefined || roots.length > 1 || root.name !== 'feedback') return ['the root is not feedback'];
  return faults('feedback', root.content, feedback);
}

interface Element {
  readonly name: string;
  readonly content: unknown;
}

function elementsIn(content: unknown): readonly Element[] {
  if (!Array.isArray(content)) return [];
  return content.flatMap((each: unknown): readonly Element[] =>
    typeof each === 'object' && each !== null
      ? Object.entries(each).flatMap(([name, inner]) =>
          name === '#text' || name === ':@' ? [] : [{ name, content: inner }],
        )
      : [],
  );
}

function textIn(content: unknown): string {
  if (!Array.isArray(content)) return '';
  return content
    .map((each: unknown) => (typeof each === 'object' && each !== null && '#text' in each ? each['#text'] : ''))
    .join('');
}

function faults(path: string, content: unknown, form: Form): readonly string[] {
  const inner = elementsIn(content);
  if (form instanceof RegExp) {
    const text = textIn(content);
    return inner.length === 0 && form.test(text) ? [] : [`${path} is ${JSON.stringify(text)}`];
  }
  const names = Object.keys(form.elements);
  const places = inner.map(({ name }) => names.indexOf(name));
  const inOrder = form.order === 'all' || places.every((place, at) => at === 0 || place >= (places[at - 1] ?? 0));
  return [
    ...inner.filter(({ name }) => !names.includes(name)).map(({ name }) => `${path} holds ${name}`),
    ...(inOrder ? [] : [`${path} holds its elements in another order`]),
    ...Object.entries(form.elements).flatMap(([name, [inside, least, most]]) => {
      const found = inner.filter((each) => each.name === name);
      const count = found.length >= least && found.length <= most ? [] : [`${path} holds ${found.length} of ${name}`];
      return [...count, ...found.flatMap((each) => faults(`${path}/${name}`, each.content, inside))];
    }),
  ];
}
