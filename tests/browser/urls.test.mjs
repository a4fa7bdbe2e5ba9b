// The addresses that browsers have, against the form under which page-count keeps them: whatever Node's URL, and Chromium's,
// make of a grammar's addresses is accepted, is found again, and opens the same page; and what they tell apart is kept
// apart, but for what RFC 3986, 6.2.2, normalises. URLS_SEED takes other addresses than the usual ones.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { pathToFileURL } from 'node:url';

import { addresses } from './addresses.mjs';
import { send } from './http.mjs';
import { Service, buildDir } from './service.mjs';

const seed = Number(process.env.URLS_SEED ?? 3986);
const count = 20_000;
const mostThroughTheService = 200;
const maxBytes = 8192;
const maxOutputBytes = 1 << 30;

const typed = addresses(seed, count);
console.log(`${count} addresses of seed ${seed}`);

// What the worker makes of each text: { url } or { refused }.
function canonical(texts) {
  const program = join(buildDir, 'tests/browser/canonical_urls');
  const input = texts.map((text) => `${text}\0`).join('');
  const output = execFileSync(program, { input, maxBuffer: maxOutputBytes }).toString();
  return output.split('\n').slice(0, -1).map((line) => (line[0] === '+' ? { url: line.slice(1) } : { refused: line.slice(1) }));
}

function parsed(text) {
  try {
    return new URL(text);
  } catch {
    return undefined;
  }
}

// RFC 3986, 5.2.4: Node 20 leaves some of them in.
function withoutDotSegments(path) {
  const kept = [];
  const segments = path.split('/').slice(1);
  segments.forEach((segment, i) => {
    if (segment === '..') kept.pop();
    if (segment !== '.' && segment !== '..') kept.push(segment);
    else if (i === segments.length - 1) kept.push('');
  });
  return `/${kept.join('/')}`;
}

