import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ApiError } from '@/api/error';
import { isResourceId, slugOf } from '@/lib/names';
import { TextField } from '@/ui/Field';
import { IdField } from './IdField';

/** What a new program is called. The id follows the name until somebody writes another one. */
export function useNewProgram() {
  const [title, setTitle] = useState('');
  const [ownId, setOwnId] = useState<string | null>(null);
  const [tried, setTried] = useState(false);
  const id = ownId ?? slugOf(title);
  return {
    title: title.trim(),
    id,
    tried,
    isGood: title.trim() !== '' && isResourceId(id),
    try: () => setTried(true),
    fields: { written: title, setTitle, id, setOwnId, tried },
  };
}

interface Props {
  parent: string;
  domain: string;
  program: ReturnType<typeof useNewProgram>['fields'];
  /** The call that makes it. */
  create: { error: ApiError | null; reset: () => void };
}

export const isTaken = (error: ApiError | null): boolean => error?.reason === 'RESOURCE_EXISTS';

export function NewProgramFields({ parent, domain, program, create }: Props) {
  const { t } = useTranslation();
  const { written, setTitle, id, setOwnId, tried } = program;
  return (
    <>
      <TextField
        label={t('serviceAccount.name')}
        autoFocus
        value={written}
        onChange={(event) => setTitle(event.target.value)}
        error={tried && !written.trim() ? t('serviceAccount.nameNeeded') : undefined}
      />
      <IdField
        parent={parent}
        domain={domain}
        value={id}
        onChange={(value) => {
          setOwnId(value);
          create.reset();
        }}
        tried={tried}
        error={isTaken(create.error) ? t('serviceAccount.idTaken') : undefined}
      />
    </>
  );
}
