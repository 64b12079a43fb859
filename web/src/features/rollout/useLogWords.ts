import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { LogWords } from './logLines';

export function useLogWords(): LogWords {
  const { t } = useTranslation();
  return useMemo(
    () => ({
      schemaDump: t('log.entry.schemaDump'),
      databaseSync: t('log.entry.databaseSync'),
      begin: t('log.entry.begin'),
      commit: t('log.entry.commit'),
      rollback: t('log.entry.rollback'),
      backup: t('log.entry.backup'),
      running: t('log.entry.running'),
      statement: (index, count) => t('log.entry.statement', { index, count }),
      rows: (rows) => (rows === '1' ? t('log.entry.row') : t('log.entry.rows', { rows })),
      at: (line, column) => t('log.entry.at', { line, column }),
      retry: (count, max) => t('log.entry.retry', { number: count, max }),
      other: (type) => type.toLowerCase().replaceAll('_', ' '),
    }),
    [t],
  );
}
