import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { batched } from '@/api/batch';
import { call } from '@/api/client';
import { useMay } from '@/lib/may';
import { emailOf } from '@/lib/names';
import { useMe } from '@/lib/session';
import { Tooltip } from '@/ui/Tooltip';

const METHOD = 'UserService/BatchGetUsers';
/** People seldom change their names. */
const FRESH_MS = 600_000;

const load = batched(async (names) => (await call(METHOD, { names })).users ?? []);

/** A person by name, or by e-mail's local part to who may not see users; "You" for oneself. The address is in the tooltip. */
export function PersonName({ name = '' }: { name: string | undefined }) {
  const { t } = useTranslation();
  const me = useMe();
  const email = emailOf(name);
  const mine = email === me?.email;
  const may = useMay().everywhere('bb.users.get');
  const { data } = useQuery({
    queryKey: [METHOD, name],
    queryFn: () => load(name),
    enabled: may && !mine && name.startsWith('users/'),
    staleTime: FRESH_MS,
    retry: false,
  });
  if (!email) return <span className="text-muted">{t('person.nobody')}</span>;
  return (
    <Tooltip text={email}>
      <span>{mine ? t('person.you') : data?.title || email.split('@')[0]}</span>
    </Tooltip>
  );
}
