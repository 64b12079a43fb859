import { useTranslation } from 'react-i18next';
import type { ReleaseFile } from '@/api/types';
import { Section } from '@/components/Page';
import { useSearchState } from '@/hooks/useSearch';
import { cn } from '@/lib/cn';
import { VirtualList } from '@/ui/VirtualList';
import { FileContent } from './FileContent';

const ROW = 44;
/** Rows before the list scrolls in itself. */
const MOST_ROWS = 12;

const keyOf = ({ version, path }: ReleaseFile) => `${version} ${path}`;

interface Props {
  files: readonly ReleaseFile[];
  /** What the files are written for, when it is known. */
  engine: string | undefined;
}

/** The files in the order in which they run, and the text of the chosen one. The choice is in the URL. */
export function ReleaseFiles({ files, engine }: Props) {
  const { t } = useTranslation();
  const [search, setSearch] = useSearchState();
  const at = Math.max(
    0,
    files.findIndex((file) => keyOf(file) === search.file),
  );
  const file = files[at];
  if (!file) return null;
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] items-start gap-4 lg:grid-cols-[20rem_minmax(0,1fr)]">
      <Section title={t('release.filesCount', { count: files.length })}>
        <div
          className="max-h-58 overflow-hidden rounded-card border border-line bg-raised lg:max-h-none"
          style={{ height: Math.min(files.length, MOST_ROWS) * ROW + 2 }}
        >
          <VirtualList
            label={t('release.files')}
            items={files}
            rowHeight={ROW}
            keyOf={keyOf}
            selected={at}
            className="h-full overflow-y-auto"
          >
            {(item) => (
              <button
                type="button"
                aria-current={item === file ? 'true' : undefined}
                onClick={() => setSearch({ file: keyOf(item) })}
                className={cn(
                  'block h-full w-full border-b border-line px-3 text-left hover:bg-hover focus-visible:-outline-offset-2',
                  item === file && 'bg-hover',
                )}
              >
                <span className="flex items-baseline gap-2">
                  <span className="font-medium tabular-nums">{item.version}</span>
                  <span className="min-w-0 flex-1 truncate">{item.description?.replaceAll('_', ' ')}</span>
                  {item.hint && item.hint !== 'HINT_UNSPECIFIED' && (
                    <span className="shrink-0 rounded-button border border-line px-1 text-caption text-muted">
                      {t(`release.hint.${item.hint}`)}
                    </span>
                  )}
                </span>
                <span className="block truncate font-mono text-caption text-muted" title={item.path}>
                  {item.path}
                </span>
              </button>
            )}
          </VirtualList>
        </div>
      </Section>
      <FileContent
        key={keyOf(file)}
        sheet={file.sheet ?? ''}
        sha256={file.sheetSha256}
        path={file.path}
        version={file.version}
        engine={engine}
      />
    </div>
  );
}
