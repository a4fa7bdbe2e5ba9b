// The main job in a real browser: a page of another origin reports its visit, and nobody who looks at it notices.
import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, describe, it } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';

import { browsers } from './browsers.mjs';
import { Service } from './service.mjs';
import { Site } from './site.mjs';

const visitLimit = 10;
const testLimit = { timeout: 60_000 };

let service;
let browser;
let tab;
let closing;

before(async () => {
  service = await Service.start();
  browser = await browsers.Chromium();
}, { timeout: 120_000 });

after(async () => {
  await browser?.close();
  await service?.stop();
});

beforeEach(async () => {
  closing = [];
  const context = await browser.newContext({ ignoreHTTPSErrors: true });
  closing.push(() => context.close());
  tab = await Tab.open(context);
});

afterEach(async () => {
  for (const close of closing.reverse()) await close();
});

// A page of the browser, and all that it wrote to its console, asked for and was answered.
class Tab {
  console = [];
  preflights = 0;
  requests = [];
  responses = [];

  static async open(context) {
    const tab = new Tab();
    tab.page = await context.newPage();
    tab.page.on('console', (message) => tab.console.push(`${message.type()}: ${message.text()}`));
    tab.page.on('pageerror', (error) => tab.console.push(`uncaught: ${error.message}`));
    tab.page.on('request', (request) => tab.requests.push(request.url()));
    tab.page.on('response', (response) => tab.responses.push({ url: response.url(), status: response.status() }));
    const devtools = await context.newCDPSession(tab.page);
    devtools.on('Network.requestWillBeSent', ({ request }) => {
      if (request.method === 'OPTIONS') tab.preflights += 1;
    });
    await devtools.send('Network.enable');
    return tab;
  }

  statusesFrom(origin) {
    return this.responses.filter(({ url }) => url.startsWith(origin)).map(({ status }) => status).sort();
  }

  brokenImages() {
    return this.page.evaluate(() => [...document.images].filter((i) => !(i.complete && i.naturalWidth === 1)).length);
  }
}

async function visit(body, path = '/') {
  const site = await Site.start(body);
  closing.unshift(() => site.stop());
  await tab.page.goto(`${site.origin}${path}`, { waitUntil: 'networkidle' });
  return site;
}

// Once the visit is there, leaving the page must not add another one.
async function assertCountedOnce(url) {
  for (const end = Date.now() + 10_000; (await service.visitsOf(url)) === 0 && Date.now() < end;) await pause(50);
  await tab.page.close();
  assert.equal(await service.visitsOf(url), 1, `visits of ${url}`);
}

for (const scheme of ['https', 'http']) {
  describe(`A page of another origin, over ${scheme}, is counted once through`, testLimit, () => {
    it('an <img> with its URL', async () => {
      const image = (origin) => `<img src="${service[scheme]}/?url=${encodeURIComponent(`${origin}/shop?a=1`)}">`;
      const site = await visit(image);
      assert.equal(await tab.brokenImages(), 0);
      assert.deepEqual(tab.console, []);
      await assertCountedOnce(`${site.origin}/shop?a=1`);
    });

    it('an <img> that says nothing but its whole Referer', async () => {
      const image = `<img src="${service[scheme]}/pixel.gif" referrerpolicy="unsafe-url">`;
      const site = await visit(image, '/articles/1?page=2');
      assert.equal(await tab.brokenImages(), 0);
      assert.deepEqual(tab.console, []);
      await assertCountedOnce(`${site.origin}/articles/1?page=2`);
    });

    it('an <img> under the default referrer policy, as the origin', async () => {
      const site = await visit(`<img src="${service[scheme]}/pixel.gif">`, '/articles/1');
      assert.equal(await tab.brokenImages(), 0);
      assert.deepEqual(tab.console, []);
      assert.equal(await service.visitsOf(`${site.origin}/articles/1`), 0);
      await assertCountedOnce(`${site.origin}/`);
    });

    it('a fetch of POST /visit, after a preflight', async () => {
      const site = await visit(`<script>
        answered = fetch('${service[scheme]}/visit', {
          method: 'POST',
          headers: { 'Content-Type': 'application/json' },
          body: JSON.stringify({ url: location.href }),
        }).then((response) => response.json());
      </script>`, '/fetch');
      assert.equal((await tab.page.evaluate('answered')).status, 'recorded');
      assert.equal(tab.preflights, 1);
      assert.deepEqual(tab.console, []);
      await assertCountedOnce(`${site.origin}/fetch`);
    });

    it('navigator.sendBeacon, without a preflight', async () => {
      const site = await visit(`<script>
        navigator.sendBeacon('${service[scheme]}/visit', JSON.stringify({ url: location.href }));
      </script>`, '/beacon');
      assert.equal(tab.preflights, 0);
      assert.deepEqual(tab.console, []);
      await assertCountedOnce(`${site.origin}/beacon`);
    });

    it('navigator.sendBeacon as the page is left', async () => {
      const site = await visit(`<script>
        addEventListener('pagehide', () => {
          navigator.sendBeacon('${service[scheme]}/visit', JSON.stringify({ url: location.href }));
        });
      </script>`, '/left');
      await tab.page.goto('about:blank');
      assert.deepEqual(tab.console, []);
      await assertCountedOnce(`${site.origin}/left`);
    });
  });
}

