import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Checkbox } from '@/ui/Choice';

/** Somebody says that they have kept what shows only now; before that, leaving is refused. */
export function useKept(onDone: () => void) {
  const [kept, setKept] = useState(false);
  const [tried, setTried] = useState(false);
  const leave = () => {
    setTried(true);
    if (kept) onDone();
  };
  return { kept, setKept, missing: tried && !kept, leave };
}

interface Props {
  state: ReturnType<typeof useKept>;
  /** "I have kept the key". */
  label: string;
}

export function KeptBox({ state, label }: Props) {
  const { t } = useTranslation();
  return (
    <>
      <Checkbox
        label={label}
        checked={state.kept}
        onChange={(event) => state.setKept(event.target.checked)}
      />
      {state.missing && (
        <p role="alert" className="text-small text-danger">
          {t('form.keepFirst')}
        </p>
      )}
    </>
  );
}
