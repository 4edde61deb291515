# Renders a template of Django's again and again, without a server, until a file named `stop` appears.
import os
import sys
import time

import ptvsd

ptvsd.enable_attach('hush-4711', address=('127.0.0.1', int(sys.argv[1])), redirect_output=False)
sys.path.insert(0, sys.argv[2])
from django.conf import settings

settings.configure(DEBUG=True, TEMPLATE_DEBUG=True, USE_I18N=False)
from django.template import Context, Engine

# Not django.setup(): the addresses that it understands take Python 2 seconds.
engine = Engine(dirs=[os.path.join(os.path.dirname(os.path.abspath(__file__)), 'templates')], debug=True)

print('READY')
count = 0
while not os.access('stop', os.F_OK):
    text = engine.get_template('page.html').render(Context({'title': 'page %d' % count, 'items': ['one', 'two']}))
    print('tick %d %d' % (count, text.count('<li>')))
    count += 1
    time.sleep(0.02)
