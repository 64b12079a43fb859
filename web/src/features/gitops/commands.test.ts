import { expect, it } from 'vitest';
import { adoptCommand, folderOf, moveCommand, quoted } from './commands';

const known = {
  url: 'https://basalt.example.com',
  project: 'projects/shop',
  targets: ['instances/pg/databases/shop', 'instances/pg/databases/shop_eu'],
  files: 'migrations/**/*.sql',
};

it('quotes what a shell would read otherwise', () => {
  expect(quoted('instances/pg/databases/shop,b')).toBe('instances/pg/databases/shop,b');
  expect(quoted('migrations/*.sql')).toBe("'migrations/*.sql'");
  expect(quoted("it's $(id)")).toBe("'it'\\''s $(id)'");
});

it('writes the command with what is known', () => {
  expect(adoptCommand(known)).toBe(
    [
      'basalt adopt',
      '--url https://basalt.example.com',
      '--project projects/shop',
      '--targets instances/pg/databases/shop,instances/pg/databases/shop_eu',
      "--file-pattern 'migrations/**/*.sql'",
      '--dry-run',
    ].join(' \\\n  '),
  );
  expect(adoptCommand({ ...known, targets: [] })).toContain(
    '--targets instances/INSTANCE/databases/DATABASE',
  );
});

it('moves into the folder that the pattern looks through', () => {
  expect(['migrations/**/*.sql', 'db/*/x.sql', '*.sql', 'a/b/1.sql'].map(folderOf)).toEqual([
    'migrations',
    'db',
    '.',
    'a/b',
  ]);
  expect(moveCommand({ ...known, targets: [] })).toBe(
    [
      'basalt move-to-git',
      '--url https://basalt.example.com',
      '--project projects/shop',
      '--folder migrations',
      '--dry-run',
    ].join(' \\\n  '),
  );
  expect(moveCommand(known)).toContain(
    '--targets instances/pg/databases/shop,instances/pg/databases/shop_eu',
  );
});
