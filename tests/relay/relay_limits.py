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


STEPS = "pydevd's steps end elsewhere than ptvsd's, by rules of its own; 4.x calls some of their ends a pause"
HIT_IDS = r'breakpoints__(two_breakpoints_in_one_file|removed_before_its_module_came|breakpoints_in_both_of)'
IDS = 'no hitBreakpointIds'
LOADED = 'it calls a breakpoint verified before its module is loaded'
SUSPENDED = 'a vanished debugger leaves it suspended, or in disorder for a while: test_servers.py, test_killed'
RAISES = 'a condition that raises is told on stderr, or not at all, and does not stop'
GOES_ALONG = 'a thread that hits while another is stopped may be set going with it'
WARNS = 'it prints a warning of its own'
OURS = 'done by the bridge, on servers that it debugs itself'

# what the test's name matches, the server (or it on one Python) or None for all, the reason
LIMITS = (
    (r'breakpoints__condition_that_raises_stops', None, RAISES),
    (r'breakpoints__unchanged_breakpoints_keep_their_ids', None, 'it gives new ids each time'),
    (HIT_IDS, '4.3.2', IDS),
    (HIT_IDS, 'debugpy-py3.8', IDS + ' before debugpy 1.8.22'),
    (r'breakpoints__(module_imported_later|file_that_is_never_loaded_says_why)', None, LOADED),
    (r'leaving__editor_gone.*SIGKILL', '4.3.2', SUSPENDED),
    (r'leaving__disconnect_while_stepping', '4.3.2', 'a step under way outlives the session, and stops the next'),
    (r'^test_exception\[', '4.3.2-py3.11', 'on a Python newer than itself it misses raised exceptions now and then'),
    (r'leaving__(ptvsd_confirms_the_detach|disconnect_while_ptvsd_accepts)', None, 'of the handshake and the log of a ptvsd '
     'up to 3.2'),
    (r'breakpoints__compiled_ptvsd_shows_no_frame', None, 'of a fault of ptvsd 2.2 to 3.1'),
    (r'leaving__two_sessions_of_one_adapter', None, 'there is no secret that could be wrong'),
    (r'running__(evaluate_in_the_main_module|hover_and_watch_wait_for_a_stop|stacks)', None, OURS),
    (r'stepping__(step_(into|over)_everything|steps_of_all_kinds_mixed|into_and_out_of_a_recursion)', None, STEPS),
    (r'stepping__(step_out_at_once|step_out_of_every_depth|into_a_function_and_out)', None, STEPS),
    (r'threads__three_threads_hit_one_line', '4.3.2', GOES_ALONG),
    (r'threads__three_threads_hit_one_line', 'debugpy-py3.8', GOES_ALONG),
    (r'threads__step_sets_all_threads_going', None, 'it tells of each thread by itself'),
    (r'threads__step_of_the_only_thread', None, 'it tells of that one, too'),
    (r'threads__step_of_a_running_thread_is_refused', None, 'it accepts such a step and does nothing'),
    (r'exceptions__other_thread_goes_on', None, 'an exception stops all threads'),
    (r'output__(silent_detach_is_told|output_that_is_no_text)', None, OURS),
    (r'output__(much_output|slow_editor_is_sent_all_after)', None, 'it drops what it has not sent when the program ends: '
     'seen without a bridge, too, with debugpy on 3.13'),
    (r'output__output_still_goes_to_its_terminal', 'debugpy', WARNS),
    (r'output__output_still_goes_to_its_terminal', '4.3.2-py3.11', WARNS),
    (r'unicode__(values|unicode_names)', None, 'it names items and frames in another way'),
    (r'pause__', None, OURS),
)


def why_not(name, pair):
    for pattern, release, reason in LIMITS:
        if release in (None, pair.release, str(pair)) and re.search(pattern, name):
            return reason
    return None
