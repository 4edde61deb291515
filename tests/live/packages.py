"""What the tests take from PyPI, kept in a cache: ptvsd releases to debug against, and debugpy's wheel
for the protocol schema in it."""

import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
import zipfile


def cache_dir():
    given = os.environ.get('PTVSD_DAP_CACHE')
    base = os.environ.get('XDG_CACHE_HOME') or os.path.join(os.path.expanduser('~'), '.cache')
    path = given or os.path.join(base, 'ptvsd-dap')
    os.makedirs(path, exist_ok=True)
    return os.path.abspath(path)


def download(requirement, directory):
    """The file that pip downloads for one requirement, without what it depends on."""
    command = [sys.executable, '-m', 'pip', 'download', '--quiet', '--disable-pip-version-check',
               '--no-deps', '--dest', directory, requirement]
    done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, universal_newlines=True)
    if done.returncode:
        raise RuntimeError('pip could not download %s:\n%s' % (requirement, done.stdout))
    (name,) = os.listdir(directory)
    return os.path.join(directory, name)


def unpack(archive, directory):
    opened = tarfile.open(archive) if archive.endswith('.tar.gz') else zipfile.ZipFile(archive)
    with opened:
        opened.extractall(directory)


def put_in_place(made, place):
    """Several test processes may fetch at once: the first to rename wins."""
    try:
        os.rename(made, place)
    except OSError:
        if not os.path.exists(place):
            raise


def debugpy_wheel():
    place = os.path.join(cache_dir(), 'debugpy.whl')
    if not os.path.exists(place):
        with tempfile.TemporaryDirectory(dir=cache_dir()) as work:
            put_in_place(download('debugpy', work), place)
    return place


def repair(unpacked):
    """ptvsd 3.2.0 was published without its folder `repl` and cannot start; 3.2.1's is the same code."""
    shutil.copytree(os.path.join(ptvsd('3.2.1'), 'ptvsd', 'repl'), os.path.join(unpacked, 'ptvsd', 'repl'))


def ptvsd(release):
    """The directory to put on PYTHONPATH so that `import ptvsd` gives this release."""
    place = os.path.join(cache_dir(), 'ptvsd-' + release + ('-repaired' if release == '3.2.0' else ''))
    if not os.path.exists(place):
        with tempfile.TemporaryDirectory(dir=cache_dir()) as work:
            downloads, unpacked = os.path.join(work, 'down'), os.path.join(work, 'up')
            os.mkdir(downloads)
            unpack(download('ptvsd==' + release, downloads), unpacked)
            if release == '3.2.0':
                repair(unpacked)
            put_in_place(unpacked, place)
    for directory, subdirectories, _ in sorted(os.walk(place)):
        if 'ptvsd' in subdirectories:
            return directory
    raise RuntimeError('no package ptvsd in ' + place)


def compile_for(python, place):
    """As pip leaves it: otherwise each start compiles it anew, which is most of a start. Not on Python 2, which then
    shows ptvsd's own frames until the drop guard is in (test_compiled_ptvsd_shows_no_frame_of_its_own)."""
    mark = os.path.join(place, '.compiled-' + python.label)
    if python.path and not python.is2 and not os.path.exists(mark):
        subprocess.run([python.path, '-m', 'compileall', '-q', place], stdout=subprocess.DEVNULL,
                       stderr=subprocess.DEVNULL)  # what is for Python 2 does not compile
        open(mark, 'w').close()


def django(release):
    """The directory to put on PYTHONPATH so that `import django` gives this release."""
    place = os.path.join(cache_dir(), 'django-' + release)
    if not os.path.exists(place):
        with tempfile.TemporaryDirectory(dir=cache_dir()) as work:
            unpacked = os.path.join(work, 'up')
            for number, requirement in enumerate(('django==' + release, 'pytz')):
                downloads = os.path.join(work, 'down%d' % number)
                os.mkdir(downloads)
                unpack(download(requirement, downloads), unpacked)
            put_in_place(unpacked, place)
    return place


def debugpy(release=None):
    """The directory to put on PYTHONPATH so that `import debugpy` gives this one, or the current one. What of
    it is compiled is for one Python; the others run the same in Python."""
    place = os.path.join(cache_dir(), 'debugpy' + ('-' + release if release else ''))
    if not os.path.exists(place):
        with tempfile.TemporaryDirectory(dir=cache_dir()) as work:
            downloads, unpacked = os.path.join(work, 'down'), os.path.join(work, 'up')
            os.mkdir(downloads)
            unpack(download('debugpy==' + release, downloads) if release else debugpy_wheel(), unpacked)
            put_in_place(unpacked, place)
    return place
