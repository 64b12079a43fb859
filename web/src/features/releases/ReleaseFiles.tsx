import { useQuery } from '@tanstack/react-query';
import { Download } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { ApiError } from '@/api/error';
import { readSheet } from '@/api/sheets';
import type { ReleaseFile } from '@/api/types';
import { Loaded } from '@/components/Loaded';
import { Section } from '@/components/Page';
import { useSearchState } from '@/hooks/useSearch';
import { cn } from '@/lib/cn';
import { saveText } from '@/lib/download';
import { formatBytes } from '@/lib/format';
import { Button } from '@/ui/Button';
import { CopyBlock } from '@/ui/CopyBlock';
import { Notice } from '@/ui/States';
import { VirtualList } from '@/ui/VirtualList';

const ROW = 44;
/** Rows before the list scrolls in itself. */
const MOST_ROWS = 12;

const keyOf = ({ version, path }: ReleaseFile) => `${version} ${path}`;

/** The files in the order in which they run, and the text of the chosen one. The choice is in the URL. */
export function ReleaseFiles({ files }: { files: readonly ReleaseFile[] }) {
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
                <span className="block truncate font-medium tabular-nums">{item.version}</span>
                <span className="block truncate font-mono text-caption text-muted">{item.path}</span>
              </button>
            )}
          </VirtualList>
        </div>
      </Section>
      <Content key={keyOf(file)} file={file} />
    </div>
  );
}

function Content({ file }: { file: ReleaseFile }) {
  const { t } = useTranslation();
  const sheet = file.sheet ?? '';
  const query = useQuery<Awaited<ReturnType<typeof readSheet>>, ApiError>({
    queryKey: ['sheet', sheet],
    queryFn: () => readSheet(sheet),
    // What a digest names never changes.
    staleTime: Number.POSITIVE_INFINITY,
  });
  const name = file.path?.split('/').at(-1) || `${file.version}.sql`;
  return (
    <Section
      title={t('release.content')}
      actions={
        query.data && (
          <Button size="sm" onClick={() => saveText(name, query.data.text)}>
            <Download aria-hidden="true" />
            {t('action.download')}
          </Button>
        )
      }
    >
      <p className="truncate font-mono text-caption text-muted" title={file.sheetSha256}>
        {t('release.digest', { digest: file.sheetSha256?.slice(0, 16) })}
      </p>
      <Loaded query={query} doing={t('release.content')} skeletonRows={8}>
        {({ text, bytes, complete }) => (
          <>
            {!complete && <Notice>{t('release.cut', { size: formatBytes(bytes) })}</Notice>}
            <CopyBlock text={text} label={file.path || name} />
          </>
        )}
      </Loaded>
    </Section>
  );
}
