"""What a user must see, S1 to S46 of the list that this project was begun with: for each, the tests that show it. A test
whose name begins with the number is found by that; the others stand in STORIES, and the few that none of them looks
at are here."""

import collections
import re

import pytest

import features
from test_failures import serve  # noqa: F401
from test_list import listed, tells, text

STORIES = {
    'S1': 'live/attach.guessing_game live/attach.attach_stop_is_not_shown',
    'S2': 'live/attach.ways_to_say_where',
    'S3': 'live/attach.guessing_game live/values.values_and_types',
    'S4': 'live/paths.by_name_in_another_folder',
    'S5': 'live/sources.text_of_a_file live/paths.frame_without_local_copy',
    'S6': 'live/attach.program_without_secret live/doctor.no_secret_is_needed',
    'S7': 'live/attach.wrong_secret_then_right_one live/doctor.stage live/secrets.canary',
    'S9': 'live/attach.early_breakpoint live/attach.held_until_configuration_done',
    'S11': 'live/attach.program_breaks_by_itself',
    'S12': 'live/attach.program_breaks_by_itself',
    'S13': 'live/list.list live/list.asked_again_and_again live/list.many_at_once live/candidates.several_answer',
    'S14': 'live/candidates.one_answers live/attach.process_and_thread_events',
    'S15': 'live/leaving.disconnect_while_stopped live/leaving.disconnect_while_running '
           'live/output.output_still_goes_to_its_terminal',
    'S16': 'live/leaving.five_times_in_a_row live/output.output_is_not_doubled_by_another_attach '
           'live/leaving.old_breakpoints_are_gone',
    'S17': 'live/ending.program_ends live/ending.killed',
    'S18': 'live/away.secret_in_clear_text',
    'S19': 'live/doctor.stage live/away.no_route',
    'S20': 'live/attach.second_debugger live/doctor.busy',
    'S21': 'live/failures.unsupported_version',
    'S22': 'live/failures.not_a_ptvsd live/failures.server_speaks_tls',
    'S23': 'live/attach.first_stop relay/servers.session',
    'S31': 'live/away.secret_in_clear_text',
    'S34': 'live/websocket.no_websocket live/doctor.stage',
    'S35': 'live/proxy.page_of_a_program live/proxy_page.program_runs',
    'S36': 'live/web_ways.wake live/web_ways.session_after_waking',
    'S37': 'live/over.long_stop',
    'S39': 'live/over.session live/attach.ways_to_say_where',
    'S40': 'live/proxy.frames live/proxy.large live/websocket.websocket_ends_early',
    'S41': 'live/features.tests_of_the_rows_exist live/suite_over.part_of_the_suite',
    'S46': 'editors/pages.attaches editors/neovim.session editors/vim.session editors/emacs.dape '
           'editors/emacs.dap_mode editors/workbench.session',
}


def test_each_has_its_tests():
    known, shown = features.known_tests('live', 'relay', 'editors'), collections.defaultdict(list)
    for story, names in STORIES.items():
        shown[story] += names.split()
    for name in known:
        number = re.match(r'[^.]*\.s(\d+)_', name)
        if number:
            shown['S' + number.group(1)].append(name)
    assert [name for names in shown.values() for name in names if name not in known] == []
    assert sorted(shown) == sorted('S%d' % number for number in range(1, 47))


@pytest.mark.two_pythons
def test_s8_thread_that_ran_before(debuggee, adapter):
    """It is not listed: ptvsd traces those that begin after enable_attach."""
    before = ('import threading\nearly = threading.Thread(target=time.sleep, args=(60,))\nearly.daemon = True\n'
              'early.start()\n\nptvsd.enable')
    program, client = debuggee('loop.py', changed={'ptvsd.enable': before}), adapter()
    client.attach(program, {program.file: [program.line('work')]})
    stop = client.wait_stopped('breakpoint')
    assert [thread['id'] for thread in client.threads()] == [stop.thread]


@pytest.mark.two_pythons
def test_s10_wait_that_ends(debuggee, adapter):
    waits = {"print('READY')": "ptvsd.wait_for_attach(0.1)\nprint('READY')"}
    program, client = debuggee('loop.py', changed=waits), adapter()
    program.goes_on()
    client.attach(program, {program.file: [program.line('work')]})
    client.wait_stopped('breakpoint')


@pytest.mark.one_pair
def test_s38_secret_of_a_site(debuggee, adapter, pair, proxy):
    message = adapter().attach_refused(uri=proxy.uri(debuggee('loop.py'), 'old'))
    assert 'each time it is published' in message and 'WSGI_PTVSD_SECRET' in message


@pytest.mark.one_pair
def test_s42_name_of_the_process(debuggee, adapter, proxy):
    program, client = debuggee('loop.py'), adapter()
    client.attach(uri=proxy.uri(program))
    assert client.wait_event('process')['name'] == proxy.uri(program).replace('hush-4711@', '')


@pytest.mark.two_pythons
@pytest.mark.parametrize('shown', [True, False])
def test_s44_output_is_the_programs_choice(debuggee, adapter, shown):
    chosen = {'int(sys.argv[1]))': 'int(sys.argv[1])), redirect_output=%r' % shown}
    program, client = debuggee('early.py', changed=chosen), adapter()
    client.attach(program)
    program.wait_line('passed')
    client.wait_event('terminated')
    assert ('passed' in ''.join(body['output'] for body in client.all_events('output')
                                if body.get('category') == 'stdout')) == shown


def test_s45_whatever_it_says_of_itself(serve):  # noqa: F811
    said = 'IronPython 2.7.9 (Windows 32-bit)'
    port = serve(tells(text(b'C:\\ipy.exe'), text(b'somebody'), text(said.encode())))
    assert listed('127.0.0.1:%d' % port)[0][0]['python'] == said
