"""Leaving: whatever the program was doing and however the adapter goes, the program runs on and the
next debugger gets in."""

import signal
import socket
import struct
import threading

import fakes
import pytest


def stop_in_work(client, program):
    client.attach(program, {program.file: [program.line('work')]})
    return client.wait_stopped('breakpoint')


def second_attach(adapter, program):
    """The program goes on undisturbed, and another session works from end to end."""
    program.goes_on()
    client = adapter()
    client.attach(program, {program.file: [program.line('return')]})
    stop = client.wait_stopped('breakpoint')
    assert client.place(stop.thread) == ('work', program.line('return'))
    values = client.top_locals(stop.thread)
    assert values['text']['value'].strip('\'"') == 'item %d' % (2 * int(values['number']['value']))
    client.disconnect()
    program.goes_on()
    program.tell('stop')
    assert program.exit_code() == 7


def test_disconnect_while_running(debuggee, adapter):
    program, client = debuggee('loop.py'), adapter()
    client.attach(program)
    program.goes_on()
    client.disconnect()
    second_attach(adapter, program)


def test_disconnect_while_stopped(debuggee, adapter):
    program, client = debuggee('loop.py'), adapter()
    stop_in_work(client, program)
    client.disconnect(restart=False, terminateDebuggee=False)
    second_attach(adapter, program)


@pytest.mark.parametrize('state', ['running', 'stopped'])
def test_ptvsd_confirms_the_detach(debuggee, adapter, tmp_path, state):
    """Without that the adapter leaves all the same, but three seconds later."""
    log = tmp_path / 'log'
    program, client = debuggee('loop.py'), adapter('--log-file', str(log))
    if state == 'stopped':
        stop_in_work(client, program)
    else:
        client.attach(program)
        program.goes_on()
    client.disconnect()
    said = log.read_text()
    assert 'attached: ' in said and 'did not answer the detach' not in said
    program.goes_on()


def test_disconnect_while_stepping(debuggee, adapter):
    program, client = debuggee('loop.py'), adapter()
    stop = stop_in_work(client, program)
    client.set_breakpoints(program.file, [])
    client.send_all([('stepOut', {'threadId': stop.thread}), ('disconnect', {})])
    assert client.wait_exit() == 0
    second_attach(adapter, program)


def test_disconnect_before_configuration_done(debuggee, adapter):
    program, client = debuggee('loop.py'), adapter()
    attach = client.start_attach(program)
    client.wait_initialized(attach)
    client.disconnect()
    second_attach(adapter, program)


def test_disconnect_right_after_attach(debuggee, adapter):
    program, client = debuggee('loop.py'), adapter()
    client.initialize()
    client.send_all([('attach', {'port': program.port, 'secret': 'hush-4711'}), ('disconnect', {})])
    client.wait_exit()
    client.ended = True
    second_attach(adapter, program)


class SlowToAccept(object):
    """In front of a real server: what that says behind the request to attach waits for `release`."""

    def __init__(self, port):
        self.port, self.asked, self.release = port, threading.Event(), threading.Event()
        self.server = fakes.Server(self.serve)

    def serve(self, peer):
        other = socket.create_connection(('127.0.0.1', self.port))
        other.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack('ii', 1, 0))  # as the adapter ends
        threading.Thread(target=self.back, args=(other, peer), daemon=True).start()
        try:
            for data in iter(lambda: peer.recv(4096), b''):
                other.sendall(data)
                if b'ATCH' in data or b'legacyRemoteDebuggerAttach' in data:
                    self.asked.set()
        finally:
            other.close()

    def back(self, other, peer):
        try:
            for data in iter(lambda: other.recv(4096), b''):
                if self.asked.is_set():
                    self.release.wait(20)
                peer.sendall(data)
        except OSError:
            pass  # closed by forth()


def test_disconnect_while_ptvsd_accepts(debuggee, adapter):
    """ptvsd has attached, the adapter does not know it yet, and no drop guard is in."""
    program, client = debuggee('loop.py'), adapter()
    slow = SlowToAccept(program.port)
    client.initialize()
    attach = client.send('attach', {'port': slow.server.port, 'secret': 'hush-4711'})
    assert slow.asked.wait(20)
    leaving = client.send_all([('disconnect', {}), ('threads', {})])
    client.wait_until(lambda: leaving[-1] in client.responses or attach in client.responses, 'the end of the attach')
    slow.release.set()
    client.response(leaving[0])
    assert client.wait_exit() == 0
    slow.server.close()
    second_attach(adapter, program)


