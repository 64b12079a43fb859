import { useMutation } from '@tanstack/react-query';
import { KeyRound } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { ApiError } from '@/api/error';
import type { IdentityProvider } from '@/api/types';
import { sentence } from '@/lib/text';
import { Button } from '@/ui/Button';
import { Notice } from '@/ui/States';
import { beginSignOn } from './signOn';

interface Props {
  providers: readonly IdentityProvider[];
  next?: string | undefined;
  /** This page stays as it is: the provider's opens beside it. */
  beside?: boolean;
}

/** One button for each identity provider. */
export function ProviderButtons({ providers, next, beside }: Props) {
  const { t } = useTranslation();
  const begin = useMutation<void, ApiError, string>({
    mutationFn: async (provider) => {
      // Only what a click opens is let through.
      const tab = beside ? window.open('about:blank') : null;
      try {
        const address = await beginSignOn({ provider, next, closes: tab !== null });
        (tab ?? window).location.assign(address);
      } catch (error) {
        tab?.close();
        throw error;
      }
    },
  });
  return (
    <div className="flex flex-col gap-2">
      {begin.error && (
        <Notice tone="danger" role="alert">
          {begin.error.blockers[0]?.description ?? sentence(begin.error.message)}
        </Notice>
      )}
      {providers.map(({ name = '', title }) => (
        <Button
          key={name}
          className="h-9 min-w-0"
          busy={begin.isPending && begin.variables === name}
          onClick={() => begin.mutate(name)}
        >
          <KeyRound aria-hidden="true" />
          <span className="truncate">{t('auth.continueWith', { name: title })}</span>
        </Button>
      ))}
    </div>
  );
}

/** Between two ways in. */
export function Or() {
  const { t } = useTranslation();
  return (
    <div className="my-4 flex items-center gap-3 text-caption text-muted">
      <span className="h-px flex-1 bg-line" />
      {t('auth.or')}
      <span className="h-px flex-1 bg-line" />
    </div>
  );
}
