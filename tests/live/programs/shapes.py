def area(number):
    return number * number  # line: area


class Square(object):
    def __init__(self, side):
        self.side = side

    def grow(self, factor):
        self.side *= factor  # line: grow
        return self.side