@pytest.mark.parametrize('state', ['running', 'stopped'])
@pytest.mark.parametrize('how', ['EOF', 'SIGTERM', 'SIGINT', 'SIGHUP', 'SIGSEGV', 'SIGABRT', 'SIGKILL'])
def test_editor_gone(debuggee, adapter, how, state):
    """Or asked to end, crashing, or killed: the program goes on all the same."""
    program, client = debuggee('loop.py'), adapter()
    if state == 'stopped':
        stop_in_work(client, program)
    else:
        client.attach(program)
        program.goes_on()
    if how == 'EOF':
        client.close_input()
    else:
        client.signal(getattr(signal, how))
        client.ended = True
    client.wait_exit()
    second_attach(adapter, program)


def test_editor_gone_in_the_middle_of_a_message(debuggee, adapter):
    program, client = debuggee('loop.py'), adapter()
    stop_in_work(client, program)
    client.process.stdin.write(b'Content-Length: 300\r\n\r\n{"seq": 99, "type"')
    client.close_input()
    client.wait_exit()
    second_attach(adapter, program)


def test_editor_hangs_up_first(debuggee, adapter):
    """Its end of the output pipe is gone before the adapter writes into it."""
    program, client = debuggee('loop.py'), adapter()
    client.attach(program)
    client.hang_up()
    program.goes_on()
    client.close_input()
    client.wait_exit()
    client.ended = True
    second_attach(adapter, program)


def test_own_exit_code_after_detach(debuggee, adapter):
    program, client = debuggee('loop.py'), adapter()
    stop_in_work(client, program)
    client.disconnect()
    program.goes_on()
    program.tell('stop')
    assert program.exit_code() == 7
    assert [line for line in program.err.lines if 'Traceback' in line] == []


def test_five_times_in_a_row(debuggee, adapter):
    program = debuggee('loop.py')
    for turn in range(5):
        client = adapter()
        stop = stop_in_work(client, program)
        assert client.place(stop.thread) == ('work', program.line('work'))
        client.disconnect()
    second_attach(adapter, program)


def test_old_breakpoints_are_gone(debuggee, adapter):
    program, client = debuggee('loop.py'), adapter()
    stop_in_work(client, program)
    client.disconnect()
    again = adapter()
    again.attach(program)
    program.goes_on()
    again.not_stopped()


def test_two_sessions_of_one_adapter(debuggee, adapter):
    """After `terminated` of one program the adapter may go; a refused attach leaves it ready."""
    program, client = debuggee('loop.py'), adapter()
    client.attach_refused(program, secret='wrong')
    client.attach_refused(program, secret='wrong again')
    stop = stop_in_work(client, program)
    client.continue_(stop.thread)
    client.wait_stopped('breakpoint')


def test_no_spin_after_detach(debuggee, adapter):
    """ptvsd's reader must not be left spinning: the program sleeps, so it uses nearly no CPU."""
    program, client = debuggee('quiet.py'), adapter()
    client.attach(program, {program.file: [program.line('beat')]})
    client.wait_stopped('breakpoint')
    client.disconnect()
    before = program.cpu_seconds()
    with pytest.raises(Exception):
        program.exit_code(1.5)
    assert program.cpu_seconds() - before < 0.5
    program.tell('stop')
    assert program.exit_code() == 0


def test_terminate_debuggee_only_detaches(debuggee, adapter):
    program, client = debuggee('loop.py'), adapter()
    stop_in_work(client, program)
    client.disconnect(terminateDebuggee=True)
    second_attach(adapter, program)


def test_terminate_ends_nothing(debuggee, adapter):
    program, client = debuggee('loop.py'), adapter()
    stop_in_work(client, program)
    client.response(client.send('terminate', {}))
    client.response(client.send('disconnect', {}))
    client.wait_exit()
    second_attach(adapter, program)


def test_second_disconnect(debuggee, adapter):
    """Is answered, or the adapter is gone already."""
    program, client = debuggee('loop.py'), adapter()
    client.attach(program)
    client.send_all([('disconnect', {}), ('disconnect', {})])
    assert client.wait_exit() == 0
    client.ended = True
    second_attach(adapter, program)


def test_detach_answers_an_open_handler_question(debuggee, adapter):
    """A thread that asked which exceptions a file handles must not be left hanging."""
    program, client = debuggee('raises.py', 'handled', 'handled', 'handled'), adapter()
    attach = client.start_attach(program)
    client.wait_initialized(attach)
    client.request('setExceptionBreakpoints', filters=['uncaught'])
    client.send_all([('configurationDone', None), ('disconnect', {})])
    assert client.wait_exit() == 0
    client.response(attach)
    try:
        program.wait_line('done', 1)
    except AssertionError:  # the debugger may have come and gone before wait_for_attach was called
        adapter().attach(program)
        program.wait_line('done')
    assert program.exit_code() == 0
