# The other file of wander.py.


def double(number):
    result = number * 2  # line: double
    return result


def risky(number):
    try:
        if number % 5 == 0:
            raise ValueError('number %d' % number)  # line: raise
    except ValueError:
        return -1  # line: caught
    return number  # line: safe
