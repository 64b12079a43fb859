import { lazy, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useRpc } from '@/api/query';
import { Loaded } from '@/components/Loaded';
import { Section } from '@/components/Page';
import { Button } from '@/ui/Button';
import { Status } from '@/ui/Status';

const Dialogs = lazy(() => import('./SecondFactorDialog'));
export type FactorTask = 'setUp' | 'codes' | 'off';

/** Fewer recovery codes than this are worth a word. */
const FEW = 3;

/** The second factor of whoever is signed in. */
export function SecondFactor() {
  const { t } = useTranslation();
  const [task, setTask] = useState<FactorTask | null>(null);
  const query = useRpc('UserService/GetCurrentUser', {});
  return (
    <Section title={t('secondFactor.title')}>
      <Loaded query={query} doing={t('secondFactor.title')} skeletonRows={2}>
        {(me) => {
          const { mfaEnabled: on = false, recoveryCodesLeft: left = 0 } = me;
          return (
            <div className="flex flex-col gap-3">
              <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
                <Status
                  kind={on ? 'done' : 'notStarted'}
                  label={on ? t('secondFactor.on') : t('secondFactor.off')}
                />
                {on && (
                  <span className={left <= FEW ? 'text-warning' : 'text-muted'}>
                    {t('secondFactor.left', { count: left })}
                  </span>
                )}
              </div>
              <p className="max-w-[72ch] text-muted">{t('secondFactor.text')}</p>
              <div className="flex flex-wrap gap-2">
                <Button onClick={() => setTask('setUp')}>
                  {on ? t('secondFactor.another') : t('secondFactor.setUp')}
                </Button>
                {on && <Button onClick={() => setTask('codes')}>{t('secondFactor.newCodes')}</Button>}
                {on && (
                  <Button tone="ghost" onClick={() => setTask('off')}>
                    {t('secondFactor.turnOff')}
                  </Button>
                )}
              </div>
              <Suspense>{task && <Dialogs task={task} me={me} onClose={() => setTask(null)} />}</Suspense>
            </div>
          );
        }}
      </Loaded>
    </Section>
  );
}
