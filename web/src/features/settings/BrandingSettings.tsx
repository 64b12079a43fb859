import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCall } from '@/api/query';
import { Loaded } from '@/components/Loaded';
import { SectionForm } from '@/components/SectionForm';
import { Button } from '@/ui/Button';
import { TextField } from '@/ui/Field';
import { type Brand, useBrand } from './useBrand';

/** As the server takes them: what is shown to everybody must not call home, and SVG can hold scripts. */
const KINDS = ['image/png', 'image/jpeg', 'image/webp'];
/** The server counts the data URL, which is a third longer. */
const LARGEST = 384 * 1024 - 64;

/** What the workspace is called in the top bar, and its picture there. */
export function BrandingSettings() {
  const { t } = useTranslation();
  const query = useBrand();
  return (
    <Loaded query={query} doing={t('settings.branding')} skeletonRows={2}>
      {(saved) => <Editor saved={saved} />}
    </Loaded>
  );
}

function Editor({ saved }: { saved: Brand }) {
  const { t } = useTranslation();
  const [edit, setEdit] = useState<Brand>({});
  const [problem, setProblem] = useState('');
  const input = useRef<HTMLInputElement>(null);
  const update = useCall('WorkspaceService/UpdateWorkspace', { touches: ['WorkspaceService'] });
  const { title = '', logo = '' } = { ...saved, ...edit };
  const missing = !title.trim();
  const take = async (file: File) => {
    setProblem('');
    if (!KINDS.includes(file.type) || file.size > LARGEST) setProblem(t('settings.logoWrong'));
    else setEdit({ ...edit, logo: await dataUrl(file) });
  };
  return (
    <SectionForm
      title={t('settings.branding')}
      dirty={Object.keys(edit).length > 0}
      call={update}
      onReset={() => {
        setEdit({});
        setProblem('');
      }}
      onSave={() =>
        missing
          ? undefined
          : update.mutateAsync({
              workspace: { name: 'workspaces/default', title: title.trim(), logo },
              updateMask: Object.keys(edit).join(','),
            })
      }
    >
      <TextField
        label={t('settings.workspaceTitle')}
        value={title}
        onChange={(event) => setEdit({ ...edit, title: event.target.value })}
        hint={t('settings.workspaceTitleHint')}
        error={update.error?.field('title') ?? (missing ? t('project.nameNeeded') : undefined)}
      />
      <fieldset className="flex min-w-0 flex-col gap-1.5">
        <legend className="mb-1.5 text-small font-medium">{t('settings.logo')}</legend>
        <div className="flex flex-wrap items-center gap-3">
          {logo && <img src={logo} alt={t('settings.logo')} className="h-8 max-w-40 rounded-input" />}
          <input
            ref={input}
            type="file"
            accept={KINDS.join(',')}
            aria-label={t('settings.logoFile')}
            hidden
            onChange={(event) => {
              const [file] = event.target.files ?? [];
              if (file) void take(file);
              event.target.value = '';
            }}
          />
          <Button size="sm" onClick={() => input.current?.click()}>
            {t('settings.logoChoose')}
          </Button>
          {logo && (
            <Button size="sm" onClick={() => setEdit({ ...edit, logo: '' })}>
              {t('settings.logoRemove')}
            </Button>
          )}
        </div>
        <p className="text-caption text-muted">{t('settings.logoHint')}</p>
        {(problem || update.error?.field('logo')) && (
          <p role="alert" className="text-caption text-danger">
            {problem || update.error?.field('logo')}
          </p>
        )}
      </fieldset>
    </SectionForm>
  );
}

const dataUrl = (file: File): Promise<string> =>
  new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(String(reader.result));
    reader.onerror = () => reject(reader.error);
    reader.readAsDataURL(file);
  });
