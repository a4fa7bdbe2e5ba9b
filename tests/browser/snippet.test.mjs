// What the README tells people to put into their pages, in real browsers, on a site that is not the counter's.
import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';

import { PlainChromium, browsers, serviceHost, siteHost } from './browsers.mjs';
import { imageFor, scriptFor } from './readme.mjs';
import { Service } from './service.mjs';
import { Site } from './site.mjs';

const testLimit = { timeout: 60_000 };

let service;
let counter; // the service's origins under a name of its own
const closing = [];

before(async () => {
  service = await Service.start();
  const named = (origin) => origin.replace('127.0.0.1', serviceHost);
  counter = { http: named(service.http), https: named(service.https) };
}, { timeout: 120_000 });

after(() => service?.stop());

afterEach(async () => {
  while (closing.length) await closing.pop()();
});

async function siteOf(body, options = { host: siteHost }) {
  const site = await Site.start(body, options);
  closing.push(() => site.stop());
  return site;
}

async function until(condition, what) {
  for (const end = Date.now() + 20_000; !(await condition());) {
    assert.ok(Date.now() < end, what);
    await pause(50);
  }
}

const counted = (url) => until(async () => (await service.visitsOf(url)) > 0, `${url} is not counted`);

for (const [name, launch] of Object.entries(browsers)) {
  describe(`In ${name}, on another site,`, testLimit, () => {
    let browser;
    before(async () => { browser = await launch(); }, { timeout: 60_000 });
    after(() => browser?.close());

    async function open(url) {
      const context = await browser.newContext({ ignoreHTTPSErrors: true });
      closing.push(() => context.close());
      const page = await context.newPage();
      await page.goto(url);
      return page;
    }

    // How wide the images are: a broken one has no width.
    const widths = (page) => page.evaluate(() => Promise.all([...document.images].map(async (image) => {
      while (!image.complete) await new Promise((resolve) => { image.onload = image.onerror = resolve; });
      return image.naturalWidth;
    })));

    async function assertCounts(pagePath, html) {
      const site = await siteOf(html);
      const page = await open(site.origin + pagePath);
      await counted(site.origin + pagePath);
      await page.close();
      assert.equal(await service.visitsOf(site.origin + pagePath), 1);
      assert.equal(await service.visitsOf(`${site.origin}/`), 0, 'the front page is counted');
    }

    it('the image counts the page, not the front page', () => {
      const path = '/articles/caf%C3%A9?page=2&lang=en';
      return assertCounts(path, (origin) => `<h1>An article ${imageFor(origin + path, counter.https)}</h1>`);
    });

    it('the script counts the page, not the front page', () => {
      const path = '/articles/caf%C3%A9?page=2&lang=fr';
      return assertCounts(path, () => `<h1>An article</h1><script>${scriptFor(counter.https)}</script>`);
    });

    it('a page under Cross-Origin-Embedder-Policy: require-corp shows the image, refused or not', async () => {
      const images = (origin) => `<h1>${imageFor(`${origin}/isolated`, counter.http)}
        <img src="${counter.http}/?url=no-url"><img src="${counter.http}/pixel.gif?url=" crossorigin>
        <img src="${counter.http}/page-count-assets/favicon.svg"></h1>`;
      const isolated = { headers: { 'Cross-Origin-Embedder-Policy': 'require-corp' } };
      const site = await siteOf(images, isolated); // by its number: the policy holds in a secure context only
      const page = await open(`${site.origin}/isolated`);
      assert.deepEqual(await widths(page), [1, 1, 1, 0], 'the last one is no beacon: the policy is in force');
      await counted(`${site.origin}/isolated`);
    });

    it('a beacon that is a JSON Blob is lost though it is said to be sent, and FormData is refused', async () => {
      const site = await siteOf('');
      const page = await open(`${site.origin}/blob`);
      const refused = page.waitForResponse((response) => response.status() === 415);
      const sent = await page.evaluate((visits) => {
        const form = new FormData();
        form.append('url', location.href);
        const blob = new Blob([JSON.stringify({ url: location.href })], { type: 'application/json' });
        return [navigator.sendBeacon(visits, blob), navigator.sendBeacon(visits, form)];
      }, `${counter.https}/visit`);
      assert.deepEqual(sent, [true, true]);
      await refused;
      const parameters = `navigator.sendBeacon('${counter.https}/visit', new URLSearchParams({ url: location + '/form' }))`;
      assert.equal(await page.evaluate(parameters), true);
      await counted(`${site.origin}/blob/form`);
      assert.equal(await service.visitsOf(`${site.origin}/blob`), 0);
    });
  });
}

// A plain image shows in the same page that a prerendered page does ask for what it shows.
describe('In Chromium, a page that was loaded ahead of its visit,', testLimit, () => {
  it('is counted once it is opened, and not before', async () => {
    const plain = (url) => `<img src="${counter.http}/pixel.gif?url=${encodeURIComponent(url)}" alt="">`;
    const rules = { prerender: [{ source: 'list', urls: ['/opened', '/never'], eagerness: 'immediate' }] };
    let openIt;
    const asked = new Promise((resolve) => { openIt = resolve; });
    const ahead = (origin, path) => `
      <h1>A page ${imageFor(`${origin}${path}?image`, counter.http)}</h1>
      ${plain(`${origin}${path}?plain`)}
      <script>${scriptFor(counter.http)}</script>
      <script>addEventListener('load', async () => {
        const told = document.prerendering;
        for (const round of ['loaded', 'settled']) await fetch('/' + round + location.pathname + '?ahead=' + told);
      })</script>`;
    const pages = {
      '/first': () => `<script type="speculationrules">${JSON.stringify(rules)}</script>
        <script>fetch('/asked').then(() => { location.href = '/opened'; })</script>`,
      '/asked': () => asked.then(() => ''),
      '/opened': ahead,
      '/never': ahead,
    };
    const site = await siteOf((origin, path) => pages[path]?.(origin, path) ?? '');
    const browser = await PlainChromium.start(`${site.origin}/first`);
    closing.push(() => browser.stop());
    const visits = (path) => Promise.all(['?plain', '?image', ''].map((end) => service.visitsOf(site.origin + path + end)));

    for (const path of ['/opened', '/never']) {
      await until(() => site.requests.includes(`/settled${path}?ahead=true`), `${path} is not prerendered`);
      await counted(`${site.origin}${path}?plain`);
      assert.deepEqual(await visits(path), [1, 0, 0], `${path} before it is opened`);
    }
    openIt();
    await counted(`${site.origin}/opened?image`);
    await counted(`${site.origin}/opened`);
    await browser.stop();
    assert.deepEqual(await visits('/opened'), [1, 1, 1]);
    assert.deepEqual(await visits('/never'), [1, 0, 0]);
    assert.equal(site.requests.filter((path) => path === '/opened').length, 1, 'the page was loaded again');
  });
});