describe('No image is shown broken', testLimit, () => {
  // The line that the browser itself writes about any resource with such a status, which no page and no service can
  // keep from being written.
  const assertNothingButStatuses = () => {
    for (const line of tab.console) assert.match(line, /^error: Failed to load resource: .* status of 4(00|22|29)\b/);
  };

  for (const path of ['/', '/pixel.gif']) {
    it(`of ${path}, where the rate limit refuses it`, async () => {
      const images = (origin) => Array.from({ length: visitLimit + 2 }, (_, i) =>
        `<img src="${service.https}${path}?n=${i}&url=${encodeURIComponent(`${origin}/often`)}">`).join('');
      const site = await visit(images);
      assert.deepEqual(tab.statusesFrom(service.https), [...Array(visitLimit).fill(200), 429, 429]);
      assert.equal(await tab.brokenImages(), 0);
      assertNothingButStatuses();
      assert.equal(await service.visitsOf(`${site.origin}/often`), visitLimit);
    });

    it(`of ${path}, where no page is given`, async () => {
      await visit(`<img src="${service.https}${path}" referrerpolicy="no-referrer">`);
      assert.deepEqual(tab.statusesFrom(service.https), [422]);
      assert.equal(await tab.brokenImages(), 0);
      assertNothingButStatuses();
    });

    it(`of ${path}, where the URL is none`, async () => {
      await visit(`<img src="${service.https}${path}?url=no-url">`);
      assert.deepEqual(tab.statusesFrom(service.https), [400]);
      assert.equal(await tab.brokenImages(), 0);
      assertNothingButStatuses();
    });
  }
});

describe('The description of the API', testLimit, () => {
  const assertNothingFromElsewhere = () => {
    const elsewhere = tab.requests.filter((url) => !/^(data|blob):/.test(url) && !url.startsWith(service.https));
    assert.deepEqual(elsewhere, []);
    assert.deepEqual(tab.console, []);
  };

  it('is shown by /docs, where an operation can be tried out', async () => {
    await tab.page.goto(`${service.https}/docs`);
    await tab.page.getByText('Record many visits at once').waitFor();
    const health = tab.page.locator('#operations-Service-getHealth');
    await health.locator('.opblock-summary-control').click();
    await health.getByRole('button', { name: 'Try it out' }).click();
    await health.getByRole('button', { name: 'Execute' }).click();
    await health.locator('.live-responses-table').getByText('"connected"').waitFor();
    await tab.page.waitForLoadState('networkidle');
    assertNothingFromElsewhere();
  });

  it('is shown by /redoc, which can be searched', async () => {
    await tab.page.goto(`${service.https}/redoc`);
    await tab.page.getByRole('heading', { name: 'Record many visits at once' }).waitFor();
    await tab.page.getByPlaceholder('Search...').fill('preflight');
    await tab.page.locator('[role="search"] [data-role="search:results"]').waitFor();
    await tab.page.waitForLoadState('networkidle');
    assertNothingFromElsewhere();
  });
});
