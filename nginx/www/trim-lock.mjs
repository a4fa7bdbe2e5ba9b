// Takes redoc's dependencies out of package-lock.json: its standalone bundle, all that is served of it, holds them
// already. npm ci then fetches three packages instead of a hundred. Run by `npm run lock`.
import { readFileSync, writeFileSync } from 'node:fs';

const lock = JSON.parse(readFileSync('package-lock.json', 'utf8'));
const redoc = lock.packages['node_modules/redoc'];
delete redoc.dependencies;
delete redoc.peerDependencies;

const kept = new Set(['', 'node_modules/redoc', 'node_modules/swagger-ui-dist', 'node_modules/@scarf/scarf']);
for (const path of Object.keys(lock.packages)) {
  if (!kept.has(path)) delete lock.packages[path];
}
writeFileSync('package-lock.json', `${JSON.stringify(lock, null, 2)}\n`);
