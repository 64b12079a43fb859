/** Writes a brotli twin (.br) beside every text file of dist, so that the server never compresses at run time. */
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { brotliCompressSync, constants } from 'node:zlib';

const DIST = new URL('../dist/', import.meta.url).pathname;
const TEXT = new Set(['.js', '.css', '.html', '.svg', '.json', '.txt', '.webmanifest']);
/** Below this the header of a compressed answer costs more than it saves. */
const MIN_BYTES = 256;

const files = readdirSync(DIST, { recursive: true }).map((name) => join(DIST, String(name)));
let before = 0;
let after = 0;
for (const file of files) {
  if (!statSync(file).isFile() || !TEXT.has(extname(file)) || file.includes('/.vite/')) continue;
  const raw = readFileSync(file);
  if (raw.length < MIN_BYTES || file.endsWith('index.html')) continue; // index.html gets a nonce per answer
  const small = brotliCompressSync(raw, {
    params: {
      [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
      [constants.BROTLI_PARAM_SIZE_HINT]: raw.length,
    },
  });
  writeFileSync(`${file}.br`, small);
  before += raw.length;
  after += small.length;
}
process.stdout.write(`brotli: ${(before / 1024).toFixed(0)} kB -> ${(after / 1024).toFixed(0)} kB\n`);
