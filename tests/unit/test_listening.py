"""The socket that the service listens on."""

import socket
from contextlib import closing

from api.cli.serving import _listening


def test_a_body_does_not_wait_for_the_receipt_of_its_head() -> None:
    with closing(_listening("127.0.0.1", 0)) as listener:
        listener.listen()
        with closing(socket.create_connection(listener.getsockname())):
            accepted, _ = listener.accept()
            with closing(accepted):
                assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY) != 0
