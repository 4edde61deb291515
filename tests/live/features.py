"""What the adapter offers on which wire, and the tests that show it: docs/features.md is made from this and
from the report of a live run, never typed.

    python3 tests/live/features.py LIVE.XML...          # does the report show each row? is the page the same?
    python3 tests/live/features.py LIVE.XML... --write  # makes the page

A row stands in the page for a wire only if each of its tests passed there and none failed.
"""

import ast
import collections
import os
import re
import sys
import xml.etree.ElementTree as ElementTree

import servers

PAGE = os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', '..', 'docs', 'features.md')
WIRES = sorted(set(servers.WIRES.values()))

NATIVE, EXECUTED, BRIDGE = 'native', 'executed', 'by the bridge'  # anything else is the reason for a "no"

# `how`: one for all wires, or by wire. `tests`: test_ left out; those in `tests` whose name has no release in it
# look at what is the same for all.
Row = collections.namedtuple('Row', 'group name flag how tests')

ONLY_STOPPED = 'code can be executed only in a thread that is stopped'
ROWS = []


def known_tests(*folders):
    """The tests that there are, as live/attach.first_stop."""
    known, above = set(), os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    for folder in folders:
        for name in sorted(os.listdir(os.path.join(above, folder))):
            if not (name.startswith('test_') and name.endswith('.py')):
                continue
            with open(os.path.join(above, folder, name), encoding='utf-8') as file:
                known.update('%s/%s.%s' % (folder, name[5:-3], one.name[5:]) for one in ast.walk(ast.parse(file.read()))
                             if isinstance(one, ast.FunctionDef) and one.name.startswith('test_'))
    return known


def row(group, name, how, tests, flag=''):
    ROWS.append(Row(group, name, flag, how if isinstance(how, dict) else dict.fromkeys(WIRES, how), tests.split()))


def below(version, lower, upper):
    return dict((wire, lower if wire < version else upper) for wire in WIRES)


row('session', 'attach', NATIVE, 'attach.first_stop attach.early_breakpoint')
row('session', 'launch', BRIDGE, 'launch.to_its_end launch.breakpoints_and_steps launch.stop_on_entry '
    'launch.without_debugger launch.disconnect_ends_it')
row('session', 'configurationDone', BRIDGE, 'attach.held_until_configuration_done', 'supportsConfigurationDoneRequest')
row('session', 'disconnect, and attach again', NATIVE, 'leaving.disconnect_while_running '
    'leaving.disconnect_while_stopped leaving.disconnect_while_stepping leaving.five_times_in_a_row')
row('session', 'stopOnEntry', NATIVE, 'attach.stop_on_entry attach.breakpoint_on_entry')
row('session', 'restart', BRIDGE, 'restart.while_stopped restart.while_running', 'supportsRestartRequest')
row('session', 'terminate', EXECUTED, 'terminate.while_running terminate.while_stopped '
    'terminate.capabilities_say_that_it_is_allowed', 'supportsTerminateRequest')
row('session', 'terminateDebuggee', EXECUTED, 'terminate.disconnect_ends_it leaving.terminate_debuggee_only_detaches',
    'supportTerminateDebuggee')
row('session', 'cancel', BRIDGE, 'cancel.cancel cancel.nothing_to_cancel', 'supportsCancelRequest')
row('session', 'drop guard', EXECUTED, 'restart.the_program_has_gone leaving.editor_gone')
row('session', "`ptvsd-dap release`", below(7, NATIVE, 'there is no way in beside the debugger that is attached'),
    'release.release release.release_of_all_threads')
row('session', '`allowCodeOnAttach`: false', BRIDGE, 'no_code.nothing_is_executed no_code.what_is_lost_is_told')
row('session', 'justMyCode, breakOnSystemExitZero, django', below(6, EXECUTED, NATIVE),
    'options.library_code_is_entered_on_demand options.exit_with_success')

