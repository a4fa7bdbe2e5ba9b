// The classifier on the agents that the lists' makers collected: every machine of crawler-user-agents is a bot but for
// the false alarms, no browser of user-agents is. isbot's opinion of the same agents is printed beside: its own fixtures
// are not in its package.
import assert from 'node:assert';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { isbot } from 'isbot';

const lists = join(process.env.BUILD_DIR, 'worker/attributes/lists/npm/node_modules');
const json = (...path) => JSON.parse(readFileSync(join(...path), 'utf8'));

const crawlers = json(lists, 'crawler-user-agents/crawler-user-agents.json');
const machines = [...new Set(crawlers.flatMap(({ instances }) => instances))];
const people = [...new Set(json('node_modules/user-agents/dist/user-agents.json').map(({ userAgent }) => userAgent))];

function classify(agents) {
  const program = join(process.env.BUILD_DIR, 'tests/agents/classify_agents');
  const lines = execFileSync(program, { input: agents.map((agent) => `${agent}\n`).join(''), encoding: 'utf8' });
  return lines.split('\n').slice(0, -1).map((line, i) => {
    const [browser, system, device, botReason] = line.split('\t');
    return { agent: agents[i], browser, system, device, botReason };
  });
}

function compare(name, traits) {
  const ours = traits.filter(({ botReason }) => botReason).length;
  const theirs = traits.filter(({ agent }) => isbot(agent)).length;
  console.log(`${name}: ${traits.length}, bots ${ours}, by isbot ${theirs}`);
  for (const { agent, botReason } of traits) {
    if (Boolean(botReason) === isbot(agent)) continue;
    console.log(`  isbot takes for a ${botReason ? 'person' : 'bot'}: ${agent}`);
  }
}

test('every machine of crawler-user-agents is a bot but for the false alarms', () => {
  const traits = classify(machines);
  compare('machines', traits);
  const missed = traits.filter(({ botReason }) => !botReason).map(({ agent }) => agent);
  const falseAlarm = /MetaIAB Facebook|AP3A\.240617\.008| Code\/1\.| Trae\/| Fluid\//;
  assert.deepStrictEqual(missed.filter((agent) => !falseAlarm.test(agent)), []);
  assert.strictEqual(missed.length, 5);
});

test('no browser of user-agents is a bot, and each has a name and a device', () => {
  const traits = classify(people);
  compare('people', traits);
  assert.deepStrictEqual(traits.filter(({ botReason }) => botReason), []);
  assert.deepStrictEqual(traits.filter(({ browser, system, device }) => !browser || !system || device === 'unknown'), []);
});
