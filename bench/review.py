"""Goal: SQL review of 2,000 files with 40,000 statements in at most two thirds of squawk's time, in 64 MiB, with each planted mistake on its
line in that same run; no mistake found where there is none; large scripts in linear time; 20 statements by the API at once.

squawk comes from PyPI, into a folder of its own under BASALT_BENCH_CACHE (default ~/.cache/basalt-bench). Both run in turn, with all their
default rules, and say what they found in a form for programs."""
import collections
import json
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

import harness

SQUAWK = "squawk-cli==2.70.0"
CALLS = 1000
ROUNDS = int(os.environ.get("BASALT_BENCH_ROUNDS", "9"))
# Which rule of ours speaks of which planted mistake.
RULES = {
    "add-check-without-not-valid": "STATEMENT_ADD_CHECK_NOT_VALID",
    "add-not-null-no-default": "COLUMN_ADD_NOT_NULL_REQUIRE_DEFAULT",
    "alter-type": "COLUMN_DISALLOW_CHANGE_TYPE",
    "create-index-not-concurrent": "INDEX_CREATE_CONCURRENTLY",
    "drop-column": "SCHEMA_BACKWARD_COMPATIBILITY",
    "drop-table": "SCHEMA_BACKWARD_COMPATIBILITY",
    "fk-without-not-valid": "STATEMENT_ADD_FOREIGN_KEY_NOT_VALID",
    "insert-without-columns": "STATEMENT_INSERT_MUST_SPECIFY_COLUMN",
    "leading-wildcard-like": "STATEMENT_WHERE_NO_LEADING_WILDCARD_LIKE",
    "no-primary-key": "TABLE_REQUIRE_PK",
    "no-where-delete": "STATEMENT_WHERE_REQUIRE_UPDATE_DELETE",
    "no-where-update": "STATEMENT_WHERE_REQUIRE_UPDATE_DELETE",
    "rename-column": "SCHEMA_BACKWARD_COMPATIBILITY",
    "select-star": "STATEMENT_SELECT_NO_SELECT_ALL",
    "truncate": "STATEMENT_DISALLOW_TRUNCATE",
    "varchar-column": "COLUMN_TYPE_DISALLOW_LIST",
}


