import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ApiError } from '@/api/error';
import { ProviderButtons } from '@/features/session/ProviderButtons';
import { SecondStep } from '@/features/session/SecondStep';
import { endSignOn, finishTest, type SignOn } from '@/features/session/signOn';
import { useProviders } from '@/features/session/waysIn';
import { useGo } from '@/hooks/useGo';
import { type Search, useSearchState } from '@/hooks/useSearch';
import { AuthLayout } from '@/layouts/AuthLayout';
import { paths } from '@/lib/paths';
import { signIn } from '@/lib/session';
import { sentence } from '@/lib/text';
import { safeNext } from '@/lib/url';
import { TextLink } from '@/ui/AppLink';
import { Notice, Skeleton } from '@/ui/States';

interface Outcome {
  signOn?: SignOn | undefined;
  /** Of the second step. */
  token?: string | undefined;
  error?: string;
}

/** A code counts once, so what came back is handed on once, however often the page is drawn. */
const ends = new Map<string, Promise<Outcome>>();

async function end({ code = '', state = '', error, error_description: why }: Search): Promise<Outcome> {
  const signOn = endSignOn(state);
  if (!signOn || error) return { signOn, error: why ?? error ?? '' };
  const { provider } = signOn;
  try {
    if (signOn.test) {
      await finishTest(provider, code, state);
      return { signOn };
    }
    return {
      signOn,
      token: await signIn({ idpName: provider, idpContext: { oidcContext: { code, state } } }),
    };
  } catch (failure) {
    return { signOn, error: (failure as ApiError).message };
  }
}

/** Where an identity provider sends people back to: on to where they wanted, or what went wrong. */
export default function SignOnCallbackPage() {
  const { t } = useTranslation();
  const go = useGo();
  const [search] = useSearchState();
  const [outcome, setOutcome] = useState<Outcome>();
  const [of] = useState(search);
  const onIn = (signOn: SignOn | undefined) => {
    // A tab that somebody opened by hand stays: it goes on like any other.
    if (signOn?.closes) window.close();
    void go(safeNext(signOn?.next), { replace: true });
  };
  // biome-ignore lint/correctness/useExhaustiveDependencies: once for what the page was opened with
  useEffect(() => {
    const key = of.state ?? '';
    const ended = ends.get(key) ?? end(of);
    ends.set(key, ended);
    void ended.then((found) => {
      const { signOn, token, error } = found;
      if (error !== undefined || token) setOutcome(found);
      else if (signOn?.test) void go(paths.identityProvider(signOn.provider), { replace: true });
      else onIn(signOn);
    });
  }, [of]);
  const signOn = outcome?.signOn;
  if (!outcome) {
    return (
      <AuthLayout title={t('signOn.coming')}>
        <Skeleton rows={2} />
      </AuthLayout>
    );
  }
  if (outcome.token) {
    return (
      <AuthLayout title={t('secondFactor.step')} lead={t('signOn.factorLead')}>
        <SecondStep
          token={outcome.token}
          onIn={() => onIn(signOn)}
          onBack={() => void go(paths.signIn(signOn?.next), { replace: true })}
        />
      </AuthLayout>
    );
  }
  return <Failed signOn={signOn} why={outcome.error ?? ''} />;
}

function Failed({ signOn, why }: { signOn: SignOn | undefined; why: string }) {
  const { t } = useTranslation();
  const again = useProviders().filter(({ name }) => name === signOn?.provider && !signOn?.test);
  return (
    <AuthLayout title={t('signOn.failed')}>
      <div className="flex flex-col gap-4">
        <Notice tone="danger" role="alert">
          {signOn && why ? sentence(why) : t('signOn.notBegun')}
        </Notice>
        {again.length > 0 && <ProviderButtons providers={again} next={signOn?.next} />}
        <p>
          {signOn?.test ? (
            <TextLink to={paths.identityProvider(signOn.provider)}>{t('signOn.toProvider')}</TextLink>
          ) : (
            <TextLink to={paths.signIn(signOn?.next)}>{t('auth.toSignIn')}</TextLink>
          )}
        </p>
      </div>
    </AuthLayout>
  );
}
