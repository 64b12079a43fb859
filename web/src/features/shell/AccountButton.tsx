import { CircleUserRound } from 'lucide-react';
import type { ButtonHTMLAttributes, Ref } from 'react';
import { useTranslation } from 'react-i18next';

type Props = ButtonHTMLAttributes<HTMLButtonElement> & { ref?: Ref<HTMLButtonElement> };

export function AccountButton(props: Props) {
  const { t } = useTranslation();
  return (
    <button
      {...props}
      type="button"
      aria-label={t('account.button')}
      className="grid size-8 place-items-center rounded-full text-chrome-muted hover:bg-chrome-line hover:text-chrome-text"
    >
      <CircleUserRound className="size-5" aria-hidden="true" />
    </button>
  );
}
