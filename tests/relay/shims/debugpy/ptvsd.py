"""debugpy by the names that the programs of tests/live use."""
import debugpy


def enable_attach(secret=None, address=('127.0.0.1', 5678), redirect_output=None):
    debugpy.listen(address)


wait_for_attach = debugpy.wait_for_client
break_into_debugger = debugpy.breakpoint
is_attached = debugpy.is_client_connected
