"""The secret of the programs under test: a word that stands nowhere else, and that nobody may be shown."""

SECRET = 'hush-4711'
MAY_TELL = {'source'}  # the responses that hold a program's text


def leaks(message):
    """Whether a DAP message of the adapter holds it."""
    return message.get('command') not in MAY_TELL and SECRET in repr(message)