// Without the fragment, which is not sent, and with what RFC 3986 normalises in a path and a query; a browser's raw
// characters that RFC 3986 has no place for are encoded, a lone percent sign too.
function normalised(href) {
  const { protocol, host } = new URL(href);
  const rest = href.replace(/#.*$/s, '').slice(`${protocol}//${host}`.length);
  const encoded = rest.replace(/%([0-9a-f]{2})?|["<>^`{|}[\]\\]/gi, (found, hex) => {
    if (hex === undefined) return `%${found.charCodeAt(0).toString(16).toUpperCase()}`;
    const byte = String.fromCharCode(parseInt(hex, 16));
    return /[\w.~-]/.test(byte) ? byte : found.toUpperCase();
  });
  const [path] = encoded.split('?', 1);
  return `${protocol}//${host}${withoutDotSegments(path)}${encoded.slice(path.length)}`;
}

// The host can be in DNS, there are no credentials, and the address is not too long.
function isTrackable(href) {
  const [, authority] = /^https?:\/\/([^/?#]*)/.exec(href) ?? [];
  if (authority === undefined || authority.includes('@') || authority.includes('%20')) return false;
  const name = authority.replace(/:\d*$/, '').replace(/\.$/, '').replace(/%../g, '-');
  const hasName = name.length <= 253 && name.split('.').every((label) => label.length >= 1 && label.length <= 63);
  return (hasName || name[0] === '[') && href.replace(/#.*/s, '').replace(/[^\w./-]/g, '%00').length <= maxBytes;
}

function checkHrefs(hrefs) {
  const accepted = canonical(hrefs);
  assert.deepEqual(hrefs.filter((_, i) => accepted[i].refused).slice(0, 5), [], 'refused');
  const urls = accepted.map(({ url }) => url);
  assert.deepEqual(canonical(urls).map(({ url }) => url), urls, 'a canonical form is not its own');

  const pages = new Map();
  hrefs.forEach((href, i) => {
    assert.match(urls[i], /^https?:\/\/[!-~]+$/);
    assert.ok(urls[i].length <= maxBytes);
    assert.equal(normalised(new URL(urls[i]).href), normalised(new URL(href).href), `${href} opens another page as ${urls[i]}`);
    const page = normalised(new URL(href).href);
    assert.equal(pages.get(page) ?? urls[i], urls[i], `${page} is two pages`);
    pages.set(page, urls[i]);
  });
}

const nodes = typed.map(parsed).map((url) => url?.href).filter((href) => href && isTrackable(href));

describe('an address that Node has', () => {
  it('is accepted, is found again, and opens the same page', () => {
    assert.ok(nodes.length > count / 4, `${nodes.length} are too few`);
    checkHrefs(nodes);
  });

  // Node 20 still has a capital sharp s as "ss", unlike browsers.
  it('is the same page as what was typed, if that is accepted', () => {
    const texts = typed.filter((text) => !text.includes('\0') && !text.includes('\u1e9e'));
    const results = canonical(texts);
    let compared = 0;
    texts.forEach((text, i) => {
      const url = parsed(text);
      if (!url || results[i].refused) return;
      ++compared;
      assert.equal(normalised(new URL(results[i].url).href), normalised(url.href), `${text} is kept as ${results[i].url}`);
    });
    assert.ok(compared > count / 8, `${compared} are too few`);
  });

  // Raw white space and control characters, backslashes before the query and odd schemes are refused; of characters that
  // Unicode added since 15 those that have to be mapped.
  it('is accepted as it was typed', () => {
    const isPlain = (text) => /^https?:\/\/[^/@\\?#][^@/?#]*([/?#]|$)/i.test(text) && !/^[^?#]*\\/.test(text)
      && !/^[^#]*[\s\x00-\x1f\x7f-\x9f]/.test(text);
    const texts = typed.filter((text) => isPlain(text) && parsed(text) && isTrackable(parsed(text).href));
    const withoutNewest = texts.filter((text) => !/[\u{11f00}-\u{11f5f}\u{10d40}-\u{10d8f}\u{1e030}-\u{1e08f}]/u.test(text));
    const refused = canonical(withoutNewest);
    assert.deepEqual(withoutNewest.filter((_, i) => refused[i].refused).slice(0, 5), []);
    assert.ok(texts.length > count / 8, `${texts.length} are too few`);
  });
});

describe('an address that Chromium has', () => {
  let folder;
  before(async () => { folder = await mkdtemp(join(tmpdir(), 'page-count-urls-')); });
  after(() => rm(folder, { recursive: true, force: true }));

  it('is accepted, is found again, and opens the same page', async () => {
    const page = join(folder, 'page.html');
    const script = `const hrefs = ${JSON.stringify(typed)}.map((text) => { try { return new URL(text).href; } catch { return ''; } });
      document.body.textContent = encodeURIComponent(JSON.stringify(hrefs));`;
    await writeFile(page, `<!DOCTYPE html><meta charset="utf-8"><body><script>${script.replaceAll('</', '<\\/')}</script>`);
    const options = ['--headless', '--no-sandbox', '--disable-gpu', `--user-data-dir=${join(folder, 'profile')}`, '--dump-dom'];
    const dom = execFileSync('/usr/bin/chromium', [...options, pathToFileURL(page).href],
      { maxBuffer: maxOutputBytes, stdio: ['ignore', 'pipe', 'ignore'], env: { ...process.env, HOME: folder } }).toString();
    const hrefs = JSON.parse(decodeURIComponent(/<body>([^<]*)<\/body>/.exec(dom)[1]));
    // What Node reads too; of the rest it cannot be said what it opens.
    const both = hrefs.filter((href) => isTrackable(href) && parsed(href));
    assert.ok(both.length > count / 4, `${both.length} are too few`);
    checkHrefs(both);
    const others = hrefs.filter((href) => isTrackable(href) && !parsed(href));
    const refused = canonical(others);
    assert.deepEqual(others.filter((_, i) => refused[i].refused).slice(0, 5), []);
  });
});

describe('an address that Node has, at the service', () => {
  let service;
  before(async () => {
    Object.assign(process.env, { PAGE_COUNT_VISIT_LIMIT: '100', PAGE_COUNT_RATE_KEYS: '4096' });
    service = await Service.start({ PAGE_COUNT_STRIP_PARAMETERS: 'none' });
  }, { timeout: 120_000 });
  after(() => service?.stop());

  it('is counted by each beacon and found by each spelling', async () => {
    const step = Math.ceil(nodes.length / mostThroughTheService);
    // nginx removes what looks like dot segments in a query, too, from the path that it routes on.
    const hrefs = nodes.filter((href, i) => i % step === 0 && !/[?].*[/\\]\.\.?([/\\?]|$)/.test(href.replace(/#.*/s, '')));
    const visits = new Map();
    for (const href of hrefs) {
      const [{ url }] = canonical([href]);
      const encoded = encodeURIComponent(href);
      const json = await send(service.http, { method: 'POST', path: '/visit', body: JSON.stringify({ url: href }) });
      assert.equal(json.status, 200, `${href}: ${json.body}`);
      assert.equal(JSON.parse(json.body).url, url);
      assert.equal((await send(service.http, { path: `/?url=${encoded}` })).status, 200, href);
      assert.equal((await send(service.http, { path: `/pixel.gif?url=${encoded}` })).status, 200, href);
      const referer = href.replace(/#.*/s, '');
      assert.equal((await send(service.http, { path: '/pixel.gif', headers: { Referer: referer } })).status, 200, href);
      visits.set(url, (visits.get(url) ?? 0) + 4);
      const found = await send(service.http, { path: `/stats/${encoded}`, headers: { Host: 'localhost' } });
      assert.equal(found.status, 200, `${href}: ${found.body}`);
      assert.equal(JSON.parse(found.body).total_visits, visits.get(url), href);
    }
  });
});
