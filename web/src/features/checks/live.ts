/** A review of SQL that is being written, as findings of its change. Pure. */
import type { TryReviewResponse } from '@/api/gen/basalt/v1/review_service';
import type { EditorMark } from '@/features/editor/SqlEditor';
import type { Finding } from './findings';

/** The rules' own word for what is not about any of them. */
const NO_RULE = 'TYPE_UNSPECIFIED';

export function liveFindings(answer: TryReviewResponse, change: string, target: string): Finding[] {
  return (answer.advices ?? []).flatMap((advice): Finding[] => {
    const { status, title = '', content = '', rule, start, end, fixes = [], suppression } = advice;
    if (suppression || (status !== 'ERROR' && status !== 'WARNING')) return [];
    const fix = fixes.find(({ edits = [] }) => edits.length > 0);
    return [
      {
        key: [change, status, title, content, start?.line, start?.column].join('\n'),
        level: status,
        title,
        content,
        rule: rule && rule !== NO_RULE ? rule : '',
        change,
        line: start?.line || undefined,
        column: start?.column || undefined,
        end: end?.line ? { line: end.line, column: end.column ?? 1 } : undefined,
        fix: fix && { title: fix.title ?? '', edits: fix.edits ?? [] },
        targets: [target],
      },
    ];
  });
}

const LEVEL = { ERROR: 'error', WARNING: 'warning' } as const;

/** What a finding says in one sentence: a rule's name says it to machines, a syntax error's title to people. */
export const sentenceOf = ({ rule, title, content }: Finding) => (rule ? content : `${title}: ${content}`);

/** Those that have a place, as marks in the text. */
export const marksOf = (findings: readonly Finding[], onFix?: (finding: Finding) => void): EditorMark[] =>
  findings.flatMap((finding): EditorMark[] => {
    const { line, column, end, level, fix } = finding;
    if (!line) return [];
    return [
      {
        line,
        column,
        end,
        level: LEVEL[level],
        message: sentenceOf(finding),
        fix: fix && onFix && { title: fix.title, apply: () => onFix(finding) },
      },
    ];
  });

/** Findings of the checks, with the repairs that the review of the same text knows. */
export function withFixes(findings: readonly Finding[], live: readonly Finding[]): Finding[] {
  return findings.map((finding) => {
    const same = live.find(
      ({ change, line, title, fix }) =>
        fix && change === finding.change && line === finding.line && title === finding.title,
    );
    return same ? { ...finding, end: same.end, fix: same.fix } : finding;
  });
}
