// A grammar of what people type, link and submit as http(s) addresses. The same seed gives the same addresses.

const schemes = ['http://', 'https://', 'HTTP://', 'hTTps://', 'http:/', 'https:', 'http:\\\\', ' http://', 'https:////'];

const labels = [
  'a', 'example', 'EXAMPLE', 'www', 'intranet', '_dmarc', 'a-b', '-a', 'a-', 'ab--cd', 'r3---sn-p5q', '1', '1a', 'a1',
  'x'.repeat(63), 'xn--', 'xn--a', 'xn--bcher-kva', 'XN--BCHER-KVA', 'xn--419h', 'xn--929h', 'xn--dh0d', 'xn--ab---3ra',
  'xn--strae-oqa', 'bücher', 'BÜCHER', 'stra\u00dfe', 'stra\u1e9ee', 'STRA\u1e9eE', 'ab--\u00fc', '-\u00fc', '\u00fc-',
  'u\u0308', '\u0439\u0438\u0306', '\u03b2\u03cc\u03bb\u03bf\u03c2', '\u65e5\u672c', '\u1100\u1161\u11a8', '\uff21\uff22',
  '\u0627\u0644\u0639', '\u05d0\u05d1', '\u0dc1\u0dca\u200d\u0dbb\u0dd3', '\u0646\u0627\u0645\u0647\u200c\u0627\u06cc',
  'a\u00adb', 'a\u200bb', 'a\u200db', '\u2764', '\u2764\ufe0f', '\u{1f600}', '\u{1fac0}', '\u{1fae8}', '\u{1f468}\u200d\u{1f4bb}',
  '\u2260', '\u2132', '\u10a0', '\u212a', '\u0130', '\u01c4', '\u3300', '\u2488', '\u2026', '\ufb00', '\u{1d400}', '\u{10400}',
  '\u{11f04}', '\u{10d50}', '\u{1e030}', '\u{31350}', '%41', '%c3%bc', 'a%2ab', 'a%2Db', '%E2%9D%A4', 'a b', 'a%20b', 'a%00b', 'a%',
];
const hostBytes = '!"$&\'()*+,;=`{}~_-.%^|<>';
const stops = ['.', '.', '.', '.', '\u3002', '\uff0e', '\uff61', '%2e', '..'];
const hosts = [
  '192.0.2.1', '192.0.2.1.', '0x7f.1', '0X7F000001', '017700000001', '127.1', '\uff11.2.3.4', '[::1]', '[2001:DB8:0:0:0:0:0:1]',
  '[2001:db8::1:0:0:1]', '[::ffff:192.0.2.1]', '[::FFFF:c000:201]', '[1:0:2:0:0:3:0:0]', '[fe80::1%25eth0]', 'localhost',
  `${'a'.repeat(63)}.${'b'.repeat(63)}.${'c'.repeat(63)}.${'d'.repeat(61)}`, 'user@h', 'user:word@h', '@h', 'h.example.',
];
const ports = ['', '', '', '', ':', ':80', ':443', ':8080', ':00443', ':65535', ':65536', ':0', ':a'];

// In a path, a query or a fragment.
const texts = [
  'a', 'b', 'Z', '0', '-', '.', '_', '~', '/', '/', '//', '/./', '/../', '/..', '/.', '..', '...', '/%2e/', '/%2E%2e/', '/.%2e', '?', '?',
  '#', '&', '=', '+', ':', '@', '!', '$', "'", '(', ')', '*', ',', ';', '[', ']', '|', '"', '<', '>', '^', '`', '{', '}', '\\', ' ',
  '%', '%%', '%4', '%zz', '%u00fc', '%41', '%7e', '%7E', '%2f', '%2F', '%25', '%2541', '%%34%31', '%00', '%0D%0A', '%09', '%1f', '%7f', '%23',
  '%3f', '%5c', '%20', '%27', '%ff', '%FE', '%c2%85', '%c3%bc', '%e3%80%80', '%C7%E1', '%83\\', '%a5\\', '%83%5C', '\u00fc', '\u00df', '\u0439',
  '\u65e5', '\u{1f600}', '\u0085', '\u00a0', '\u2028', '\u3000', '\ufeff', '\ufffd', '\ud800', '\x01', '\x1f', '\x7f', '\t', '\n', '\r\n',
  'http://other.example/', '..;/', 'index.html', 'utm_source=news', 'javascript:',
];

// mulberry32
function numbers(seed) {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * below);
  };
}

export function addresses(seed, count) {
  const below = numbers(seed);
  const oneOf = (list) => list[below(list.length)];
  const someOf = (list, most) => Array.from({ length: below(most + 1) }, () => oneOf(list)).join('');

  const label = () => (below(6) === 0 ? `a${someOf([...hostBytes, 'b', 'C'], 3)}d` : oneOf(labels));
  const name = () => Array.from({ length: 1 + below(3) }, label).join(oneOf(stops)) + (below(12) === 0 ? '.' : '');
  const host = () => (below(5) === 0 ? oneOf(hosts) : name());
  const path = () => (below(8) === 0 ? '' : `/${below(60) === 0 ? 'long|'.repeat(below(2000)) : ''}${someOf(texts, 6)}`);
  const query = () => (below(2) === 0 ? '' : `?${someOf(texts, 6)}`);
  const fragment = () => (below(3) === 0 ? `#${someOf(texts, 4)}` : '');
  const scheme = () => (below(5) === 0 ? oneOf(schemes) : schemes[below(2)]);
  return Array.from({ length: count }, () => scheme() + host() + oneOf(ports) + path() + query() + fragment());
}
