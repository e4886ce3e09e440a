"""The seal of cursors that different executors and clients of a test share."""

from schema.inputs.cursor_seal import CursorSeal

CURSOR_KEY = b"a key for cursors of tests alone"
SEAL = CursorSeal(CURSOR_KEY)
