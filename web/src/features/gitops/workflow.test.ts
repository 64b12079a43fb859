import { describe, expect, it } from 'vitest';
import { type Answers, hasIdentity, PLATFORMS, problemsOf, SECRET, TEMPLATES, workflow } from './workflow';

const answers: Answers = {
  platform: 'github',
  signIn: 'key',
  url: 'https://basalt.example.com',
  project: 'projects/shop',
  account: 'ci@shop.service.bytebase.com',
  targets: ['instances/pg-test/databases/shop', 'instances/pg-prod/databases/shop'],
  files: 'migrations/**/*.sql',
  branch: 'main',
  stage: 'environments/test',
  program: 'https://example.com/basalt',
  sha256: '',
};

describe.each(PLATFORMS)('the workflow of %s', (platform) => {
  const whole = { ...answers, platform, sha256: 'A'.repeat(64) };

  it('has every answer in its place, and nothing of the template', () => {
    const text = workflow(whole);
    expect(text).not.toMatch(/<<|>>|^@/m);
    expect(text).toMatch(
      /BASALT_TARGETS(: |=)"instances\/pg-test\/databases\/shop,instances\/pg-prod\/databases\/shop"/,
    );
    expect(text).toMatch(/BASALT_FILE_PATTERN(: |=)"migrations\/\*\*\/\*\.sql"/);
    expect(text.match(/basalt rollout --target-stage "environments\/test"$/gm)).toHaveLength(1);
    expect(text).toContain(`${'a'.repeat(64)}  basalt`);
    expect(text).toContain('ci@shop.service.bytebase.com');
  });

  it('leaves out what was not answered', () => {
    const text = workflow({ ...whole, stage: '', sha256: '' });
    expect(text).not.toMatch(/target-stage|sha256sum/);
    expect(text).toMatch(/basalt rollout$/m);
  });

  it('names the secret for a key, and has none without', () => {
    expect(workflow(whole)).toContain(SECRET);
    if (!hasIdentity(platform)) return;
    const text = workflow({ ...whole, signIn: 'identity' });
    expect(text).not.toMatch(/SECRET|SERVICE_ACCOUNT/);
    expect(text).toContain('BASALT_WORKLOAD_IDENTITY: "ci@shop.service.bytebase.com"');
  });

  it('is indented by spaces only', () => {
    expect(TEMPLATES[platform]).not.toMatch(/\t| $/m);
  });
});

it('names each answer that cannot be written into a shell and YAML', () => {
  expect(problemsOf(answers)).toEqual([]);
  const wrong: [Partial<Answers>, string][] = [
    [{ files: '' }, 'files'],
    [{ files: "a'; rm -rf /; '*.sql" }, 'files'],
    [{ files: '/migrations/*.sql' }, 'files'],
    [{ branch: 'main"]' }, 'branch'],
    [{ branch: '' }, 'branch'],
    [{ program: 'ftp://example.com/basalt' }, 'program'],
    [{ program: 'https://example.com/$(id)' }, 'program'],
    [{ sha256: 'abc' }, 'sha256'],
    [{ targets: [] }, 'targets'],
    [{ targets: ['instances/pg/databases/a,b'] }, 'targets'],
    [{ account: '' }, 'account'],
  ];
  for (const [patch, field] of wrong) expect(problemsOf({ ...answers, ...patch })).toEqual([field]);
});
