/** Versions as releases have them: whole numbers separated by dots, `v` in front allowed. Pure. */
const VERSION = /^v?\d+(\.\d+)*$/i;

/** Those that are none, and those that stand twice. */
export const wrongVersions = (versions: readonly string[]): string[] =>
  versions.filter((version, at) => !VERSION.test(version) || versions.indexOf(version) < at);
