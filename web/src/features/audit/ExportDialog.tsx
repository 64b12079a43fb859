import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { call } from '@/api/client';
import { type ApiError, isApiError } from '@/api/error';
import { saveText } from '@/lib/download';
import { Button } from '@/ui/Button';
import { RadioCards } from '@/ui/Choice';
import { Dialog } from '@/ui/Dialog';
import { ErrorPanel } from '@/ui/States';

/** Entries in one call, and most in one file: more is for `basalt` on the server, or for a range. */
const PAGE = 1_000;
const MOST = 100_000;

interface Props {
  asked: { parent: string; filter: string | undefined; orderBy: string | undefined };
  onClose: () => void;
}

/** What the list is narrowed to, as one file, page by page. */
export function ExportDialog({ asked, onClose }: Props) {
  const { t } = useTranslation();
  const [format, setFormat] = useState<'CSV' | 'JSON'>('CSV');
  const [got, setGot] = useState<number | null>(null);
  const [error, setError] = useState<ApiError | null>(null);
  const stop = useRef(new AbortController());
  useEffect(() => () => stop.current.abort(), []);

  const run = async () => {
    setError(null);
    const parts: string[] = [];
    let pageToken = '';
    try {
      for (let page = 0; page === 0 || (pageToken && page < MOST / PAGE); page++) {
        setGot(page * PAGE);
        const answer = await call(
          'AuditLogService/ExportAuditLogs',
          { ...asked, format, pageSize: PAGE, pageToken },
          { signal: stop.current.signal },
        );
        parts.push(decoded(answer.content));
        pageToken = answer.nextPageToken ?? '';
      }
      saveText(`audit-log.${format.toLowerCase()}`, joined(parts, format));
      onClose();
    } catch (caught) {
      if (!isApiError(caught)) throw caught;
      setError(caught);
    } finally {
      setGot(null);
    }
  };
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title={t('audit.exportTitle')}
      description={asked.filter ? t('audit.exportNarrowed') : t('audit.exportAll')}
      width="sm"
      footer={
        <>
          <Button onClick={onClose}>{t('action.cancel')}</Button>
          <Button tone="primary" busy={got !== null} onClick={run}>
            {t('audit.export')}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-3">
        <RadioCards
          legend={t('audit.format')}
          value={format}
          onChange={setFormat}
          options={[
            { value: 'CSV', label: t('audit.csv'), description: t('audit.csvText') },
            { value: 'JSON', label: t('audit.json'), description: t('audit.jsonText') },
          ]}
        />
        <p className="text-caption text-muted">{t('audit.exportRecorded', { count: MOST })}</p>
        <p role="status" className="text-small text-muted">
          {got ? t('audit.exported', { count: got }) : ''}
        </p>
        {error && <ErrorPanel error={error} doing={t('audit.export')} />}
      </div>
    </Dialog>
  );
}

/** Each page is a file of its own: of CSV the heading stays once, arrays of JSON become one. */
export function joined(parts: readonly string[], format: 'CSV' | 'JSON'): string {
  if (format === 'JSON') {
    return JSON.stringify(
      parts.flatMap((part) => JSON.parse(part) as unknown[]),
      null,
      2,
    );
  }
  return parts.map((part, i) => (i === 0 ? part : part.slice(part.indexOf('\r\n') + 2))).join('');
}

/** Bytes are base64 in JSON; these are text. */
const decoded = (content = '') =>
  new TextDecoder().decode(Uint8Array.from(atob(content), (c) => c.charCodeAt(0)));