row('breakpoints', 'setBreakpoints', NATIVE, 'breakpoints.set_and_removed_while_running '
    'breakpoints.module_imported_later breakpoints.unchanged_breakpoints_keep_their_ids')
row('breakpoints', 'conditions', NATIVE, 'breakpoints.condition breakpoints.condition_added_while_running',
    'supportsConditionalBreakpoints')
row('breakpoints', '`changed(expression)`', NATIVE, 'hit_conditions.changed')
row('breakpoints', 'hitCondition', below(6, EXECUTED, NATIVE), 'hit_conditions.hit_condition '
    'hit_conditions.edited_in_place_the_count_goes_on', 'supportsHitConditionalBreakpoints')
row('breakpoints', 'logMessage', EXECUTED, 'logpoints.thousand_passes_in_order logpoints.three_threads',
    'supportsLogPoints')
row('breakpoints', 'setFunctionBreakpoints', EXECUTED, 'function_breakpoints.kinds_of_functions '
    'function_breakpoints.in_a_module_that_is_loaded_later', 'supportsFunctionBreakpoints')
row('breakpoints', 'breakpointLocations, and lines moved to where Python stops', EXECUTED, 'stop_lines.locations '
    'stop_lines.line_that_moved_is_hit', 'supportsBreakpointLocationsRequest')
row('breakpoints', 'path mapping by folders and by name', BRIDGE, 'paths.several_mappings_longest_prefix_wins '
    'paths.by_name_in_another_folder paths.editor_on_windows')

row('exceptions', 'filters `raised` and `uncaught`', NATIVE, 'exceptions.raised exceptions.uncaught '
    'exceptions.handled_does_not_stop')
row('exceptions', 'by type: filterOptions', NATIVE, 'exception_types.types', 'supportsExceptionFilterOptions')
row('exceptions', 'types that derive from those named', EXECUTED, 'exception_types.derived_types '
    'exception_types.derived_types_of_another_session')
row('exceptions', 'by type: exceptionOptions', NATIVE, 'exception_types.types', 'supportsExceptionOptions')
row('exceptions', 'by type: `exceptionHandling` in the configuration', NATIVE, 'exception_types.exception_handling '
    'exception_types.exception_handling_stays')
row('exceptions', 'exceptionInfo', EXECUTED, 'exception_info.raised exception_info.uncaught',
    'supportsExceptionInfoRequest')

row('running', 'continue', NATIVE, 'threads.one_continue_resumes_all')
row('running', 'next, stepIn, stepOut', NATIVE, 'stepping.steps_of_all_kinds_mixed stepping.step_out_of_every_depth')
row('running', 'pause', NATIVE, 'threads.pause_in_a_busy_loop threads.pause_in_sleep')
row('running', 'continue and steps of one thread (`singleThread`)', EXECUTED, 'single_thread.continue '
    'single_thread.steps single_thread.step_into_a_target', 'supportsSingleThreadExecutionRequests')
row('running', 'goto', EXECUTED, 'goto.jump_forward goto.jump_back', 'supportsGotoTargetsRequest')
row('running', 'stepInTargets', EXECUTED, 'step_targets.targets step_targets.into', 'supportsStepInTargetsRequest')
row('running', 'restartFrame (the innermost)', EXECUTED, 'goto.restart_frame', 'supportsRestartFrame')
row('running', "a program under Python's own prefix is told", EXECUTED, 'sources.program_under_the_prefix_of_python')

row('looking', 'threads', NATIVE, 'threads.threads_come_and_go')
row('looking', 'stackTrace', NATIVE, 'values.500_frames threads.all_threads_can_be_looked_at',
    'supportsDelayedStackTraceLoading')
row('looking', 'stacks and thread names while the program runs', below(8, ONLY_STOPPED, EXECUTED),
    'running.stacks running.names_of_threads')
row('looking', 'scopes', NATIVE, 'values.scopes values.arguments_come_first')
row('looking', 'the globals that the code uses, as a scope', NATIVE, 'values.used_globals values.no_used_globals '
    'setting.used_global')
