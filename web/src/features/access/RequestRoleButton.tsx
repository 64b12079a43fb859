import { KeyRound } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { projectOf } from '@/lib/names';
import { askForRole, useCanAskFor } from '@/lib/roleRequest';
import { Button, type ButtonProps } from '@/ui/Button';

interface Props extends Pick<ButtonProps, 'size' | 'tone'> {
  /** What was refused; only what lies in a project that allows it can be asked for. */
  resource: string | undefined;
  permissions: readonly string[];
}

/** The way on from a refusal. */
export function RequestRoleButton({ resource, permissions, ...look }: Props) {
  const { t } = useTranslation();
  const project = projectOf(resource);
  if (!useCanAskFor(project)) return null;
  return (
    <Button {...look} onClick={() => askForRole({ project, permissions })}>
      <KeyRound aria-hidden="true" />
      {t('access.request.button')}
    </Button>
  );
}
