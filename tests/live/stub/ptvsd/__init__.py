"""Stands in for ptvsd while a program runs under a plain tracer."""


def enable_attach(secret, address=None):
    pass


def wait_for_attach(timeout=None):
    pass