row('looking', 'variables', NATIVE, 'values.nested_values values.every_evaluate_name_gives_its_value')
row('looking', 'variables by pages and in groups', EXECUTED, 'paging.pages paging.groups')
row('looking', 'presentation hints, lazy values', EXECUTED, 'presentation.hints '
    'presentation.an_iterator_runs_when_it_is_opened')
row('looking', 'variablePresentation, maxValueLength, showGlobals', BRIDGE, 'presentation.groups '
    'presentation.more_than_ptvsd_lists presentation.long_values presentation.no_globals')
row('looking', 'hexadecimal numbers; titles of frames', NATIVE, 'setting.hexadecimal values.titles_of_frames',
    'supportsValueFormattingOptions')
row('looking', 'setVariable', EXECUTED, 'setting.local setting.global setting.children', 'supportsSetVariable')
row('looking', 'setExpression', EXECUTED, 'setting.expression', 'supportsSetExpression')
row('looking', 'evaluate: expressions and statements', NATIVE, 'values.expressions values.statements')
row('looking', 'evaluate: hover, which calls nothing', NATIVE, 'values.hover_calls_nothing', 'supportsEvaluateForHovers')
row('looking', 'evaluate: clipboard, the whole value', EXECUTED, 'clipboard.whole_repr clipboard.ten_megabytes',
    'supportsClipboardContext')
row('looking', 'evaluate while the program runs', below(8, ONLY_STOPPED, EXECUTED),
    'running.evaluate_in_the_main_module')
row('looking', 'locations: where a function or class is defined', EXECUTED, 'locations.functions_and_classes '
    'locations.without_a_definition')
row('looking', 'completions', EXECUTED, 'completions.names completions.attributes', 'supportsCompletionsRequest')

row('sources', 'source without a local copy', EXECUTED, 'sources.text_of_a_file sources.text_of_a_string')
row('sources', 'a local copy that differs is told', EXECUTED, 'sources.copy_that_differs_is_told_once')
row('sources', 'modules', dict(below(4, BRIDGE, NATIVE)), 'sources.modules_and_their_pages', 'supportsModulesRequest')
row('sources', 'loadedSources, loadedSource', BRIDGE,
    'sources.loaded_sources sources.a_source_is_told_when_it_loads', 'supportsLoadedSourcesRequest')

row('output', 'output of the program', NATIVE, 'output.output output.much_output')
row('output', '`redirectOutput`: false', BRIDGE, 'options.output_is_not_shown '
    'options.lines_of_log_points_are_always_shown')
row('output', 'not doubled by another attach', EXECUTED, 'output.output_is_not_doubled_by_another_attach')

row('links', '`tcp://`', NATIVE, 'attach.first_stop')
row('links', '`ws://`', BRIDGE, 'over.session over.killed')
row('links', '`tcps://` (TLS 1.0, as ptvsd speaks it)', NATIVE, 'tls_ptvsd.session tls_ptvsd.great_values')
row('links', '`wss://`', BRIDGE, 'tls_websocket.session')
row('links', 'HTTP proxies', BRIDGE, 'web_ways.session_by_proxy')
row('links', '`ptvsd-dap proxy`', BRIDGE, 'proxy.page_of_a_program')
row('links', '`ptvsd-dap list` and `doctor`', NATIVE, 'list.through_a_websocket doctor.through_a_websocket')
row('links', 'waitForServer, restart', BRIDGE, 'waiting.program_is_started_later waiting.program_comes_back')

row('not offered', 'stepIn and continue of a single thread', 'ptvsd takes the resume of the thread '
    'that sent the attach stop for one of all threads, and a thread that runs alone could stop unseen', '')
row('not offered', 'suspendDebuggee', 'a program without a debugger must not stand still', '')
row('not offered', 'terminateThreads', 'an exception thrown into a thread can leave its locks held', '')
row('not offered', 'stepping by instructions or expressions', 'Python tells its debugger of lines', '')
row('not offered', 'dataBreakpointInfo, setDataBreakpoints', 'Python does not tell of changes; `changed(expression)` '
    'serves at a line', '')
