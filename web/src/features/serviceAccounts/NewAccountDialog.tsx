import { useTranslation } from 'react-i18next';
import { useCall } from '@/api/query';
import type { ServiceAccount } from '@/api/types';
import { isTaken, NewProgramFields, useNewProgram } from '@/features/programs/NewProgramFields';
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
  const program = useNewProgram();
  const create = useCall('ServiceAccountService/CreateServiceAccount', {
    touches: ['ServiceAccountService'],
  });
  const submit = () => {
    program.try();
    if (!program.isGood) return;
    create.mutate(
      { parent, serviceAccountId: program.id, serviceAccount: { title: program.title } },
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
      <NewProgramFields parent={parent} domain={DOMAIN} program={program.fields} create={create} />
      {create.error && !isTaken(create.error) && (
        <ErrorPanel error={create.error} doing={t('serviceAccount.create')} />
      )}
    </FormDialog>
  );
}
