// What strangers' testers find: schemathesis reads /openapi.json, makes requests that are of it and requests that break
// it, and holds the service's answers against it. All its checks, the same requests at each run; openapi_hooks.py says
// what is not sent and why.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { dirname, join } from 'node:path';
import { after, before, it } from 'node:test';
import { fileURLToPath } from 'node:url';

import { Service } from './service.mjs';

const folder = dirname(fileURLToPath(import.meta.url));
// High, so that what is sent again and again is answered for what it is, and not with 429; for few keys, as the table
// would have 260 MB otherwise.
const limits = { PAGE_COUNT_VISIT_LIMIT: '1000', PAGE_COUNT_BULK_LIMIT: '1000', PAGE_COUNT_RATE_KEYS: '1024' };

let service;
before(async () => { service = await Service.start(limits); }, { timeout: 120_000 });
after(() => service?.stop());

it('schemathesis finds no fault', { timeout: 280_000 }, async () => {
  const options = [
    '--checks', 'all', '--phases', 'examples,coverage,fuzzing', '--max-examples', '30',
    '--generation-deterministic', '--continue-on-failure', '--no-color',
    // A stranger with the password, so that the guard is tested too.
    '--header', 'Host: count.example.org', '--auth', `admin:${await service.password()}`,
  ];
  const { status, output } = await new Promise((resolve) => {
    execFile(
      join(folder, 'python/bin/schemathesis'), ['run', `${service.http}/openapi.json`, ...options],
      { cwd: folder, env: { ...process.env, SCHEMATHESIS_HOOKS: 'openapi_hooks' }, maxBuffer: 1 << 28 },
      (error, stdout, stderr) => resolve({ status: error?.code ?? 0, output: stdout + stderr }),
    );
  });
  assert.equal(status, 0, output);
  const [, selected, tested] = /Selected: (\d+)\/\1\s+Tested: (\d+)/.exec(output) ?? [];
  assert.ok(selected > 0 && selected === tested, output);
});
