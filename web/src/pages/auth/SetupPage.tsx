import { Navigate } from '@tanstack/react-router';
import { Database, FlaskConical, FolderKanban, House } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useSample } from '@/features/home/useSample';
import { useGo } from '@/hooks/useGo';
import { useStored } from '@/hooks/useStored';
import { AuthLayout } from '@/layouts/AuthLayout';
import { paths } from '@/lib/paths';
import { endSetup, setupPending } from '@/lib/setup';
import { Button } from '@/ui/Button';
import { RadioCards } from '@/ui/Choice';
import { ErrorPanel } from '@/ui/States';

type Start = 'sample' | 'own';
type Land = 'home' | 'projects';

export default function SetupPage() {
  const { t } = useTranslation();
  const go = useGo();
  const [pending] = useState(setupPending);
  // Kept, so that a reload goes on where it was left.
  const [start, setStart] = useStored<Start>('setup.start', 'own');
  const [land, setLand] = useStored<Land>('setup.land', 'home');
  const sample = useSample();
  if (!pending) return <Navigate to={paths.home() as never} replace />;

  const leave = () => {
    endSetup();
    return go(land === 'home' ? paths.home() : paths.projects(), { replace: true });
  };
  const finish = () => {
    if (start === 'own') leave();
    else sample.mutate({}, { onSuccess: leave });
  };
  return (
    <AuthLayout wide title={t('setup.title')} lead={t('setup.lead')}>
      <form
        className="flex flex-col gap-6"
        onSubmit={(event) => {
          event.preventDefault();
          finish();
        }}
      >
        <RadioCards
          legend={t('setup.startWith')}
          value={start}
          onChange={setStart}
          options={[
            {
              value: 'sample',
              label: t('setup.sample'),
              description: t('setup.sampleText'),
              icon: <FlaskConical className="size-5 shrink-0 text-muted" aria-hidden="true" />,
            },
            {
              value: 'own',
              label: t('setup.own'),
              description: t('setup.ownText'),
              icon: <Database className="size-5 shrink-0 text-muted" aria-hidden="true" />,
            },
          ]}
        />
        <RadioCards
          legend={t('setup.landOn')}
          value={land}
          onChange={setLand}
          options={[
            {
              value: 'home',
              label: t('nav.home'),
              description: t('setup.homeText'),
              icon: <House className="size-5 shrink-0 text-muted" aria-hidden="true" />,
            },
            {
              value: 'projects',
              label: t('nav.projects'),
              description: t('setup.projectsText'),
              icon: <FolderKanban className="size-5 shrink-0 text-muted" aria-hidden="true" />,
            },
          ]}
        />
        {sample.error && <ErrorPanel error={sample.error} doing={t('setup.creating')} />}
        <div className="flex items-center justify-between gap-2">
          <Button tone="ghost" onClick={leave}>
            {t('setup.skip')}
          </Button>
          <Button type="submit" tone="primary" busy={sample.isPending}>
            {t('setup.finish')}
          </Button>
        </div>
      </form>
    </AuthLayout>
  );
}
