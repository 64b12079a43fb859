/** `basalt review --format sarif` by the schema of SARIF 2.1.0: code scanners refuse a file that does not fit. No browser. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import Ajv from 'ajv';
import { binary } from '../support/basalt.ts';

const require = createRequire(import.meta.url);
const read = (name: string) => JSON.parse(readFileSync(require.resolve(name), 'utf8'));

/** A finding of each kind: with a fix, suppressed, about the script as a whole, a syntax error, names that a URI escapes. */
const FILES = {
  'fix.sql':
    'CREATE INDEX book_name ON book (name);\nALTER TABLE book ADD CHECK (id > 0);\nDROP TABLE book CASCADE;\n',
  'suppressed.sql': '-- basalt:ignore STATEMENT_DISALLOW_TRUNCATE rebuilt every night\nTRUNCATE queue;\n',
  'syntax, 50% ä.sql': 'SELECT 1;\nSELCT 2;\n',
  'clean.sql': 'SELECT 1;\n',
};

test('the SARIF of a review fits its schema', () => {
  const folder = mkdtempSync(join(tmpdir(), 'basalt-sarif-'));
  try {
    for (const [name, text] of Object.entries(FILES)) writeFileSync(join(folder, name), text);
    const log = JSON.parse(review(folder));
    const ajv = new Ajv({ schemaId: 'auto', meta: false, unknownFormats: 'ignore' });
    ajv.addMetaSchema(read('ajv/lib/refs/json-schema-draft-04.json'));
    const fits = ajv.compile(read('@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json'));
    // The file says where its schema is, which is another address of the same.
    expect(fits(log), JSON.stringify(fits.errors, null, 1)).toBe(true);
    const results = log.runs[0].results as { fixes?: object[]; suppressions?: object[] }[];
    expect(results.some((r) => r.fixes)).toBe(true);
    expect(results.some((r) => r.suppressions)).toBe(true);
    // The schema would tell.
    expect(fits({ ...log, version: '2' })).toBe(false);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

/** What a review with findings writes: its status is 1. */
function review(folder: string): string {
  try {
    execFileSync(binary(), ['review', folder, '--dialect', 'postgres', '--format', 'sarif'], {
      encoding: 'utf8',
    });
  } catch (error) {
    const { status, stdout } = error as { status: number; stdout: string };
    expect(status).toBe(1);
    return stdout;
  }
  throw new Error('there are findings, and the status says that there are none');
}
