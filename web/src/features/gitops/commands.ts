/** Commands for what was there before, with what is known of the project. Pure. */

export interface Known {
  /** Address of Basalt. */
  url: string;
  project: string;
  /** Of the answers; none yet: a word to be replaced. */
  targets: readonly string[];
  files: string;
}

/** One word of a shell, whatever is in it. */
export const quoted = (text: string) =>
  /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;

const command = (name: string, flags: readonly (readonly [string, string] | readonly [string])[]) =>
  [
    `basalt ${name}`,
    ...flags.map(([flag, value]) => (value === undefined ? flag : `${flag} ${quoted(value)}`)),
  ].join(' \\\n  ');

/** Marks what another tool has applied. It only shows it first. */
export const adoptCommand = ({ url, project, targets, files }: Known) =>
  command('adopt', [
    ['--url', url],
    ['--project', project],
    ['--targets', targets.length > 0 ? targets.join(',') : 'instances/INSTANCE/databases/DATABASE'],
    ['--file-pattern', files],
    ['--dry-run'],
  ]);

/** Of a pattern, the folder that all of its files lie in; '.' for the root. */
export const folderOf = (pattern: string) => {
  const parts = pattern.split('/').slice(0, -1);
  const wild = parts.findIndex((part) => /[*?[{]/.test(part));
  return parts.slice(0, wild < 0 ? undefined : wild).join('/') || '.';
};

/** Writes what plans have run as versioned files, and marks them as applied. It only shows it first. */
export const moveCommand = ({ url, project, targets, files }: Known) =>
  command('move-to-git', [
    ['--url', url],
    ['--project', project],
    // Without any it takes all databases of the project.
    ...(targets.length > 0 ? [['--targets', targets.join(',')] as const] : []),
    ['--folder', folderOf(files)],
    ['--dry-run'],
  ]);