def squawk():
    """The binary from PyPI, installed aside once."""
    cache = pathlib.Path(os.environ.get("BASALT_BENCH_CACHE", pathlib.Path.home() / ".cache/basalt-bench"))
    folder = cache / SQUAWK.replace("==", "-")
    if not folder.exists():
        subprocess.run([sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--target", folder, SQUAWK], check=True)
    found = [p for p in folder.rglob("squawk*") if p.is_file() and os.access(p, os.X_OK)]
    # The wheel may hold a script that only starts the binary: the larger one is it.
    return str(max(found, key=lambda p: p.stat().st_size))


def corpus(folder, *options):
    generator = os.path.join(os.environ["BASALT_BENCH"], "gen_corpus.py")
    subprocess.run([sys.executable, generator, folder, *options], check=True, stdout=subprocess.DEVNULL)
    return json.loads(pathlib.Path(folder, "manifest.json").read_text())


def timed(command, out, cwd=None):
    """Seconds, MiB at most, and processor seconds of a run."""
    begin = time.monotonic()
    process = subprocess.Popen(command, stdout=out, stderr=subprocess.DEVNULL, cwd=cwd)
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.monotonic() - begin
    # 1 says that there are findings.
    if os.waitstatus_to_exitcode(status) not in (0, 1):
        raise SystemExit(f"{command[0]} failed with {status}")
    process.returncode = 0
    return seconds, usage.ru_maxrss / 1024, usage.ru_utime + usage.ru_stime


def review(*arguments):
    return [harness.BINARY, "review", "--dialect", "postgres", "--format", "json", *map(str, arguments)]


def found(report):
    """Lines by file and rule."""
    lines = collections.defaultdict(set)
    for file in report["files"]:
        for finding in file["findings"]:
            lines[os.path.basename(file["path"]), finding["rule"]].add(finding["line"])
    return lines


def one_in_turn(folder):
    manifest = corpus(folder)
    theirs = [squawk(), "--reporter", "gcc", *sorted(str(p) for p in pathlib.Path(folder).glob("*.sql"))]
    ours, other, most, work = [], [], 0, []
    for _ in range(ROUNDS):
        with tempfile.TemporaryFile() as out:
            other.append(timed(theirs, out)[0])
        with tempfile.TemporaryFile() as out:
            seconds, memory, processor = timed(review(folder), out)
            ours.append(seconds)
            work.append(processor)
            most = max(most, memory)
    # Read last: a child is told to have had at least the memory that its parent has when it starts.
    report = json.loads(subprocess.run(review(folder), capture_output=True).stdout)
    statements = manifest["statements"]
    mine, his = statistics.median(ours), statistics.median(other)
    note = f"{statements / mine:,.0f} a second, squawk {statements / his:,.0f}: {his / mine:.2f} times; {statistics.median(work):.2f} s of processor"
    harness.goal("review of 40,000 statements, share of squawk's time", mine / his, 1 / 1.5, "", note)
    harness.goal("  its memory", most, 64, "MiB")
    lines = found(report)
    missed = collections.Counter()
    for file, _, line, planted in manifest["where"]:
        if line not in lines[file, RULES[planted]]:
            missed[planted] += 1
    harness.goal("  planted mistakes not on their line", sum(missed.values()), 0, "", f"of {len(manifest['where'])} in 16 classes {dict(missed) or ''}")


def nothing_wrong(folder):
    corpus(folder, "--rate", "0", "--seed", "7")
    report = json.loads(subprocess.run(review(folder), capture_output=True).stdout)
    files = sum(any(f["level"] == "error" for f in file["findings"]) for file in report["files"])
    rules = collections.Counter(f["rule"] for file in report["files"] for f in file["findings"])
    planted = sum(rules[rule] for rule in set(RULES.values()))
    harness.goal("  valid files with an error", 100 * files / len(report["files"]), 1, "%", f"{dict(rules)}")
    harness.goal("  findings of the 16 classes in 40,000 valid statements", planted / 400, 1, "%")


def large(folder, files):
    """One script at a time, of the statements of the corpus again and again; with the time for a tenth of it beside: what grows faster than the text shows."""
    rows = lambda n: "INSERT INTO account (id, name) VALUES\n" + ",\n".join(f"({i}, 'name {i}')" for i in range(n)) + ";\n"
    nested = lambda n: "SELECT " + "(" * n + "1" + ")" * n + ";\n"
    config = pathlib.Path(folder, "basalt.toml")
    # The set's own limit would answer for the review.
    config.write_text('[review]\ndialect = "postgres"\npreset = "production"\n[[review.rules]]\nrule = "BUILTIN_STATEMENT_MAXIMUM_SQL_SIZE"\nlevel = "OFF"\n')
    path = pathlib.Path(folder, "large.sql")

    def run(text):
        path.write_text(text)
        with tempfile.TemporaryFile() as out:
            seconds, memory, _ = timed(review(path, "--config", config), out)
        return seconds, memory, len(text)

    whole = "".join(p.read_text() for p in sorted(pathlib.Path(files).glob("*.sql")))
    seconds, _, _ = run(whole[: whole.rindex(";\n", 0, 2 << 20) + 2])
    harness.goal("  a sheet of 2 MiB", seconds, 0.4, "s")
    seconds, memory, size = run(whole * ((32 << 20) // len(whole) + 1))
    harness.goal("  a script of 32 MiB", seconds, 6, "s")
    harness.goal("  its memory, over its text", memory * 2**20 / size, 10, "×")
    for what, text, count in (("nested parentheses, 10 MB", nested, 5_000_000), ("an INSERT of 1 M rows", rows, 1_000_000)):
        tenth, all_of_it = run(text(count // 10))[0], run(text(count))[0]
        # Starting costs some; twice of ten times is still far from a square.
        harness.goal(f"  {what}, over ten times a tenth of it", all_of_it / (10 * tenth), 2, "×", f"{all_of_it:.2f} s")


def by_call(files):
    """Twenty statements by the API with the rules of production, as an editor asks while one types."""
    scripts = [p.read_text() for p in sorted(pathlib.Path(files).glob("*.sql"))[:CALLS]]
    times = []
    with harness.server() as running:
        running.first_administrator()
        for script in scripts:
            begin = time.monotonic()
            running.call("ReviewService/TryReview", {"engine": "POSTGRES", "statement": script}, package="basalt.v1")
            times.append(1000 * (time.monotonic() - begin))
    note = f"median {statistics.median(times):.2f} ms of {len(times)} calls"
    harness.goal("  20 statements through the API, p99", harness.percentile(times, 99), 5, "ms", note)


with tempfile.TemporaryDirectory() as folder:
    one_in_turn(os.path.join(folder, "planted"))
    nothing_wrong(os.path.join(folder, "valid"))
    large(folder, os.path.join(folder, "planted"))
    by_call(os.path.join(folder, "planted"))
harness.finish()