row('not offered', 'readMemory, writeMemory, disassemble, setInstructionBreakpoints', 'a Python program has no such '
    'view of itself', '')
row('not offered', 'stepBack, reverseContinue', 'Python does not run backwards', '')


def flags():
    """The capabilities, of those that are announced at once or by an event, that a row stands for."""
    return set(one.flag for one in ROWS if one.flag)


def read_reports(paths):
    """For each test by its short name: the wires it passed on (0: it names none), or None if it failed."""
    passed = {}
    for case in [case for path in paths for case in ElementTree.parse(path).iter('testcase')]:
        module = (case.get('classname') or '').rpartition('.')[2]
        name, _, parameters = (case.get('name') or '').partition('[')
        short = '%s.%s' % (module.replace('test_', '', 1), name.replace('test_', '', 1))
        kinds = set(child.tag for child in case)
        if kinds & {'failure', 'error'} or passed.get(short, ()) is None:
            passed[short] = None
        elif 'skipped' not in kinds:
            release = re.match(r'(\d+\.\d+\.\d+)-', parameters)
            passed.setdefault(short, set()).add(servers.WIRES.get(release.group(1)) if release else 0)
    return passed


def claimed(how):
    return how in (NATIVE, EXECUTED, BRIDGE)


def faults(passed):
    for one in ROWS:
        for test in one.tests:
            where = passed.get(test, set())
            missing = [wire for wire in WIRES if claimed(one.how[wire]) and not (where and {wire, 0} & where)]
            if where is None or missing:
                yield '%s: test_%s %s' % (one.name, test.replace('.', '.test_'), 'failed' if where is None else
                                          'did not pass on wire %s' % ', '.join(map(str, missing)))


def page():
    lines = ['# What works on which ptvsd', '',
             'Made by `tests/live/features.py` from a run of the live tests: each line was shown by its tests on each',
             'wire. *native*: ptvsd does it; *executed*: a small program of ours, executed in the debuggee, does it',
             '(`adapter/remote/`); *by the bridge*: nothing is needed of ptvsd.', '',
             'Wires: ' + '; '.join('%d = ptvsd %s' % (wire, ', '.join(
                 sorted(release for release, number in servers.WIRES.items() if number == wire))) for wire in WIRES) + '.']
    reasons = []
    for group in sorted(set(one.group for one in ROWS), key=[one.group for one in ROWS].index):
        lines += ['', '## %s' % group.capitalize(), '', '| | capability | %s |' % ' | '.join(map(str, WIRES)),
                  '|---' * (len(WIRES) + 2) + '|']
        for one in ROWS:
            if one.group == group:
                cells = []
                for wire in WIRES:
                    how = one.how[wire]
                    if not claimed(how) and how not in reasons:
                        reasons.append(how)
                    cells.append(how if claimed(how) else 'no (%d)' % (reasons.index(how) + 1))
                lines.append('| %s | %s | %s |' % (one.name, one.flag and '`%s`' % one.flag, ' | '.join(cells)))
    lines += [''] + ['(%d) %s.' % (number, why[0].upper() + why[1:]) for number, why in enumerate(reasons, 1)]
    return '\n'.join(lines) + '\n'


def main(*arguments):
    reports = [one for one in arguments if one != '--write']
    found = list(faults(read_reports(reports)))
    print('\n'.join(found))
    if len(reports) < len(arguments) and not found:
        with open(PAGE, 'w', encoding='utf-8') as file:
            file.write(page())
    with open(PAGE, encoding='utf-8') as file:
        same = file.read() == page()
    if not same:
        print('docs/features.md is another: make it anew with --write')
    return 1 if found or not same else 0


if __name__ == '__main__':
    sys.exit(main(*sys.argv[1:]))
