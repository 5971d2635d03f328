import fc from 'fast-check';
import { expect, it } from 'vitest';
import { readZoneFile, type ZoneFile } from '../../../compiler/dns-records/zone-file.ts';

const lines = ({ records }: ZoneFile): readonly string[] =>
  records.map(({ name, type, data }) => `${name} ${type} ${data.join(' ')}`);

it('reads a zone as name servers do (RFC 1035 section 5)', () => {
  const zone = `$TTL 1h
$ORIGIN Example.ORG.
@   3600 IN SOA ns.example.org. hostmaster (
        2026010101 ; serial
        1h 15m 1w 1d )
    IN  NS  ns
    MX  10  mx
@   IN  3600 MX 20 backup.example.net.
mx  A 203.0.113.5
    AAAA 2001:db8::5
"quoted; name" TXT "one; string" "and another"
k._domainkey TXT ( "v=DKIM1; k=rsa; "
                   "p=MIIB" ) ; split
_25._tcp.mx TLSA 3 1 1 ( ABCD
    ef01 )
$ORIGIN sub
www CNAME @
mün CNAME mx.example.org.
esc\\.aped TXT back\\\\slash\\065
`;
  expect(lines(readZoneFile(zone, 'ignored.test'))).toEqual([
    'example.org SOA ns.example.org. hostmaster 2026010101 1h 15m 1w 1d',
    'example.org NS ns.example.org',
    'example.org MX 10 mx.example.org',
    'example.org MX 20 backup.example.net',
    'mx.example.org A 203.0.113.5',
    'mx.example.org AAAA 2001:db8::5',
    'quoted; name.example.org TXT one; stringand another',
    'k._domainkey.example.org TXT v=DKIM1; k=rsa; p=MIIB',
    '_25._tcp.mx.example.org TLSA 3 1 1 abcdef01',
    'www.sub.example.org CNAME sub.example.org',
    'xn--mn-xka.sub.example.org CNAME mx.example.org',
    'esc.aped.sub.example.org TXT back\\slashA',
  ]);
});

it('begins names where it is told, and says what it did not read', () => {
  const zone = readZoneFile('mail MX 10 mx\n$INCLUDE other.zone\nbroken 3600 IN\n', 'example.org');
  expect(lines(zone)).toEqual(['mail.example.org MX 10 mx.example.org']);
  expect(zone.problems).toEqual(['line 2: $INCLUDE is not followed', 'line 3: no record type']);
});

it('reads any text, and a parenthesis that is never closed', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: fc.constantFrom('(', ')', '"', ';', '\\', ' ', '\n', 'a', '1', '.', '@', '$', 'MX') }),
      (text) => {
        expect(Array.isArray(readZoneFile(text, 'example.org').records)).toBe(true);
      },
    ),
  );
  expect(lines(readZoneFile('a TXT ( "x"\n"y"', 'test'))).toEqual(['a.test TXT xy']);
});
