# with: scope.py
"""The condition of a breakpoint that ptvsd's own tests cannot express: log points on all wires, counts
where the wire has none or not that kind. ptvsd evaluates it as any condition, at each pass; the first
pass puts a short one in its place, which calls the Point that was made here. So a pass costs a call,
no name is needed that the program could have for itself, and the Point goes with its breakpoint.

Nothing in here may raise: for ptvsd that would be a hit. A log point never hits.

Arguments: `point`, the breakpoint and the edition of its text; `when`, a condition, or None; `changed`:
it is to
change, not to hold; `test`, a function of the number of passes so far, or None; `log`, texts and, in
tuples, expressions, or None; `adds`: ptvsd counts one after True; `doubted`: asked at a stop
which may have come from an earlier edition, unless this one has counted.
"""

LONGEST = 65536  # characters of one value
MANY = 2147483647


class Point(object):
    def __init__(self, passed):
        self.when = when and compiled(when)
        self.log = log and [part if isinstance(part, text_type) else compiled(part[0]) for part in log]
        self.counter = iter(numbers(passed + 1, MANY))  # no other thread can split its next()
        self.passed = passed
        self.last = nothing
        self.place = None
        self.doubled = False

    def passes(self):
        return self.at(d.sys._getframe(1), True)

    def at(self, frame, adds):
        """True to stop here. The frame is one of eval(), with the globals and locals to use."""
        if self.doubled and is_double(frame.f_back.f_locals):
            return False
        failure = None
        try:
            if when and not self.holds(evaluate(self.when, frame)):
                return False
        except:  # counts as true for ptvsd, too
            failure = 'the condition of the log point: ' + describe()
        if not self.counts(adds and log is None):
            return False
        if log is None:
            return True
        self.say(frame, failure)
        return False

    def holds(self, value):
        if not changed:
            return value
        before, self.last = self.last, value
        return before is nothing or not before == value

    def counts(self, adds):
        number = self.passed = next(self.counter, MANY)
        hit = test is None or test(number)
        if self.place:
            try:
                line, key = self.place
                d.BREAKPOINTS[line][key].hit_count = number - 1 if hit and adds else number
            except KeyError:
                pass  # it was removed a moment ago
        return hit

    def say(self, frame, failure):
        """To the editor only: a stream of ptvsd's with no stream of the program behind it. By the mark the bridge
        knows the line from what the program prints (session_events.c)."""
        try:
            line = failure or empty.join(part if isinstance(part, text_type) else shown(part, frame)
                                         for part in self.log)
            d._DebuggerOutput(None, 'stdout').write(mark + sendable(line) + '\n')
        except:
            pass


def compiled(text):
    """Or, in a tuple, why not: an exception would hold on to the frames of its last traceback."""
    try:
        return compile(text.strip(), '<string>', 'eval', 0, True)
    except Exception as error:
        return getattr(error, 'msg', None) or str(error),


def evaluate(code, frame):
    if isinstance(code, tuple):
        raise SyntaxError(code[0])
    return value_at(code, frame)


def shown(code, frame):
    try:
        return text_of(evaluate(code, frame))
    except:
        return describe()


def describe():
    kind, error = d.sys.exc_info()[:2]
    try:
        return empty.join(['<', kind.__name__, ': ', text_of(error), '>'])
    except:
        return '<' + kind.__name__ + '>'


def text_of(value):
    text = value if isinstance(value, text_type) else str(value)
    if not isinstance(text, text_type):  # Python 2
        text = codecs.utf_8_decode(text, 'replace', True)[0]
    return text if len(text) <= LONGEST else text[:LONGEST] + '...'


def sendable(text):
    """Half characters would break the connection."""
    return codecs.utf_8_decode(codecs.utf_8_encode(text, 'backslashreplace')[0], 'replace', True)[0]


def is_double(names):
    """Up to 2.1.0 a breakpoint that was bound under another name stands in the table twice."""
    try:
        file = names['frame'].f_code.co_filename
        return names['filename'] != file and (file, point[0]) in names['bp']
    except Exception:
        return False


# ---- into the table of ptvsd

def entries():
    """(line, key, what stands there) of our breakpoint, and the ids of all."""
    mine, ids = [], set()
    for line, at_line in list(d.BREAKPOINTS.items()):
        for key, value in list(at_line.items()):
            ids.add(key[1])
            if key[1] == point[0]:
                mine.append((line, key, value))
    return mine, ids


def adopt():
    """The Point, made by whichever thread comes first."""
    points = d.__dict__.setdefault('bridge_points', {})
    mine, ids = entries()
    found = points.get(point) or points.setdefault(point, Point(passed_before(points, mine)))
    for other in list(points):
        if other[0] not in ids or (other[0] == point[0] and other[1] < point[1]):
            points.pop(other, None)
    for line, key, value in mine:
        if hasattr(value, 'hit_count'):
            found.place = line, key
            install(value, found)
        else:  # up to 2.1.0: its condition, and whether it is bound
            found.doubled = len(mine) > 1
            install(value[0], found)
    return found


def passed_before(points, mine):
    """An edited text goes on counting."""
    for line, key, value in mine:
        if hasattr(value, 'hit_count'):
            return value.hit_count
    return max([0] + [old.passed for key, old in list(points.items()) if key[0] == point[0]])


def install(holder, found):
    """Only over our own text: the next edition may be there already."""
    short = calling(found)
    text = getattr(holder, 'condition', None)
    if isinstance(text, (str, text_type)) and "'point': %r," % (point,) in text:
        holder.condition = short


def calling(found):
    """Code for eval() that holds the Point as a constant."""
    code = compile('"point".passes()', '<bridge>', 'eval', 0, True)
    constants = tuple(found if one == 'point' else one for one in code.co_consts)
    if hasattr(code, 'replace'):
        return code.replace(co_consts=constants)
    counts = [code.co_argcount, code.co_nlocals, code.co_stacksize, code.co_flags]
    if hasattr(code, 'co_kwonlyargcount'):
        counts.insert(1, code.co_kwonlyargcount)
    return type(code)(*counts + [code.co_code, constants, code.co_names, code.co_varnames,
                                 code.co_filename, code.co_name, code.co_firstlineno, code.co_lnotab])


empty = u''
mark = '\036bridge.log\036'
text_type, nothing = type(empty), object()
try:
    numbers = xrange
except NameError:
    numbers = range
try:
    if d is None:
        r = 'no: this is not run by ptvsd'
    else:
        r = log is None
        found = adopt()
        r = bool(doubted and found.passed and log is None) or found.at(asking_frame(), adds)
        found = None
except Exception:
    pass
