/**
 * SQL that prepares the user we connect with, to copy. What each kind of server wants is data here, like the letters of
 * its icon; a server without an entry shows none.
 */
type Use = 'admin' | 'readOnly';

const PASSWORD = 'choose a password';
const identifier = (name: string) => `"${name.replace(/"/g, '""')}"`;
const text = (value: string) => `'${value.replace(/'/g, "''")}'`;

const MYSQL_ADMIN =
  'ALTER, ALTER ROUTINE, CREATE, CREATE ROUTINE, CREATE TEMPORARY TABLES, CREATE VIEW, DELETE, DROP, EVENT, EXECUTE, INDEX, INSERT, LOCK TABLES, PROCESS, REFERENCES, SELECT, SHOW DATABASES, SHOW VIEW, TRIGGER, UPDATE';

function postgres(user: string, use: Use): string {
  const role = identifier(user);
  const create = `CREATE ROLE ${role} LOGIN PASSWORD ${text(PASSWORD)};`;
  if (use === 'readOnly') {
    return `${create}\n-- PostgreSQL 14 and later: everything may be read, nothing written.\nGRANT pg_read_all_data TO ${role};\nALTER ROLE ${role} SET default_transaction_read_only = on;\n`;
  }
  return `${create}\n-- Who changes a table must own it: make it a member of the owner.\nGRANT app_owner TO ${role};\n-- To show what blocks a change, and to stop a change that was cancelled.\nGRANT pg_monitor, pg_signal_backend TO ${role};\n-- For each database.\nGRANT CONNECT, CREATE ON DATABASE app TO ${role};\n`;
}

function mysql(user: string, use: Use, more: string): string {
  const account = `${text(user)}@'%'`;
  const create = `CREATE USER ${account} IDENTIFIED BY ${text(PASSWORD)};`;
  const rights = use === 'admin' ? MYSQL_ADMIN : 'SELECT, SHOW DATABASES, SHOW VIEW, PROCESS';
  return `${create}\nGRANT ${rights} ON *.* TO ${account};\n${use === 'admin' ? more.replace('{}', account) : ''}`;
}

const GRANTS: Record<string, (user: string, use: Use) => string> = {
  POSTGRES: postgres,
  MYSQL: (user, use) => mysql(user, use, 'GRANT XA_RECOVER_ADMIN ON *.* TO {};\n'),
  MARIADB: (user, use) => mysql(user, use, ''),
};

export const grantsFor = (engine: string, user: string, use: Use): string | undefined =>
  GRANTS[engine]?.(user.trim() || 'basalt', use);
