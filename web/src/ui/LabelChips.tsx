/** Labels of a thing, each `key: value`. */
export const LabelChips = ({ labels = {} }: { labels?: Record<string, string> | undefined }) =>
  Object.entries(labels).map(([key, value]) => (
    <span
      key={key}
      className="inline-block max-w-48 truncate rounded-input border border-line bg-surface px-1.5 text-caption text-muted"
    >
      {value ? `${key}: ${value}` : key}
    </span>
  ));
