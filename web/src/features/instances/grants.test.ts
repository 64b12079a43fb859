import { expect, it } from 'vitest';
import { grantsFor } from './grants';

it('writes the SQL for the typed user, whatever its name holds', () => {
  expect(grantsFor('POSTGRES', 'o"x', 'admin')).toContain('CREATE ROLE "o""x" LOGIN');
  expect(grantsFor('MYSQL', "o'x", 'admin')).toContain("XA_RECOVER_ADMIN ON *.* TO 'o''x'@'%'");
  expect(grantsFor('MARIADB', ' ', 'readOnly')).toContain("TO 'basalt'@'%'");
  expect(grantsFor('POSTGRES', 'r', 'readOnly')).not.toContain('CREATE ON DATABASE');
  expect(grantsFor('SQLITE', 'r', 'admin')).toBeUndefined();
});
