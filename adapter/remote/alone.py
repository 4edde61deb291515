# with: reply.py
"""Makes ready the stopped thread that runs this to be set going alone, by the resume of one thread, which ptvsd takes
for one of all on the thread that told of the attach stop; its own steps set all going.

Argument: `step`, how ptvsd names the kind: 'NONE', 'INTO', 'OVER' or 'OUT'. No rows.
"""


def make_ready(step):
    thread = d.THREADS[d.thread.get_ident()]
    thread.reported_process_loaded = False
    if step == 'OVER' and d.DJANGO_DEBUG and d.get_django_frame_source(thread.cur_frame) is not None:
        thread.django_stepping, step = True, 'NONE'
    thread.stepping = getattr(d, 'STEPPING_' + step)
    return []


r = reply(lambda: make_ready(step))
