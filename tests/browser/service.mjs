// The whole service as an operator starts it: nginx/serve on free ports with a data folder of its own, from $SOURCE_DIR
// and $BUILD_DIR. start() returns once it is ready, or throws with what it said; stop() ends it and removes the folder.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

export const sourceDir = resolve(process.env.SOURCE_DIR ?? join(dirname(fileURLToPath(import.meta.url)), '../..'));
export const buildDir = resolve(process.env.BUILD_DIR ?? join(sourceDir, 'build/dev'));

const startLimitMs = 60_000;
const stopLimitMs = 20_000;

export class Service {
  #serve;
  #folder;
  #output = '';

  // `environment`: settings of the workers, by their PAGE_COUNT_ name.
  static async start(environment = {}) {
    const service = new Service();
    try {
      await service.#start(environment);
    } catch (error) {
      await service.stop();
      throw error;
    }
    return service;
  }

  // Where the workers listen.
  get socket() {
    return join(this.#folder, 'run/page-count.sock');
  }

  async password() {
    return (await readFile(join(this.#folder, 'admin-password'), 'utf8')).trim();
  }

  get database() {
    return join(this.#folder, 'visits.db');
  }

  // How many visits of the page there are.
  async visitsOf(url) {
    const response = await fetch(`${this.http}/stats/${encodeURIComponent(url)}`);
    if (response.status !== 200) throw new Error(`the visits of ${url}: ${response.status} ${await response.text()}`);
    return (await response.json()).total_visits;
  }

  // The workers' process ids.
  async workers() {
    const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
    const commands = await Promise.all(pids.map((pid) => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')));
    const isWorker = ([program, ...rest]) => program.endsWith('/page-count') && rest.includes(this.database);
    return pids.filter((_, i) => isWorker(commands[i].split('\0'))).map(Number);
  }

  async stop() {
    if (this.#serve && this.#isRunning()) {
      const ended = once(this.#serve, 'exit');
      this.#serve.kill('SIGTERM');
      const overdue = setTimeout(() => this.#serve.kill('SIGKILL'), stopLimitMs);
      const [, signal] = await ended;
      clearTimeout(overdue);
      if (signal === 'SIGKILL') throw new Error(`nginx/serve did not stop:\n${this.#output}`);
    }
    if (this.#folder) await rm(this.#folder, { recursive: true, force: true });
  }

  async #start(environment) {
    this.#folder = await mkdtemp(join(tmpdir(), 'page-count-browser-'));
    const [http, https] = [await freePort(), await freePort()];
    this.http = `http://127.0.0.1:${http}`;
    this.https = `https://127.0.0.1:${https}`;
    const serve = [
      join(sourceDir, 'nginx/serve'), '--no-build', '--build-dir', buildDir, '--data', this.#folder,
      '--http', http, '--https', https,
    ];
    // It ends with this process, however that ends.
    this.#serve = spawn('setpriv', ['--pdeathsig', 'TERM', '--', ...serve], {
      stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...environment },
    });
    await this.#ready();
  }

  async #ready() {
    let overdue;
    try {
      await new Promise((resolve, reject) => {
        const fail = (reason) => reject(new Error(`nginx/serve ${reason}:\n${this.#output}`));
        overdue = setTimeout(() => fail('is not ready in time'), startLimitMs);
        this.#serve.once('error', (error) => fail(`cannot be started, ${error.message}`));
        this.#serve.once('exit', (code, signal) => fail(`ended with ${signal ?? code}`));
        const read = (chunk) => {
          this.#output += chunk;
          if (/^ready http:/m.test(this.#output)) resolve();
        };
        this.#serve.stdout.on('data', read);
        this.#serve.stderr.on('data', read);
      });
    } finally {
      clearTimeout(overdue);
    }
  }

  #isRunning() {
    return this.#serve.pid !== undefined && this.#serve.exitCode === null && this.#serve.signalCode === null;
  }
}

// Below the range from which the kernel gives ports to outgoing connections.
async function freePort() {
  for (;;) {
    const port = 12_000 + Math.floor(Math.random() * 20_000);
    const probe = createServer();
    const free = await new Promise((resolve) => {
      probe.once('error', () => resolve(false)).listen(port, '127.0.0.1', () => resolve(true));
    });
    if (!free) continue;
    probe.close();
    await once(probe, 'close');
    return port;
  }
}
