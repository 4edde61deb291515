def call():
    first = 1  # line: first
    second = 2  # line: second
    return first + second
