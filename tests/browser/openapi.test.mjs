// /openapi.json is valid OpenAPI 3.1, and the service answers as it says: requests good and bad are sent to every path,
// each answer is held against its description, and no answer that is described is left out.
import assert from 'node:assert/strict';
import { mkdir, readFile, rename, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';

import { Validator } from '@seriousme/openapi-schema-validator';

import { Description } from './description.mjs';
import { send } from './http.mjs';
import { Service, sourceDir } from './service.mjs';

const document = JSON.parse(await readFile(join(sourceDir, 'nginx/www/openapi.json'), 'utf8'));
const description = new Description(document);
const visitLimit = 10;

let service;
before(async () => { service = await Service.start(); }, { timeout: 120_000 });
after(() => service?.stop());

// Sends the request, holds the answer against the description of `path`, and returns it with its JSON.
async function ask(status, path, { method = 'get', sent = path, headers, body } = {}, of = service) {
  const answer = await send(of.http, { method: method.toUpperCase(), path: sent, headers, body });
  assert.equal(answer.status, status, `${method} ${sent}: ${answer.body.toString().slice(0, 300)}`);
  description.check(path, method, answer);
  return answer;
}

// Repeats the request until its answer has the status: nginx uses a kept connection on for 10 s at the most.
async function until(status, request) {
  for (const end = Date.now() + 20_000; ;) {
    const answer = await send(service.http, request);
    if (answer.status === status || Date.now() > end) return answer;
    await pause(100);
  }
}

// The methods and paths that are described as having such an answer.
function describedAs(status) {
  return description.answers().map((answer) => answer.split(' ')).filter((answer) => answer[2] === `${status}`);
}

async function provokeEverywhere(status) {
  for (const [method, path] of describedAs(status)) {
    const body = path === '/bulk-visits' ? [{ url: page }] : { url: page };
    const request = method === 'post' ? post(body) : { method };
    const query = recordsByGet.includes(path) ? `?url=${encodeURIComponent(page)}` : '';
    const answer = await until(status, { ...request, method: method.toUpperCase(), path: target(path) + query });
    assert.equal(answer.status, status, `${method} ${path}`);
    description.check(path, method, answer);
  }
}

const recordsByGet = ['/', '/pixel.gif'];
const json = { 'Content-Type': 'application/json' };
const stranger = { Host: 'count.example.org' };
const image = { Accept: 'image/avif,image/webp,*/*;q=0.8' };
const browser = { Accept: 'text/html,application/xhtml+xml,*/*;q=0.8' };
const address = (url) => `/?url=${encodeURIComponent(url)}`;
const pixel = (url) => `/pixel.gif?url=${encodeURIComponent(url)}`;
const long = `?x=${'a'.repeat(64 * 1024)}`;
const page = 'https://example.com/openapi';
const form = { 'Content-Type': 'application/x-www-form-urlencoded' };
const post = (body, headers = json) => (
  { method: 'post', body: typeof body === 'string' ? body : JSON.stringify(body), headers }
);
const target = (path) => path.replace('{url}', page);

describe('/openapi.json', () => {
  it('is valid OpenAPI 3.1', async () => {
    const validator = new Validator();
    const { valid, errors } = await validator.validate(structuredClone(document));
    assert.ok(valid, JSON.stringify(errors, null, 2));
    assert.equal(validator.version, '3.1');
  });

  it('is what the service serves', async () => {
    const { body } = await ask(200, '/openapi.json');
    assert.deepEqual(JSON.parse(body), document);
  });

  it('has examples that are of their schemas', () => assert.ok(description.checkExamples() > 40));

  it('describes every path that nginx knows', async () => {
    for (const name of ['page-count-paths.conf', 'page-count.conf']) {
      const snippet = await readFile(join(sourceDir, 'nginx/snippets', name), 'utf8');
      for (const [, path] of snippet.matchAll(/^location = (\S+) {/gm)) {
        assert.ok(description.paths.includes(path), path);
      }
    }
  });

  it('and the README name every path that an include takes', async () => {
    const readme = await readFile(join(sourceDir, 'README.md'), 'utf8');
    const [paragraph] = readme.match(/^In an existing site, .*?^$/ms);
    for (const name of ['page-count-paths.conf', 'page-count.conf']) {
      const snippet = await readFile(join(sourceDir, 'nginx/snippets', name), 'utf8');
      for (const [, modifier, path] of snippet.matchAll(/^location (=|\^~) (\S+) {/gm)) {
        const named = modifier === '=' ? `\`${path}\`` : `\`${path}…\``;
        assert.ok(paragraph.includes(named), `${named} of ${name}`);
      }
    }
  });
});

// Each is [status, path, request]; `sent` is what is asked for where it is not the path itself.
const requests = {
  'records visits': [
    [200, '/', { sent: address(`${page}/link`), headers: { 'User-Agent': 'tests/1.0' } }],
    [200, '/', { sent: address(`${page}/link-image`), headers: image }],
    [200, '/', { headers: { ...image, Referer: `${page}/referer` } }],
    [200, '/visit', post({ url: `${page}/json`, more: [1] })],
    [200, '/visit', post({ url: `${page}/text` }, { 'Content-Type': 'text/plain;charset=UTF-8' })],
    [200, '/visit', post({ url: `${page}/no-type` }, {})],
    [200, '/visit', post(`url=${encodeURIComponent(`${page}/form`)}`, form)],
    [200, '/visit', post({ url: 'HTTP://[2001:DB8:0::1]:80/%7euser/../%C3%A9?' })],
    [200, '/bulk-visits', post([{ url: `${page}/bulk` }, `${page}/bulk-string`])],
    [200, '/bulk-visits', post([])],
    [200, '/bulk-visits', post(Array(25).fill(`${page}/bulk-limited`))],
    [200, '/pixel.gif', { sent: pixel(`${page}/pixel`) }],
    [200, '/pixel.gif', { headers: { Referer: `${page}/pixel-referer` } }],
  ],
  'refuses what is no visit': [
    [302, '/', { headers: browser }],
    [400, '/', { sent: '/?url=no-url' }],
    [400, '/', { sent: '/?url=no-url', headers: image }],
    [400, '/pixel.gif', { sent: '/pixel.gif?url=no-url' }],
    [422, '/'],
    [422, '/', { sent: '/?url=' }],
    [422, '/', { headers: image }],
    [422, '/pixel.gif'],
    [422, '/visit', post('{')],
    [422, '/visit', post({})],
    [422, '/visit', post({ url: 7 })],
    [422, '/visit', post({ url: 'ftp://example.com/' })],
    [422, '/visit', post('url=no-url', form)],
    [422, '/bulk-visits', post({ url: page })],
    [422, '/bulk-visits', post([{ url: page }, { url: 'no-url' }])],
    [400, '/bulk-visits', post(Array(101).fill(page))],
    [401, '/bulk-visits', post([page], { ...json, Authorization: 'Basic YWRtaW46d3Jvbmc=' })],
    [403, '/bulk-visits', post([{ url: page, timestamp: new Date().toISOString() }], { ...json, ...stranger })],
    [413, '/visit', post({ url: page, padding: ' '.repeat(16 * 1024) })],
    [413, '/bulk-visits', post(JSON.stringify([]) + ' '.repeat(1024 * 1024))],
    [415, '/visit', post({ url: page }, { 'Content-Type': 'application/xml' })],
    [415, '/bulk-visits', post([], form)],
  ],
  'answers what the operator asks': [
    [200, '/summary'],
    [200, '/summary', { sent: '/summary?hours=87600&limit=1' }],
    [200, '/summary', { sent: '/summary?bots=exclude' }],
    [200, '/query'],
    [200, '/query', { sent: '/query?by=page&compare=previous&hours=1&browser=Firefox&browser=&bots=only' }],
    [200, '/query', { sent: '/query?by=week&from=2026-01-01&to=2026-03-01&measure=visits&order=visits&limit=2&offset=1' }],
    [200, '/query', { sent: '/query?edges=2026-01-01,2026-02-01,2026-02-02T10:00Z&page=https://example.com/' }],
    [200, '/query', { sent: '/query?by=country&format=csv' }],
    [200, '/stats'],
    [200, '/stats', { sent: '/stats?limit=0' }],
    [200, '/stats', { sent: `/stats?url=${encodeURIComponent(`${page}/json`)}&hours=1` }],
    [200, '/stats', { sent: `/stats?url=${page}/never//seen` }],
    [200, '/stats/{url}', { sent: `/stats/${page.replace('//', '/')}/json` }],
    [200, '/stats/{url}', { sent: `/stats/${encodeURIComponent(`${page}/json`)}?hours=1` }],
    [200, '/stats/{url}', { sent: `/stats/${page}/never//seen` }],
    [200, '/all-visits'],
    [200, '/all-visits', { sent: '/all-visits?limit=2&offset=1&since=2020-01-01T00:00:00.5Z' }],
    [200, '/all-visits', { sent: '/all-visits?start_date=2020-01-01&end_date=2020/01/02' }],
    [200, '/all-visits', { sent: '/all-visits?range=2020-01-01,2019-01-01' }],
    [200, '/all-visits', { sent: '/all-visits?format=jsonl' }],
    [200, '/all-visits', { sent: '/all-visits?format=csv' }],
    [200, '/all-visits', { sent: '/all-visits?after=0&limit=2' }],
    [200, '/all-visits', { sent: '/all-visits?fields=id,referrer,title,country,browser,system,bot,url' }],
    [200, '/cleanup', { method: 'delete' }],
    [200, '/cleanup', { method: 'delete', sent: '/cleanup?days=365' }],
    [200, '/health'],
  ],
  'refuses what cannot be answered': [
    ...['0', '-1', '87601', '1e9', 'x', ''].flatMap((hours) => [
      [422, '/summary', { sent: `/summary?hours=${hours}` }],
      [422, '/query', { sent: `/query?hours=${hours}` }],
      [422, '/stats', { sent: `/stats?url=${page}&hours=${hours}` }],
      [422, '/stats/{url}', { sent: `/stats/${page}?hours=${hours}` }],
      [422, '/stats', { sent: `/stats?hours=${hours}` }],
    ]),
    ...['-1', '1.5', 'x', ''].flatMap((limit) => [
      [422, '/summary', { sent: `/summary?limit=${limit}` }],
      [422, '/stats', { sent: `/stats?limit=${limit}` }],
      [422, '/stats', { sent: `/stats?url=${page}&limit=${limit}` }],
      [422, '/all-visits', { sent: `/all-visits?limit=${limit}` }],
      [422, '/all-visits', { sent: `/all-visits?offset=${limit}` }],
    ]),
    ...['2025-02-30', '2025-09-14T24:00:00', 'yesterday', ''].flatMap((time) => [
      [422, '/all-visits', { sent: `/all-visits?since=${time}` }],
      [422, '/all-visits', { sent: `/all-visits?start_date=${time}` }],
      [422, '/all-visits', { sent: `/all-visits?end_date=${time}` }],
      [422, '/all-visits', { sent: `/all-visits?range=${time},2025-09-15` }],
    ]),
    [422, '/all-visits', { sent: '/all-visits?range=2025-09-14' }],
    [422, '/all-visits', { sent: '/all-visits?format=xml' }],
    [422, '/all-visits', { sent: '/all-visits?after=x' }],
    [422, '/all-visits', { sent: '/all-visits?fields=visits' }],
    [422, '/stats', { sent: '/stats?url=' }],
    [400, '/stats', { sent: '/stats?url=no-url' }],
    [400, '/stats/{url}', { sent: '/stats/' }],
    [400, '/stats/{url}', { sent: '/stats/no-url' }],
    [400, '/cleanup', { method: 'delete', sent: '/cleanup?days=0' }],
    [422, '/cleanup', { method: 'delete', sent: '/cleanup?days=x' }],
  ],
  'serves its own pages': ['/docs', '/redoc', '/openapi.json', '/robots.txt'].map((path) => [200, path]),
};

for (const [does, list] of Object.entries(requests)) {
  describe(`The service, as described, ${does}`, () => {
    for (const [status, path, request = {}] of list) {
      const { method = 'get', sent = path, body = '' } = request;
      it(`${method} ${sent} ${body}`.slice(0, 90).concat(` is ${status}`), () => ask(status, path, request));
    }
  });
}

describe('The service, as described,', () => {
  it('refuses the visits over the limit', async () => {
    const limited = [
      ['/', { sent: address(`${page}/limit-link`) }],
      ['/', { sent: address(`${page}/limit-image`), headers: image }],
      ['/pixel.gif', { sent: pixel(`${page}/limit-pixel`) }],
      ['/visit', post({ url: `${page}/limit-visit` })],
    ];
    for (const [path, request] of limited) {
      for (let visits = 0; visits < visitLimit; ++visits) await ask(200, path, request);
      await ask(429, path, request);
    }
  });

  it('refuses visits to other sites, and ignores who opts out, if it is told to', { timeout: 120_000 }, async () => {
    const strict = await Service.start({ PAGE_COUNT_SITES: 'example.com', PAGE_COUNT_HONOR_OPT_OUT: 'true' });
    const recording = (url, headers) => [
      ['/', { sent: address(url), headers }],
      ['/', { sent: address(url), headers: { ...headers, ...image } }],
      ['/pixel.gif', { sent: pixel(url), headers }],
      ['/visit', post({ url }, { ...headers, ...json })],
      ['/bulk-visits', post([url], { ...headers, ...json })],
    ];
    try {
      for (const [path, request] of recording('https://example.org/', {})) await ask(403, path, request, strict);
      for (const [path, request] of recording(page, { 'Sec-GPC': '1' })) await ask(200, path, request, strict);
      await ask(200, '/stats', {}, strict);
      assert.equal(await strict.visitsOf(page), 0);
    } finally {
      await strict.stop();
    }
  });

  it('asks strangers for a password before the private endpoints, and nowhere else', async () => {
    for (const path of description.paths) {
      if (path === '/') continue;
      for (const method of description.methodsOf(path)) {
        const sent = { method: method.toUpperCase(), path: target(path), headers: stranger };
        const { status } = await send(service.http, sent);
        assert.equal(status === 401, description.isGuarded(path), `${method} ${path}: ${status}`);
        if (status === 401) await ask(401, path, { method, sent: target(path), headers: stranger });
      }
    }
  });

  it('answers preflights of the public paths alone', async () => {
    const headers = { Origin: 'https://example.com', 'Access-Control-Request-Method': 'POST' };
    for (const path of description.paths) {
      const status = description.isPublic(path) ? 204 : 405;
      await ask(status, path, { method: 'options', sent: target(path), headers });
    }
  });

  it('refuses other methods, and names those that there are', async () => {
    for (const path of description.paths) {
      const described = description.methodsOf(path);
      for (const method of ['get', 'post', 'put', 'patch', 'delete'].filter((name) => !described.includes(name))) {
        const { headers } = await ask(405, path, { method, sent: target(path) });
        const allowed = headers.allow.toLowerCase().split(/, ?/).filter((name) => name !== 'head').sort();
        assert.deepEqual(allowed, [...described].sort(), `${method} ${path}: Allow`);
      }
    }
  });

  it('answers HEAD as GET without a body, except on the recording endpoints', async () => {
    const recording = ['/', '/visit', '/bulk-visits', '/pixel.gif', '/cleanup'];
    for (const path of description.paths) {
      const { status, body } = await send(service.http, { method: 'HEAD', path: target(path) });
      assert.equal(status, recording.includes(path) ? 405 : 200, path);
      assert.equal(body.length, 0, path);
    }
  });

  it('says where there is nothing', async () => {
    for (const path of ['/nothing', '/visit/', '/stats-of', '/nothing.gif', '/page-count-assets/nothing.css']) {
      const { status, headers, body } = await send(service.http, { path });
      assert.equal(status, 404, path);
      assert.equal(headers['content-type'], 'application/json', path);
      assert.equal(headers['x-content-type-options'], 'nosniff', path);
      assert.deepEqual(JSON.parse(body), { detail: 'Not Found' });
    }
  });

  it('refuses an address that is too long', async () => {
    for (const [method, path] of describedAs(414)) {
      await ask(414, path, { method, sent: target(path) + long });
    }
  });

  it('is 502 where no worker is there to answer', async () => {
    await rename(service.socket, `${service.socket}.away`);
    try {
      await provokeEverywhere(502);
    } finally {
      await rename(`${service.socket}.away`, service.socket);
    }
  });

  it('is 503 while the database cannot be opened, and recovers', async () => {
    const files = ['', '-wal', '-shm'].map((suffix) => service.database + suffix);
    for (const file of files) await rename(file, `${file}.away`);
    await mkdir(service.database);
    try {
      for (const worker of await service.workers()) process.kill(worker, 'SIGKILL');
      await provokeEverywhere(503);
    } finally {
      await rmdir(service.database);
      for (const file of files) await rename(`${file}.away`, file);
    }
    await until(200, { path: '/health' });
  });

  it('has given every answer that is described', () => {
    assert.deepEqual(description.unseen(), []);
  });
});
