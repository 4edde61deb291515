# A machine with much else to do: what a thread's end is awaited for (as debugpy does before it puts a debugger away)
# comes later.
import threading
import time

wait = threading.Thread.join


def join(thread, *arguments):
    wait(thread, *arguments)
    time.sleep(0.06)


threading.Thread.join = join
