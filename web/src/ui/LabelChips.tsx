/** Labels of a thing in one line of a table, each `key: value`, in the order of their keys. */
export function LabelChips({ labels = {} }: { labels?: Record<string, string> | undefined }) {
  return (
    <span className="flex gap-1">
      {Object.entries(labels)
        .sort(([a], [b]) => a.localeCompare(b))
        .map(([key, value]) => (
          <span
            key={key}
            className="inline-block max-w-48 shrink-0 truncate rounded-input border border-line bg-surface px-1.5 text-caption text-muted"
          >
            {value ? `${key}: ${value}` : key}
          </span>
        ))}
    </span>
  );
}
