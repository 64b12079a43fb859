/**
 * Fails the build when the console grows over its size budget (gzip -9): JavaScript of the first route
 * 250 kB (goal 200), one lazy chunk 180 kB, all CSS of the first route 20 kB.
 */
import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';

const DIST = new URL('../dist/', import.meta.url);
const KB = 1024;
const LIMIT = { initial: 250 * KB, goal: 200 * KB, lazy: 180 * KB, css: 20 * KB };

const manifest = JSON.parse(readFileSync(new URL('.vite/manifest.json', DIST), 'utf8'));
const size = (file) => gzipSync(readFileSync(new URL(file, DIST)), { level: 9 }).length;
const kb = (bytes) => `${(bytes / KB).toFixed(1)} kB`;

/** The entry with everything it imports eagerly. */
function closure(keys, seen = new Set()) {
  for (const key of keys) {
    if (seen.has(key)) continue;
    seen.add(key);
    closure(manifest[key].imports ?? [], seen);
  }
  return seen;
}

const entry = Object.keys(manifest).find((key) => manifest[key].isEntry);
// The first page a person sees waits for the shell, the home page and the English words as well.
const first = closure([
  entry,
  ...Object.keys(manifest).filter((key) => /locales\/en\.json$|HomePage\.tsx$|AppLayout\.tsx$/.test(key)),
]);
const js = [...first].map((key) => manifest[key].file).filter((file) => file.endsWith('.js'));
const css = new Set([...first].flatMap((key) => manifest[key].css ?? []));
const initial = js.reduce((sum, file) => sum + size(file), 0);
const styles = [...css].reduce((sum, file) => sum + size(file), 0);

const failures = [];
if (initial > LIMIT.initial) failures.push(`first route: ${kb(initial)} > ${kb(LIMIT.initial)}`);
if (styles > LIMIT.css) failures.push(`CSS: ${kb(styles)} > ${kb(LIMIT.css)}`);
let largest = ['none', 0];
for (const [key, chunk] of Object.entries(manifest)) {
  if (first.has(key) || !chunk.file.endsWith('.js')) continue;
  const bytes = size(chunk.file);
  if (bytes > largest[1]) largest = [chunk.file, bytes];
  if (bytes > LIMIT.lazy) failures.push(`${chunk.file}: ${kb(bytes)} > ${kb(LIMIT.lazy)}`);
}
process.stdout.write(
  `budget (gzip): first route ${kb(initial)} of ${kb(LIMIT.initial)} (goal ${kb(LIMIT.goal)}), ` +
    `CSS ${kb(styles)} of ${kb(LIMIT.css)}, largest lazy chunk ${largest[0]} ${kb(largest[1])} of ${kb(LIMIT.lazy)}\n`,
);
if (failures.length > 0) {
  process.stderr.write(`over budget:\n  ${failures.join('\n  ')}\n`);
  process.exit(1);
}
