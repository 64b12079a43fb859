import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCall } from '@/api/query';
import type { ServiceAccount } from '@/api/types';
import { IdField } from '@/features/programs/IdField';
import { isResourceId, slugOf } from '@/lib/names';
import { TextField } from '@/ui/Field';
import { FormDialog } from '@/ui/FormDialog';
import { ErrorPanel } from '@/ui/States';

interface Props {
  parent: string;
  onClose: () => void;
  /** With the key, which no other answer has. */
  onMade: (account: ServiceAccount) => void;
}

const DOMAIN = 'service.bytebase.com';

export function NewAccountDialog({ parent, onClose, onMade }: Props) {
  const { t } = useTranslation();
  const [title, setTitle] = useState('');
  const [ownId, setOwnId] = useState<string | null>(null);
  const [tried, setTried] = useState(false);
  const id = ownId ?? slugOf(title);
  const create = useCall('ServiceAccountService/CreateServiceAccount', {
    touches: ['ServiceAccountService'],
  });
  const taken = create.error?.reason === 'RESOURCE_EXISTS';
  const submit = () => {
    setTried(true);
    if (!title.trim() || !isResourceId(id)) return;
    create.mutate(
      { parent, serviceAccountId: id, serviceAccount: { title: title.trim() } },
      { onSuccess: onMade },
    );
  };
  return (
    <FormDialog
      title={t('serviceAccount.new')}
      width="sm"
      submit={t('serviceAccount.create')}
      busy={create.isPending}
      onSubmit={submit}
      onClose={onClose}
    >
      <TextField
        label={t('serviceAccount.name')}
        autoFocus
        value={title}
        onChange={(event) => setTitle(event.target.value)}
        error={tried && !title.trim() ? t('serviceAccount.nameNeeded') : undefined}
      />
      <IdField
        parent={parent}
        domain={DOMAIN}
        value={id}
        onChange={(value) => {
          setOwnId(value);
          create.reset();
        }}
        tried={tried}
        error={taken ? t('serviceAccount.idTaken') : undefined}
      />
      {create.error && !taken && <ErrorPanel error={create.error} doing={t('serviceAccount.create')} />}
    </FormDialog>
  );
}
