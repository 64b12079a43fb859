import { useTranslation } from 'react-i18next';
import type { IgnoredFile } from '@/api/types';
import { sentence } from '@/lib/text';

/** More files than these are counted. */
const SHOWN = 100;

/** Files that are in no release, each with its reason. */
export function IgnoredFiles({ files }: { files: readonly IgnoredFile[] }) {
  const { t } = useTranslation();
  if (files.length === 0) return null;
  return (
    <details className="text-small">
      <summary className="w-fit cursor-pointer text-muted">
        {t('repository.ignored', { count: files.length })}
      </summary>
      <dl className="mt-1.5 grid gap-x-4 gap-y-1 sm:grid-cols-[minmax(0,1fr)_minmax(0,2fr)]">
        {files.slice(0, SHOWN).map(({ path = '', reason = '' }) => (
          <div key={path} className="contents">
            <dt className="font-mono text-caption [overflow-wrap:anywhere]">{path}</dt>
            <dd className="text-muted [overflow-wrap:anywhere]">{sentence(reason)}</dd>
          </div>
        ))}
      </dl>
      {files.length > SHOWN && (
        <p className="mt-1 text-muted">{t('repository.moreFiles', { count: files.length - SHOWN })}</p>
      )}
    </details>
  );
}
