"""What these servers lack or do otherwise than ptvsd 2 and 3, with its reason: these tests of tests/live are
skipped on them; and what they say that DAP does not. Facts about the servers, never about the adapter."""

import re

import dapschema

FAULTS = re.compile(
    'id is 0|'  # breakpoints and modules count from 0
    'supportsDebuggerProperties|'  # a capability of their own
    "'package' was unexpected|body/details: .*'source' was unexpected|"  # fields of their own
    'debugpySockets|debugpyWaitingForServer|debugpyAttach|ptvsd_subprocess')  # events of their own


class Judge(dapschema.Judge):
    def faults(self, message):
        return [fault for fault in super().faults(message) if not FAULTS.search(fault)]


# module and test, the server or None for both, the reason
LIMITS = (
)


def why_not(test, pair):
    for name, release, reason in LIMITS:
        if name == test and release in (None, pair.release):
            return reason
    return None
