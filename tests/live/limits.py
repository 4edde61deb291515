"""What a release of ptvsd on some Python cannot do, with its reason: these tests are skipped there, and the
summary at the end says so. Facts about ptvsd or Python, never about the adapter."""

NO_TEMPLATES = 'it opens templates by file(), which Python 3 has not, and so knows no lines of them'

# the test, releases or None for all, does it concern this Python?, the reason
LIMITS = (
    ('test_unicode_names', None, lambda python: python.is2, 'names are ASCII there'),
    ('test_assignment_to_a_local', None, lambda python: python.pypy, 'PyPy does not keep an assignment to a local'),
    ('test_compiled_module', ('2.0.0',), lambda python: python.is2,
     'version 2 does not list the modules that were loaded before the attach, so that no .pyc is known'),
    ('test_template_breakpoint', ('2.0.0',), lambda python: not python.is2, NO_TEMPLATES),
    ('test_template_steps', ('2.0.0',), lambda python: not python.is2, NO_TEMPLATES),
    ('test_template_mapped', ('2.0.0',), lambda python: not python.is2, NO_TEMPLATES),
    ('test_template_attached_again', ('2.0.0',), lambda python: not python.is2, NO_TEMPLATES),
    ('test_what_templates_have_not', ('2.0.0',), lambda python: not python.is2, NO_TEMPLATES),
    ('test_import_begun_before_the_attach', ('3.1.0', '3.2.0', '3.2.1'), lambda python: python.is2,
     'the first greeting imports, and Python 2 has one lock for that'),
    ('test_silent_detach_is_told', None, lambda python: not python.is2, 'ptvsd detaches silently on Python 2 only'),
    ('test_silent_detach_is_told', ('2.0.0', '2.1.0', '2.2.0', '3.0.0'), lambda python: python.is2,
     'the binary wires send bytes as they are'),
    ('test_silent_detach_is_told', ('3.1.0',), lambda python: python.is2,
     'version 7 cannot be asked while the program runs'),
)


def why_not(test, pair):
    for name, releases, concerns, reason in LIMITS:
        if name == test and pair.release in (releases or (pair.release,)) and concerns(pair.python):
            return reason
    return None
