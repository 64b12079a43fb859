import { useQuery } from '@tanstack/react-query';
import { Copy, Download } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { ApiError } from '@/api/error';
import { readSheet } from '@/api/sheets';
import { Loaded } from '@/components/Loaded';
import { Section } from '@/components/Page';
import { SqlEditor } from '@/features/editor/SqlEditor';
import { saveText } from '@/lib/download';
import { formatBytes } from '@/lib/format';
import { Button } from '@/ui/Button';
import { Notice } from '@/ui/States';
import { toast } from '@/ui/toast';

interface Props {
  /** The sheet with its text. */
  sheet: string;
  sha256: string | undefined;
  /** As the repository has it. */
  path: string | undefined;
  version: string | undefined;
  /** What it is written for, when it is known. */
  engine: string | undefined;
}

/** The text of a versioned file, to read and to take away. */
export function FileContent({ sheet, sha256, path, version, engine }: Props) {
  const { t } = useTranslation();
  const query = useQuery<Awaited<ReturnType<typeof readSheet>>, ApiError>({
    queryKey: ['sheet', sheet],
    queryFn: () => readSheet(sheet),
    // What a digest names never changes.
    staleTime: Number.POSITIVE_INFINITY,
  });
  const name = path?.split('/').at(-1) || `${version}.sql`;
  const copy = (text: string) =>
    navigator.clipboard.writeText(text).then(() => toast({ text: t('state.copied') }));
  return (
    <Section
      title={t('release.content')}
      actions={
        query.data && (
          <>
            <Button size="sm" onClick={() => copy(query.data.text)}>
              <Copy aria-hidden="true" />
              {t('action.copy')}
            </Button>
            <Button size="sm" onClick={() => saveText(name, query.data.text)}>
              <Download aria-hidden="true" />
              {t('action.download')}
            </Button>
          </>
        )
      }
    >
      <p className="truncate font-mono text-caption text-muted" title={sha256}>
        {t('release.digest', { digest: sha256?.slice(0, 16) })}
      </p>
      <Loaded query={query} doing={t('release.content')} skeletonRows={8}>
        {({ text, bytes, complete }) => (
          <>
            {!complete && <Notice>{t('release.cut', { size: formatBytes(bytes) })}</Notice>}
            <SqlEditor readOnly minHeight="0" value={text} engine={engine} label={path || name} />
          </>
        )}
      </Loaded>
    </Section>
  );
}
