def show(number):
    where = 'two'
    return where, number  # line: show
