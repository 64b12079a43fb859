import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useSearchState } from '@/hooks/useSearch';
import { objectChanges, withoutLayout } from '@/lib/lineDiff';
import { Checkbox } from '@/ui/Choice';
import { Segmented } from '@/ui/Segmented';
import { DiffView } from './DiffView';

const SIGN = { added: '+', changed: '~', removed: '−' };
const COLOR = { added: 'text-success', changed: 'text-warning', removed: 'text-danger' };

/** What a change did to the schema: the objects in a list, then the lines. The view is in the URL. */
export function SchemaDiff({ before, after }: { before: string; after: string }) {
  const { t } = useTranslation();
  const [search, setSearch] = useSearchState();
  const mode = search.diff === 'split' ? 'split' : 'unified';
  const ignoring = search.ignore === 'layout';
  const [old, now] = useMemo(
    () => (ignoring ? [withoutLayout(before), withoutLayout(after)] : [before, after]),
    [ignoring, before, after],
  );
  const objects = useMemo(() => objectChanges(old, now), [old, now]);
  return (
    <section aria-label={t('diff.title')} className="flex flex-col gap-2">
      <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2">
        <ul aria-label={t('diff.objects')} className="flex flex-wrap gap-x-4 gap-y-1">
          {objects.map((object) => (
            <li key={`${object.type} ${object.name}`} className="flex items-baseline gap-1.5">
              <span aria-hidden="true" className={`font-mono font-semibold ${COLOR[object.kind]}`}>
                {SIGN[object.kind]}
              </span>
              {t(`diff.${object.kind}`, { type: object.type })}{' '}
              <code className="font-mono text-small">{object.name}</code>
            </li>
          ))}
          {objects.length === 0 && <li className="text-muted">{t('diff.noObjects')}</li>}
        </ul>
        <div className="flex flex-wrap items-center gap-3">
          <Checkbox
            label={t('diff.ignoreLayout')}
            checked={ignoring}
            onChange={(event) => setSearch({ ignore: event.target.checked ? 'layout' : undefined })}
          />
          <Segmented
            legend={t('diff.view')}
            value={mode}
            onChange={(diff) => setSearch({ diff: diff === 'split' ? diff : undefined })}
            options={[
              { value: 'unified', label: t('diff.unified') },
              { value: 'split', label: t('diff.split') },
            ]}
          />
        </div>
      </div>
      <DiffView before={old} after={now} mode={mode} />
    </section>
  );
}
