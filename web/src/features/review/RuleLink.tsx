import { SQLReviewRule_Type as RULE_TYPES } from '@/api/gen/bytebase/v1/review_config_service';
import { paths } from '@/lib/paths';
import { TextLink } from '@/ui/AppLink';
import { Breakable } from '@/ui/Breakable';

/** The title of a finding; where it is a rule's name it leads to the rule. */
export function RuleLink({ title }: { title: string }) {
  if (!(title in RULE_TYPES)) return <span className="font-medium">{title}</span>;
  return (
    <TextLink to={paths.reviewRule(title)} className="font-medium">
      <Breakable text={title} />
    </TextLink>
  );
}
