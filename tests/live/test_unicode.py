"""Beyond ASCII: names, values, output, file names. The adapter's own bytes stay ASCII (see dap.py)."""


def test_values(debuggee, adapter, pair):
    program, client = debuggee('unicode2.py'), adapter()
    client.attach(program, {program.file: [program.line('show')]})
    stop = client.wait_stopped('breakpoint')
    values = client.top_locals(stop.thread)
    if pair.python.is2:
        assert values['word']['value'] in ("u'gr\\xfc\\xdfe'", "u'gr\xfc\xdfe'", "'gr\xfc\xdfe'")
    else:
        assert values['word']['value'] == "'gr\xfc\xdfe'"
        assert values['smile']['value'] == "'\U0001f600'"
        (key,) = [one for one in client.children(client.children(values['entries'])['[1]']).values()
                  if one['value'] == "'\U0001f600'"]
        assert client.evaluate(key['evaluateName'], client.top(stop.thread)['id'])['result'] == "'\U0001f600'"
    frame = client.top(stop.thread)['id']
    assert client.evaluate('len(word)', frame)['result'] == '5'
    assert client.evaluate('len(u"\xfc\xdf")', frame)['result'] == '2'
    assert client.evaluate('len(raw)', frame)['result'] == '7'


def test_output(debuggee, adapter):
    program, client = debuggee('unicode2.py'), adapter()
    client.attach(program)
    client.wait_output('END')
    assert 'gr\xfc\xdfe \u2713\n' in client.output()
    program.wait_line('gr\xfc\xdfe \u2713')


def test_unicode_names(debuggee, adapter):
    program, client = debuggee('unicode3.py', saved_as='größe ✓.py'), adapter()
    (answered,) = client.attach(program, {program.file: [program.line('zeige')]})[program.file]
    client.wait_verified(answered)
    stop = client.wait_stopped('breakpoint')
    top = client.top(stop.thread)
    assert top['source']['path'] == program.file and top['source']['name'] == 'größe ✓.py'
    values = client.top_locals(stop.thread)
    assert list(values)[0] == 'wörter'
    assert client.children(values['größe'])['maß']['value'] == "'ü😀'"
    assert client.children(values['λ'])["['schlüssel']"]['value'] == "['ä', 'Ω']"
    assert client.evaluate('größe.maß + "→"', top['id'])['result'] == "'ü😀→'"
    assert 'weiß_nicht' in client.evaluate_refused('weiß_nicht', top['id'])
    client.continue_(stop.thread)
    program.wait_line('ende')


def test_condition(debuggee, adapter):
    program, client = debuggee('unicode2.py'), adapter()
    breakpoint = {'line': program.line('show'), 'condition': 'word == u"gr\xfc\xdfe"'}
    client.attach(program, {program.file: [breakpoint]})
    stop = client.wait_stopped('breakpoint')
    client.continue_(stop.thread)
    program.wait_line('END')
    client.not_stopped()
