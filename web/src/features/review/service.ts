/** The rules as the server documents them. Everybody may read that. */
import { useRpc } from '@/api/query';
import type { Engine, ReviewRule, RuleConfig, RuleType } from '@/api/types';
import { type Level, levelOf } from './rules';

export type PayloadKind =
  | 'NO_PAYLOAD'
  | 'NAMING'
  | 'NUMBER'
  | 'STRING_ARRAY'
  | 'COMMENT_CONVENTION'
  | 'STRING'
  | 'NAMING_CASE';

/** A rule for scripts of one engine: the same for every configuration. */
export interface RuleDoc {
  type: RuleType;
  engine: Engine;
  /** How grave it is in production; off there when it says so. */
  usual: Level;
  /** With the payload that holds when nobody says more. */
  preset: RuleConfig;
  category: string;
  title: string;
  what: string;
  why: string;
  /** SQL that it reports; empty when only a live database shows it. */
  example: string;
  instead: string;
  payload: PayloadKind;
  needs: 'SCRIPT' | 'CATALOG' | 'CONNECTION';
  builtin: boolean;
}

const FRESH_MS = 3_600_000;

/** Every rule of this server; they change with its version only. */
export function useRuleDocs() {
  return useRpc('ReviewService/ListRules', {}, { staleTime: FRESH_MS, select: docsOf });
}

/** At module level, so that the answer is converted once and not at every look. */
function docsOf({ rules = [] }: { rules?: ReviewRule[] | undefined }): RuleDoc[] {
  return rules.map(({ preset = {}, payloadKind, needs, ...rule }) => ({
    type: preset.type ?? 'TYPE_UNSPECIFIED',
    engine: preset.engine ?? 'ENGINE_UNSPECIFIED',
    usual: levelOf(preset),
    preset,
    category: rule.category ?? '',
    title: rule.title ?? '',
    what: rule.what ?? '',
    why: rule.why ?? '',
    example: rule.example ?? '',
    instead: rule.instead ?? '',
    payload: payloadKind && payloadKind !== 'PAYLOAD_KIND_UNSPECIFIED' ? payloadKind : 'NO_PAYLOAD',
    needs: needs && needs !== 'NEEDS_UNSPECIFIED' ? needs : 'SCRIPT',
    builtin: rule.builtin ?? false,
  }));
}
