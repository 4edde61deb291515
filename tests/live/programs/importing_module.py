import os
import time

answer = 41
print('importing')
while not os.access('done', os.F_OK):
    time.sleep(0.01)
    answer = 42  # line: answer
