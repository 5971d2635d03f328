import { expect, it } from 'vitest';
import { analyseText, findingLines } from '../../kit/analysis.ts';

it('a reference to a block of an unknown module is no second finding, but still maddy’s error', () => {
  const text =
    'hostname mx\ntls off\nsmtp tcp://127.0.0.1:25 {\n    deliver_to &boxes\n}\nlmtp_downstream boxes {\n    targets unix:///x\n}\n';
  const analysis = analyseText(text);
  expect(findingLines(analysis)).toEqual(['M2110 6:1-6:16 "lmtp_downstream" is now target.lmtp']);
  expect(analysis.reference().accepted).toBe(false);
});
