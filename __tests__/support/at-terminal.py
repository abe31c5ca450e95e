"""Runs a command at a terminal of its own and plays the person: waits until a text is shown, then types.

Standard input: JSON, {"command": [...], "dialogue": [["shown", "typed"], ...]}. Standard output: all that the terminal
showed, as it comes. Ends with the command's own exit code. A text that is never shown leaves the rest untyped.
"""

import fcntl
import json
import os
import pty
import struct
import sys
import termios

ROWS, COLUMNS = 50, 200


def shown(terminal):
    """The next bytes; empty when the command is gone, which Linux reports as an error of the terminal."""
    try:
        return os.read(terminal, 65536)
    except OSError:
        return b""


def main():
    play = json.load(sys.stdin)
    child, terminal = pty.fork()
    if child == 0:
        fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, COLUMNS, 0, 0))
        os.execv(play["command"][0], play["command"])
    dialogue = [(text.encode(), typed.encode()) for text, typed in play["dialogue"]]
    unread = b""
    while part := shown(terminal):
        sys.stdout.buffer.write(part)
        sys.stdout.buffer.flush()
        unread += part
        while dialogue and dialogue[0][0] in unread:
            text, typed = dialogue.pop(0)
            unread = unread[unread.index(text) + len(text) :]
            os.write(terminal, typed)
    _, status = os.waitpid(child, 0)
    sys.exit(os.waitstatus_to_exitcode(status))


main()
