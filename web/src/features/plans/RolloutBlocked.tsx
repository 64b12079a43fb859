import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ApiError, Blocker } from '@/api/error';
import { useProjectAccess } from '@/features/access/access';
import { databaseId, instanceId } from '@/lib/names';
import { Button } from '@/ui/Button';
import { Confirm } from '@/ui/Dialog';
import { TextAreaField } from '@/ui/Field';
import { ErrorPanel, Notice } from '@/ui/States';

/** What the review found, where the project enforces it. */
export const isReviewError = ({ type }: Blocker) => type === 'REVIEW_ERROR';

/** The same words about several databases are told once. */
export function byWords(blockers: readonly Blocker[]): [words: string, databases: string[]][] {
  const found = new Map<string, string[]>();
  for (const { subject, description } of blockers) {
    const databases = found.get(description) ?? [];
    if (databaseId(subject)) databases.push(`${instanceId(subject)}/${databaseId(subject)}`);
    found.set(description, databases);
  }
  return [...found];
}

/** Databases named at a blocker before "and n more". */
const NAMED = 3;

/** What stands in the way, each with the databases that it is about. */
function BlockerList({ blockers }: { blockers: readonly Blocker[] }) {
  const { t } = useTranslation();
  return (
    <ul className="list-disc pl-4">
      {byWords(blockers).map(([words, databases]) => {
        const named = databases.slice(0, NAMED).join(', ');
        return (
          <li key={words} className="[overflow-wrap:anywhere]">
            {words}
            {named && (
              <span className="block text-caption text-muted">
                {databases.length > NAMED
                  ? t('checks.andMore', { named, count: databases.length - NAMED })
                  : named}
              </span>
            )}
          </li>
        );
      })}
    </ul>
  );
}

interface Props {
  project: string;
  /** The refusal, with all that stands in the way. */
  error: ApiError;
  busy: boolean;
  onBypass: (reason: string) => void;
}

/** Why the rollout cannot begin. Past the review goes who may switch it off, with a reason. */
export function RolloutBlocked({ project, error, busy, onBypass }: Props) {
  const { t } = useTranslation();
  const [asking, setAsking] = useState(false);
  const { data: access } = useProjectAccess(project);
  const { blockers } = error;
  const review = blockers.filter(isReviewError);
  // What else stands in the way cannot be passed over, so it comes first.
  const bypassable = review.length === blockers.length;
  return (
    <Notice
      tone="warning"
      role="alert"
      title={t('plan.blocked.title')}
      actions={
        bypassable &&
        access?.may('bb.projects.update') && (
          <Button size="sm" onClick={() => setAsking(true)}>
            {t('plan.blocked.bypass')}
          </Button>
        )
      }
    >
      <section
        aria-label={t('plan.blocked.title')}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
        tabIndex={0}
        className="max-h-48 overflow-y-auto"
      >
        <BlockerList blockers={blockers} />
      </section>
      {review.length > 0 && <p className="mt-1">{t('plan.blocked.mend')}</p>}
      {bypassable && access && !access.may('bb.projects.update') && (
        <p className="mt-1">
          {access.grantors.length > 0
            ? t('plan.blocked.ask', { people: access.grantors.map(({ name }) => name).join(', ') })
            : t('plan.blocked.askOwner')}
        </p>
      )}
      {asking && (
        <BypassConfirm blockers={review} busy={busy} onClose={() => setAsking(false)} onBypass={onBypass} />
      )}
    </Notice>
  );
}

interface ConfirmProps {
  blockers: readonly Blocker[];
  busy: boolean;
  onClose: () => void;
  onBypass: Props['onBypass'];
}

/** Names what is passed over, and asks why. */
function BypassConfirm({ blockers, busy, onClose, onBypass }: ConfirmProps) {
  const { t } = useTranslation();
  const [reason, setReason] = useState('');
  const [tried, setTried] = useState(false);
  const submit = () => {
    setTried(true);
    if (reason.trim()) onBypass(reason.trim());
  };
  return (
    <Confirm
      open
      onOpenChange={onClose}
      loud
      width="md"
      title={t('plan.blocked.bypassTitle')}
      footer={
        <Button tone="danger" busy={busy} onClick={submit}>
          {t('plan.blocked.bypassNow')}
        </Button>
      }
    >
      <p>{t('plan.blocked.bypassText', { count: blockers.length })}</p>
      <BlockerList blockers={blockers} />
      <TextAreaField
        label={t('rollout.reason')}
        value={reason}
        maxLength={1000}
        onChange={(event) => setReason(event.target.value)}
        hint={t('rollout.reasonKept')}
        error={tried && !reason.trim() ? t('rollout.reasonNeeded') : undefined}
      />
    </Confirm>
  );
}

/** A refusal of a rollout, whatever it is. */
export function RolloutRefused(props: Props) {
  return props.error.blockers.length > 0 ? <RolloutBlocked {...props} /> : <ErrorPanel error={props.error} />;
}
