"""Real connections through the relay: whole, half-closed, cut, silent, and up again."""

from __future__ import annotations

import hashlib
import random
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from drivers.network import NetworkCut
from drivers.statefile import write_state
from kiosk.processes import free_port

BIG = random.Random(3).randbytes(10_000_000)
PATIENCE = 10  # seconds


class Server:
    """Each connection is served by `serve` on its own thread."""

    def __init__(self, serve: Callable[[socket.socket], None]) -> None:
        self._serve, self.accepted = serve, 0
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.address = ("127.0.0.1", int(self._socket.getsockname()[1]))
        threading.Thread(target=self._run, daemon=True).start()

    def _run(self) -> None:
        while True:
            try:
                peer, _ = self._socket.accept()
            except OSError:
                return
            self.accepted += 1
            peer.settimeout(PATIENCE)
            threading.Thread(target=self._one, args=(peer,), daemon=True).start()

    def _one(self, peer: socket.socket) -> None:
        with peer:
            try:
                self._serve(peer)
            except OSError:
                return

    def close(self) -> None:
        self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()


class Net:
    """A relay before one server, and its state file."""

    def __init__(self, folder: Path, target: tuple[str, int]) -> None:
        self.folder, self.port = folder, free_port()
        self.cut = NetworkCut(folder, {self.port: target})

    def turn(self, link: str) -> None:
        write_state(self.folder / "network.json", link=link)

    def connect(self) -> socket.socket:
        return socket.create_connection(("127.0.0.1", self.port), PATIENCE)


@contextmanager
def network(folder: Path, serve: Callable[[socket.socket], None]) -> Iterator[Net]:
    server = Server(serve)
    net = Net(folder, server.address)
    net.cut.start()
    try:
        yield net
    finally:
        net.cut.stop()
        server.close()


def echo(peer: socket.socket) -> None:
    while piece := peer.recv(65536):
        peer.sendall(piece)


def digest_at_the_end(peer: socket.socket) -> None:
    """Answers only after the other side has closed its half."""
    told = hashlib.sha256()
    while piece := peer.recv(65536):
        told.update(piece)
    peer.sendall(told.digest())


def pour(peer: socket.socket) -> None:
    while True:
        peer.sendall(BIG[:65536])


def read_all(peer: socket.socket) -> bytes:
    parts = []
    while piece := peer.recv(65536):
        parts.append(piece)
    return b"".join(parts)


def silent_for(peer: socket.socket, seconds: float) -> bool:
    """What is on its way may still come; then nothing for so long."""
    end = time.monotonic() + PATIENCE
    peer.settimeout(seconds)
    while time.monotonic() < end:
        try:
            peer.recv(65536)
        except TimeoutError:
            peer.settimeout(PATIENCE)
            return True
    return False


def refused(net: Net) -> bool:
    try:
        with net.connect() as peer:
            peer.sendall(b"?")
            return peer.recv(1) == b""
    except ConnectionError:
        return True


