// Usage: node generate.mjs NODE_MODULES OUTPUT RULES... Writes agent_lists.cc from bots.yaml, browsers.yaml and the
// packages in the folder NODE_MODULES. The version counts in the files RULES too: what they say, the lists do not.
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

const [modules, output, ...rules] = process.argv.slice(2);
const yaml = createRequire(join(modules, 'js-yaml', 'package.json'))('js-yaml');

const packaged = (...path) => readFileSync(join(modules, ...path), 'utf8');
const own = (name) => readFileSync(new URL(name, import.meta.url), 'utf8');
const version = (name) => `${name} ${JSON.parse(packaged(name, 'package.json')).version}`;

const crawlers = JSON.parse(packaged('crawler-user-agents', 'crawler-user-agents.json')).map(({ pattern }) => pattern);
const uapCore = yaml.load(packaged('uap-core', 'regexes.yaml'));
const bots = yaml.load(own('bots.yaml'));
const browsers = yaml.load(own('browsers.yaml'));

for (const pattern of bots.false_alarms) {
  if (!crawlers.includes(pattern)) throw new Error(`bots.yaml: no pattern of crawler-user-agents is ${pattern}`);
}

// A pattern as people would write the name that it matches.
const named = (pattern) => pattern.replace(/\[(\w)\w\]|\\(.)/g, '$1$2').replace(/^\^|[/ $]+$/g, '');
const quoted = (word) => word.replace(/\W/g, '\\$&');
const wordPatterns = bots.words.map((word) => (typeof word === 'string' ? [word, quoted(word)] : Object.entries(word)[0]));

const botPatterns = [
  ...crawlers.filter((pattern) => !bots.false_alarms.includes(pattern))
    .map((pattern) => [`crawler-user-agents: ${named(pattern)}`, pattern]),
  ...wordPatterns.map(([name, pattern]) => [`words: ${named(name)}`, `(?i:${pattern})`]),
];

// $1 is \1 in RE2's rewrites.
const rewrite = (replacement = '$1') => replacement.replaceAll('\\', '\\\\').replace(/\$(\d)/g, '\\$1');
const familyPatterns = (list, replacement) =>
  [...browsers[list], ...uapCore[list]].map((parser) => [parser.regex, rewrite(parser[replacement])]);

const literal = (text) => `R"~(${text})~"`;
const table = (type, name, rows) => `constexpr std::array<${type}, ${rows.length}> ${name} = {{
${rows.map((row) => `    {${row.map(literal).join(', ')}},`).join('\n')}
}};
`;
const tables = [
  table('BotPattern', 'kBotPatterns', botPatterns),
  table('FamilyPattern', 'kBrowserPatterns', familyPatterns('user_agent_parsers', 'family_replacement')),
  table('FamilyPattern', 'kSystemPatterns', familyPatterns('os_parsers', 'os_replacement')),
  table('FamilyAlias', 'kBrowserAliases', Object.entries(browsers.browser_names)),
  table('FamilyAlias', 'kSystemAliases', Object.entries(browsers.system_names)),
].join('\n');

const digest = createHash('sha256').update(tables);
for (const file of rules) digest.update(readFileSync(file));
const versions = `${version('crawler-user-agents')}, ${version('uap-core')}, ${digest.digest('hex').slice(0, 16)}`;

writeFileSync(output, `// Made by generate.mjs.
#include "worker/attributes/agent_lists.h"

#include <array>

namespace page_count {
namespace {

${tables}
}  // namespace

std::span<const BotPattern> BotPatterns() { return kBotPatterns; }
std::span<const FamilyPattern> BrowserPatterns() { return kBrowserPatterns; }
std::span<const FamilyPattern> SystemPatterns() { return kSystemPatterns; }
std::span<const FamilyAlias> BrowserAliases() { return kBrowserAliases; }
std::span<const FamilyAlias> SystemAliases() { return kSystemAliases; }
std::string_view AgentListsVersion() { return ${literal(versions)}; }

}  // namespace page_count
`);
