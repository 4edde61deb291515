"""What is said at the end of a run: the pairs of the live suite, and why a test had to run twice. It stands here
because pytest-xdist's own process, which says it, reads no conftest.py further down."""

import collections


def show_reruns(terminalreporter):
    """What the first run of a test said that passed at the second."""
    for report in terminalreporter.stats.get('rerun', []):
        terminalreporter.section('first run of ' + report.nodeid)
        text = report.longreprtext
        terminalreporter.write_line(text if len(text) < 6000 else text[:3000] + '\n[...]\n' + text[-3000:])
        for name, text in report.sections:
            terminalreporter.write_line('---- %s\n%s' % (name, text[-6000:]))


def pytest_terminal_summary(terminalreporter):
    show_reruns(terminalreporter)
    ran, skipped = collections.Counter(), collections.OrderedDict()
    for outcome, reports in terminalreporter.stats.items():
        for report in reports:
            name = getattr(report, 'pair', None)
            if name and outcome == 'skipped':
                skipped.setdefault(name, set()).add(str(report.longrepr[2]))
            elif name and report.when == 'call':
                ran[name] += 1
    terminalreporter.section('ptvsd releases and Pythons')
    for name in sorted(set(ran) | set(skipped)):
        terminalreporter.write_line('%-16s %3d ran%s' % (
            name, ran[name], ''.join('; skipped: ' + why for why in sorted(skipped.get(name, ())))))