def until(said: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE
    while not said():
        assert time.monotonic() < end
        time.sleep(0.02)


def test_what_goes_in_comes_out(tmp_path: Path) -> None:
    with network(tmp_path, echo) as net, net.connect() as peer:
        for said in (b"one", b"two", bytes(range(256))):
            peer.sendall(said)
            assert peer.recv(4096) == said


def test_ten_megabytes_and_a_half_close_go_through(tmp_path: Path) -> None:
    with network(tmp_path, digest_at_the_end) as net, net.connect() as peer:
        peer.sendall(BIG)
        peer.shutdown(socket.SHUT_WR)
        assert read_all(peer) == hashlib.sha256(BIG).digest()


def test_ten_megabytes_come_back(tmp_path: Path) -> None:
    def give(peer: socket.socket) -> None:
        peer.sendall(BIG)

    with network(tmp_path, give) as net, net.connect() as peer:
        assert hashlib.sha256(read_all(peer)).digest() == hashlib.sha256(BIG).digest()


def test_many_connections_do_not_mix(tmp_path: Path) -> None:
    with network(tmp_path, digest_at_the_end) as net:
        peers = [net.connect() for _ in range(20)]
        for number, peer in enumerate(peers):
            peer.sendall(bytes([number]) * 1000)
            peer.shutdown(socket.SHUT_WR)
        for number, peer in enumerate(peers):
            with peer:
                assert read_all(peer) == hashlib.sha256(bytes([number]) * 1000).digest()


def test_a_cut_resets_a_transfer_and_refuses_new_ones(tmp_path: Path) -> None:
    with network(tmp_path, pour) as net, net.connect() as peer:
        assert peer.recv(65536)
        net.turn("down")
        with pytest.raises(ConnectionResetError):
            read_all(peer)
        with pytest.raises(ConnectionRefusedError):
            net.connect()


def test_the_server_feels_the_cut_too(tmp_path: Path) -> None:
    felt = threading.Event()

    def wait(peer: socket.socket) -> None:
        try:
            peer.recv(1)
        except ConnectionResetError:
            felt.set()

    with network(tmp_path, wait) as net, net.connect():
        time.sleep(0.2)
        net.turn("down")
        assert felt.wait(PATIENCE)


def test_it_comes_up_again(tmp_path: Path) -> None:
    with network(tmp_path, echo) as net:
        for _ in range(3):
            net.turn("down")
            until(lambda: refused(net))
            net.turn("up")
            until(lambda: not refused(net))
            with net.connect() as peer:
                peer.sendall(b"again")
                assert peer.recv(16) == b"again"


def test_a_network_that_is_down_at_the_start_refuses(tmp_path: Path) -> None:
    write_state(tmp_path / "network.json", link="down")
    with network(tmp_path, echo) as net:
        assert refused(net)


def test_silence_holds_a_transfer_and_nothing_is_lost(tmp_path: Path) -> None:
    with network(tmp_path, digest_at_the_end) as net, net.connect() as peer:
        peer.sendall(BIG[:1_000_000])
        net.turn("silent")
        time.sleep(0.3)
        rest = threading.Thread(target=peer.sendall, args=(BIG[1_000_000:],))
        rest.start()
        assert silent_for(peer, 0.5)
        assert rest.is_alive(), "more than the buffers hold was taken"
        net.turn("up")
        rest.join(PATIENCE)
        peer.shutdown(socket.SHUT_WR)
        assert read_all(peer) == hashlib.sha256(BIG).digest()


def test_silence_answers_no_new_connection(tmp_path: Path) -> None:
    with network(tmp_path, echo) as net:
        net.turn("silent")
        time.sleep(0.3)
        with net.connect() as peer:
            peer.sendall(b"anybody?")
            assert silent_for(peer, 0.5)
            net.turn("up")
            assert peer.recv(64) == b"anybody?"


def test_silence_stops_a_stream_in_the_middle(tmp_path: Path) -> None:
    with network(tmp_path, pour) as net, net.connect() as peer:
        assert peer.recv(65536)
        net.turn("silent")
        assert silent_for(peer, 0.5)
        net.turn("down")
        with pytest.raises(ConnectionResetError):
            read_all(peer)


def test_a_delay_delays(tmp_path: Path) -> None:
    write_state(tmp_path / "network.json", delay_ms=150)
    with network(tmp_path, echo) as net, net.connect() as peer:
        began = time.monotonic()
        peer.sendall(b"ping")
        assert peer.recv(16) == b"ping"
        assert time.monotonic() - began >= 0.3  # a lower bound: there and back


def test_nobody_behind_the_relay_is_a_reset(tmp_path: Path) -> None:
    net = Net(tmp_path, ("127.0.0.1", free_port()))
    net.cut.start()
    try:
        assert refused(net)
    finally:
        net.cut.stop()


def test_nonsense_in_the_file_leaves_the_link_up(tmp_path: Path) -> None:
    with network(tmp_path, echo) as net, net.connect() as peer:
        (tmp_path / "network.json").write_text('{"link": 7, "delay_ms": "soon"}')
        time.sleep(0.3)
        peer.sendall(b"still")
        assert peer.recv(16) == b"still"


def test_a_taken_port_is_told_at_the_start(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        first, second = free_port(), int(taken.getsockname()[1])
        cut = NetworkCut(tmp_path, {first: ("127.0.0.1", 1), second: ("127.0.0.1", 1)})
        with pytest.raises(OSError, match="in use"):
            cut.start()
    with socket.create_server(("127.0.0.1", first)):
        pass  # let go again
    cut.stop()


def test_stopping_ends_the_thread_and_every_connection(tmp_path: Path) -> None:
    with network(tmp_path, pour) as net:
        peer = net.connect()
        assert peer.recv(65536)
        net.cut.stop()
        assert "network" not in {thread.name for thread in threading.enumerate()}
        with pytest.raises(ConnectionResetError):
            read_all(peer)
        peer.close()
        with pytest.raises(ConnectionRefusedError):
            net.connect()
