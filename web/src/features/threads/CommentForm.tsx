import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCall } from '@/api/query';
import type { IssueComment } from '@/api/types';
import { Button } from '@/ui/Button';
import { Checkbox } from '@/ui/Choice';
import { TextAreaField } from '@/ui/Field';
import { Form } from '@/ui/Form';
import { ErrorPanel } from '@/ui/States';

interface Props {
  issue: string;
  /** What makes it a part of a thread: lines, or the comment that it answers. */
  about: Pick<IssueComment, 'anchor' | 'replyTo'>;
  label: string;
  /** The lines as they are, to suggest others. */
  lines?: string | undefined;
  /** With what was said, or nothing when it was left. */
  onDone: (made?: IssueComment) => void;
}

/** Something said about lines, with other lines instead of them if one likes. */
export function CommentForm({ issue, about, label, lines, onDone }: Props) {
  const { t } = useTranslation();
  const [text, setText] = useState('');
  const [instead, setInstead] = useState<string>();
  const [tried, setTried] = useState(false);
  const send = useCall('IssueService/CreateIssueComment', { touches: ['IssueService'] });
  // A suggestion says enough by itself.
  const empty = !text.trim() && instead === undefined;
  const submit = () => {
    setTried(true);
    if (empty) return;
    const suggestion = instead === undefined ? {} : { suggestion: { replacement: instead } };
    send.mutate(
      { parent: issue, issueComment: { comment: text.trim(), ...about, ...suggestion } },
      { onSuccess: onDone },
    );
  };
  return (
    <Form className="flex flex-col gap-2" onSubmit={submit}>
      <TextAreaField
        label={label}
        autoFocus
        value={text}
        maxLength={65_536}
        onChange={(event) => setText(event.target.value)}
        hint={t('markdown.hint')}
        error={tried && empty ? t('activity.empty') : undefined}
      />
      {lines !== undefined && (
        <Checkbox
          label={t('threads.suggest')}
          checked={instead !== undefined}
          onChange={(event) => setInstead(event.target.checked ? lines : undefined)}
        />
      )}
      {instead !== undefined && (
        <TextAreaField
          label={t('threads.instead')}
          mono
          value={instead}
          maxLength={65_536}
          onChange={(event) => setInstead(event.target.value)}
        />
      )}
      {send.error && <ErrorPanel error={send.error} doing={label} />}
      <div className="flex gap-2">
        <Button type="submit" size="sm" tone="primary" busy={send.isPending}>
          {t('activity.send')}
        </Button>
        <Button size="sm" onClick={() => onDone()}>
          {t('action.cancel')}
        </Button>
      </div>
    </Form>
  );
}
