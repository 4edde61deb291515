factor = 3  # line: module


def triple(number):
    result = factor * number  # line: triple
    return result  # line: return
