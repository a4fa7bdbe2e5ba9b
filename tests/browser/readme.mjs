// What the README tells people to put into their pages.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { sourceDir } from './service.mjs';

const section = (await readFile(join(sourceDir, 'README.md'), 'utf8')).match(/^## Count visits\n(.*?)^## /ms)[1];

// The first block of that language in "Count visits".
function snippet(language) {
  const block = section.match(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\``, 'ms'));
  if (!block) throw new Error(`the README has no ${language} snippet to count visits with`);
  return block[1];
}

const withService = (text, service) => text.replaceAll('https://count.example.org', service);

// The image, as a site generator writes it into the page that has this address.
export function imageFor(page, service) {
  return withService(snippet('html'), service)
    .replaceAll('https%3A%2F%2Fwww.example.org%2Fpage', encodeURIComponent(page));
}

// The script, the same for every page.
export const scriptFor = (service) => withService(snippet('js'), service);
