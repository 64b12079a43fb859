/** The parts of the formatter that are used: a chunk of its own, without the dialects of engines that we do not have. */
export {
  formatDialect,
  mariadb,
  mysql,
  plsql,
  postgresql,
  sql,
  sqlite,
  transactsql,
} from 'sql-formatter';
