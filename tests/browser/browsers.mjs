// The browsers that the tests run: Debian's own. In each of them every name under .test is this machine, so that pages and
// the service can be of different sites.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { chromium, firefox } from 'playwright-core';

export const siteHost = 'www.pages.test';
export const serviceHost = 'count.service.test';

const chromiumPath = '/usr/bin/chromium';
const chromiumArguments = [
  '--no-sandbox', '--disable-quic', '--disable-background-networking', '--disable-component-update', '--disable-sync',
  '--no-first-run', '--host-resolver-rules=MAP *.test 127.0.0.1',
];
const firefoxPreferences = { 'network.dns.localDomains': `${siteHost},${serviceHost}` };
const stopLimitMs = 10_000;

export const browsers = {
  Chromium: () => chromium.launch({ executablePath: chromiumPath, args: chromiumArguments }),
  Firefox: () => firefox.launch({
    channel: 'moz-firefox', executablePath: '/usr/bin/firefox-esr', firefoxUserPrefs: firefoxPreferences,
  }),
};

// A Chromium that nobody drives, as a driver's session keeps it from prerendering: it opens one address, and the page there
// does the rest. stop() ends all of its processes.
export class PlainChromium {
  #process;
  #profile;

  static async start(url) {
    const browser = new PlainChromium();
    browser.#profile = await mkdtemp(join(tmpdir(), 'page-count-chromium-'));
    const plain = ['--headless=new', `--user-data-dir=${browser.#profile}`, url];
    browser.#process = spawn('setpriv', ['--pdeathsig', 'KILL', '--', chromiumPath, ...chromiumArguments, ...plain], {
      stdio: 'ignore', detached: true,
    });
    await once(browser.#process, 'spawn');
    return browser;
  }

  async stop() {
    if (this.#process.exitCode === null && this.#process.signalCode === null) {
      const ended = once(this.#process, 'exit');
      this.#process.kill('SIGTERM');
      const overdue = setTimeout(() => process.kill(-this.#process.pid, 'SIGKILL'), stopLimitMs);
      await ended;
      clearTimeout(overdue);
    }
    await rm(this.#profile, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
  }
}
