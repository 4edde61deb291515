def show(number):
    where = 'one'
    return where, number  # line: show
