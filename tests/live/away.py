"""What needs a network of its own, run by test_away.py as `unshare -rn python away.py CASE DIRECTORY`: this machine has
a public address there, and the name servers of the system are on it too, where they know one name and else say
nothing. Prints what came of it as JSON."""

import concurrent.futures
import fcntl
import json
import os
import socket
import struct
import sys
import threading

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.join(os.path.dirname(HERE), 'schema')]

import dap  # noqa: E402
import dapschema  # noqa: E402
import packages  # noqa: E402
import servers  # noqa: E402

PUBLIC = '203.0.113.7'  # of RFC 5737
KNOWN = 'bücher.example'


def add_address(name, address):
    set_address, set_flags, up = 0x8916, 0x8914, 0x41
    with socket.socket() as one:
        fcntl.ioctl(one, set_address, struct.pack('16sH2x4s8x', name, socket.AF_INET, socket.inet_aton(address)))
        fcntl.ioctl(one, set_flags, struct.pack('16sH14x', name, up))


def name_servers():
    with open('/etc/resolv.conf') as lines:
        found = [line.split()[1] for line in lines if line.startswith('nameserver')]
    return [one for one in found if ':' not in one] or ['127.0.0.1']  # that one is asked where none is named


def answer(query):
    """An A record for the one name that is known."""
    query = query[:12] + query[12:].lower()
    asked = b''.join(bytes([len(label)]) + label for label in KNOWN.encode('idna').split(b'.')) + b'\0\0\1\0\1'
    if query[12:12 + len(asked)] == asked:
        record = b'\xc0\x0c\0\1\0\1\0\0\0\0\0\4' + socket.inet_aton('127.0.0.1')
        return query[:2] + b'\x81\x80\0\1\0\1\0\0\0\0' + asked + record
    if query[12:12 + len(asked) - 4] == asked[:-4]:  # no AAAA
        return query[:2] + b'\x81\x80\0\1\0\0\0\0\0\0' + query[12:12 + len(asked)]


def serve_names(address):
    one = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    one.bind((address, 53))

    def serve():
        while True:
            query, peer = one.recvfrom(4096)
            if answer(query):
                one.sendto(answer(query), peer)
    threading.Thread(target=serve, daemon=True).start()


def important(client):
    return [event['output'] for event in client.all_events('output') if event['category'] == 'important']


def attach_and_leave(judge, program, **how):
    client = dap.Client(judge, ())
    client.attach(breakpoints={program.file: [program.line('work')]}, **how)
    client.wait_stopped('breakpoint')
    client.end()
    assert client.faults == []
    return important(client)


def by_command(*arguments):
    done = dap.run(*arguments, timeout=dap.PATIENCE)
    return done.stdout, done.stderr


def clear_text(judge, program):
    """A secret to a public address, none to one, one to this machine; and what the subcommands say."""
    there = '%s:%d' % (PUBLIC, program.port)
    return {'public': attach_and_leave(judge, program, uri='tcp://hush-4711@' + there),
            'private': attach_and_leave(judge, program, uri='tcp://hush-4711@127.0.0.1:%d' % program.port),
            'list': by_command('list', 'tcp://hush-4711@' + there), 'without': by_command('list', 'tcp://' + there),
            'doctor': by_command('doctor', 'tcp://hush-4711@' + there)}


def mute_name_server(judge, program):
    """Nobody waits for it: neither other attaches nor the end of the program."""
    with concurrent.futures.ThreadPoolExecutor() as beside:
        doctor = beside.submit(by_command, 'doctor', 'nowhere.example')
        listed = beside.submit(by_command, 'list', *['nowhere.example'] * 6)  # more than libuv has threads
        client = dap.Client(judge, ())
        refused = client.attach_refused(host='nowhere.example', port=5678)
        client.attach(program, {program.file: [program.line('work')]})
        client.wait_stopped('breakpoint')
        client.end()
        return {'attach': [refused], 'doctor': doctor.result(), 'list': listed.result(), 'faults': client.faults}


def no_route(judge, program):
    return {'doctor': by_command('doctor', '198.51.100.9'), 'list': by_command('list', '198.51.100.9')}


def known_name(judge, program):
    return {'notes': attach_and_leave(judge, program, uri='tcp://hush-4711@%s:%d' % (KNOWN, program.port)),
            'doctor': by_command('doctor', 'tcp://hush-4711@%s:%d' % (KNOWN.upper(), program.port))}


def main():
    add_address(b'lo', '127.0.0.1')
    for number, address in enumerate([PUBLIC] + [one for one in name_servers() if not one.startswith('127.')]):
        add_address(b'lo:%d' % number, address)
    for address in name_servers():
        serve_names(address)
    pair = [pair for pair in servers.matrix() if pair.python.path][0]
    program = servers.Debuggee(pair, 'loop.py', sys.argv[2], changed={"'127.0.0.1'": "'0.0.0.0'"})
    try:
        judge = dapschema.Judge(dapschema.read_definitions(packages.debugpy_wheel()))
        case = {'clear_text': clear_text, 'mute_name_server': mute_name_server, 'known_name': known_name,
                'no_route': no_route}[sys.argv[1]]
        print(json.dumps(case(judge, program)))
    finally:
        program.end()


main()
