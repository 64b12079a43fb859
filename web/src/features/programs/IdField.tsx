import { useTranslation } from 'react-i18next';
import { isResourceId, projectId } from '@/lib/names';
import { TextField } from '@/ui/Field';

interface Props {
  /** Where it belongs: a project or the workspace. */
  parent: string;
  /** What addresses of its kind end in. */
  domain: string;
  value: string;
  onChange: (id: string) => void;
  tried: boolean;
  /** What the server says of it. */
  error: string | undefined;
}

/** The id of a new account of programs, and the address that it makes. */
export function IdField({ parent, domain, value, onChange, tried, error }: Props) {
  const { t } = useTranslation();
  const project = projectId(parent);
  const address = `${value || '…'}@${project ? `${project}.` : ''}${domain}`;
  const wrong = (value || tried) && !isResourceId(value) ? t('project.idWrong') : undefined;
  return (
    <TextField
      label={t('serviceAccount.id')}
      mono
      value={value}
      onChange={(event) => onChange(event.target.value)}
      hint={<span className="font-mono [overflow-wrap:anywhere]">{address}</span>}
      error={error ?? wrong}
    />
  );
}
