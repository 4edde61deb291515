"""Adds up the results that tests/run.sh gathered: JUnit reports and other.tsv in one directory.

Names what failed and what was skipped, with the reason; then the line with the totals.
"""
import collections
import glob
import os
import sys
import xml.etree.ElementTree as ElementTree


def from_junit(path):
    run = os.path.splitext(os.path.basename(path))[0]
    for case in ElementTree.parse(path).iter("testcase"):
        name = "%s: %s" % (run, "::".join(filter(None, [case.get("classname"), case.get("name")])))
        found = [child for child in case if child.tag in ("failure", "error", "skipped")]
        if not found:
            yield "passed", name, ""
        for child in found[:1]:
            outcome = "skipped" if child.tag == "skipped" else "failed"
            yield outcome, name, (child.get("message") or "").split("\n")[0]


def from_table(path):
    with open(path, encoding="utf-8") as table:
        for line in table:
            outcome, name, reason = line.rstrip("\n").split("\t")
            yield outcome, name, reason


def gather(directory):
    for path in sorted(glob.glob(os.path.join(directory, "*.xml"))):
        yield from from_junit(path)
    for path in glob.glob(os.path.join(directory, "*.tsv")):
        yield from from_table(path)


def main():
    totals = collections.Counter()
    for outcome, name, reason in gather(sys.argv[1]):
        totals[outcome] += 1
        if outcome != "passed":
            print("%s: %s%s" % (outcome, name, reason and " (%s)" % reason))
    print("%(passed)d passed, %(failed)d failed, %(skipped)d skipped" % {
        "passed": totals["passed"], "failed": totals["failed"], "skipped": totals["skipped"]})
    return 1 if totals["failed"] or not totals["passed"] else 0


if __name__ == "__main__":
    sys.exit(main())
