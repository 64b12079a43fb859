import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type ApiError, isApiError } from '@/api/error';
import { EDIT_MAX_BYTES, headOf, SHEET_MAX_BYTES, uploadSheet } from '@/api/sheets';
import { formatBytes } from '@/lib/format';
import type { Change } from './changes';

export interface Upload {
  name: string;
  sent: number;
  total: number;
}

/** Takes a file into a change: a small one as text to edit, a large one streamed to the server with its progress. */
export function useUpload(project: string, patch: (next: Partial<Change>) => void) {
  const { t } = useTranslation();
  const [upload, setUpload] = useState<Upload>();
  /** A sentence, or what the server said. */
  const [problem, setProblem] = useState<string | ApiError>();
  const stopping = useRef<AbortController>(null);
  const latest = useRef(patch);
  latest.current = patch;

  const readText = async (file: File) => {
    try {
      const statement = new TextDecoder('utf-8', { fatal: true }).decode(await file.arrayBuffer());
      latest.current({ statement, file: undefined });
    } catch {
      setProblem(t('plan.notText', { name: file.name }));
    }
  };
  const stream = async (file: File) => {
    const stop = new AbortController();
    stopping.current = stop;
    setUpload({ name: file.name, sent: 0, total: file.size });
    try {
      const sheet = await uploadSheet(project, file, {
        signal: stop.signal,
        onProgress: (sent) => setUpload({ name: file.name, sent, total: file.size }),
      });
      const statement = await headOf(file);
      latest.current({ statement, file: { sheet, bytes: file.size, name: file.name } });
    } catch (failure) {
      if (isApiError(failure)) setProblem(failure);
      else if (!stop.signal.aborted) setProblem(t('plan.unreadable', { name: file.name }));
    } finally {
      setUpload(undefined);
    }
  };
  return {
    upload,
    problem,
    take: async (file: File) => {
      setProblem(undefined);
      if (file.size > SHEET_MAX_BYTES) {
        setProblem(
          t('plan.tooLarge', {
            name: file.name,
            size: formatBytes(file.size),
            limit: formatBytes(SHEET_MAX_BYTES),
          }),
        );
      } else if (file.size > EDIT_MAX_BYTES) await stream(file);
      else await readText(file);
    },
    cancel: () => stopping.current?.abort(),
  };
}
