import { useMutation } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { ApiError } from '@/api/error';
import { beginSignOn } from '@/features/session/signOn';
import { Button } from '@/ui/Button';

interface Props {
  provider: string;
  onError: (error: ApiError) => void;
}

/** Goes to the provider and comes back with what it says; nobody is signed in here by that. */
export function TestButton({ provider, onError }: Props) {
  const { t } = useTranslation();
  const test = useMutation<void, ApiError>({
    mutationFn: async () => window.location.assign(await beginSignOn({ provider, test: true })),
    onError,
  });
  return (
    <Button busy={test.isPending} onClick={() => test.mutate()}>
      {t('idp.test')}
    </Button>
  );
}
