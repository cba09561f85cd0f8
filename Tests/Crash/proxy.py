"""Stands between a tool and a real server, passes requests on as they are, and spoils some of the answers."""

import random
import re
import socket
import struct
import threading
import time

BLOCK = 1 << 16
FAULTS = ["refuse", "forget", "cut", "slow", "flip", "500", "503", "429"]
REASONS = {"500": "Internal Server Error", "503": "Slow Down", "429": "Too Many Requests"}
CODES = {"500": "InternalError", "503": "SlowDown", "429": "TooManyRequests"}


class Ended(Exception):
    """A side closed its connection."""


class Stream:
    """A connection whose bytes are read by heads and bodies."""

    def __init__(self, connection):
        self.connection = connection
        self.buffer = b""

    def more(self):
        data = self.connection.recv(BLOCK)
        if not data:
            raise Ended
        self.buffer += data

    def until(self, mark):
        while mark not in self.buffer:
            self.more()
        head, self.buffer = self.buffer.split(mark, 1)
        return head + mark

    def exactly(self, count):
        while len(self.buffer) < count:
            self.more()
        data, self.buffer = self.buffer[:count], self.buffer[count:]
        return data

    def body(self, head, has_none=False):
        """The bytes of a body as they travel."""
        if re.search(rb"\r\ntransfer-encoding: *chunked", head, re.I):
            data = b""
            while True:
                line = self.until(b"\r\n")
                size = int(line.split(b";")[0], 16)
                data += line + self.exactly(size + 2)
                if size == 0:
                    return data
        length = re.search(rb"\r\ncontent-length: *(\d+)", head, re.I)
        return b"" if has_none or not length else self.exactly(int(length[1]))


class Proxy:
    """Listens on a free port of 127.0.0.1 until it is closed."""

    def __init__(self, upstream):
        host, port = re.match(r"http://([^:/]+):(\d+)", upstream).groups()
        self.upstream = (host, int(port))
        self.chances, self.one_in, self.faults = random.Random(), 0, FAULTS
        self.lock = threading.Lock()
        self.told = []
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=128)
        self.url = f"http://127.0.0.1:{self.listener.getsockname()[1]}"
        threading.Thread(target=self.accept, daemon=True).start()

    def spoil(self, chances, one_in, faults=FAULTS):
        """From now on one in so many requests meets a fault, or none where it is 0."""
        with self.lock:
            self.chances, self.one_in, self.faults, self.told = chances, one_in, faults, []

    def close(self):
        self.listener.close()

    def accept(self):
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            threading.Thread(target=self.serve, args=(connection,), daemon=True).start()

    def serve(self, connection):
        client, server = Stream(connection), None
        try:
            while True:
                head = client.until(b"\r\n\r\n")
                if re.search(rb"\r\nexpect: *100-continue", head, re.I):
                    connection.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
                body = client.body(head)
                fault, share = self.next_fault(head)
                if fault == "refuse":
                    return reset(connection)
                if fault in REASONS:
                    connection.sendall(refusal(fault, head))
                    continue
                if server is None:
                    server = Stream(socket.create_connection(self.upstream))
                    server.connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                server.connection.sendall(head + body)
                answer = server.until(b"\r\n\r\n")
                while answer.startswith(b"HTTP/1.1 100"):
                    answer = server.until(b"\r\n\r\n")
                content = server.body(answer, has_none=head.startswith(b"HEAD ") or b" 204 " in answer[:20])
                if not self.pass_on(connection, answer, content, fault, share):
                    return
        except (Ended, OSError):
            pass
        finally:
            connection.close()
            if server:
                server.connection.close()

    def next_fault(self, head):
        request = head.split(b"\r\n", 1)[0].decode(errors="replace")
        with self.lock:
            if not self.one_in or self.chances.randrange(self.one_in):
                return None, 0
            fault = self.chances.choice(self.faults)
            self.told.append(f"{fault} {request[:80]}")
            return fault, self.chances.random()

    def pass_on(self, connection, answer, content, fault, share):
        """Sends an answer, spoiled by a fault; whether the connection goes on."""
        if fault == "forget":
            # The server did what was asked, and nobody learns of it.
            return reset(connection)
        if fault == "cut" and content:
            connection.sendall(answer + content[: int(len(content) * share)])
            return reset(connection)
        if fault == "flip" and is_object(answer, content):
            place = int(len(content) * share)
            content = content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :]
        if fault == "slow" and content:
            connection.sendall(answer)
            piece = max(1, len(content) // 16)
            for start in range(0, len(content), piece):
                time.sleep(0.01)
                connection.sendall(content[start : start + piece])
            return True
        connection.sendall(answer + content)
        return True


def is_object(answer, content):
    """Whether an answer is an object's content: only of that a client can know whether it is right."""
    return bool(content) and re.match(rb"HTTP/1.1 20[06]", answer) and not re.search(rb"\r\ncontent-type: *application/(xml|.*json)", answer, re.I)


def refusal(status, head):
    body = f"<?xml version='1.0'?><Error><Code>{CODES[status]}</Code><Message>try again</Message></Error>".encode()
    if head.startswith(b"HEAD "):
        body = b""
    return (f"HTTP/1.1 {status} {REASONS[status]}\r\nContent-Type: application/xml\r\nContent-Length: {len(body)}\r\n\r\n").encode() + body


def reset(connection):
    """Ends a connection as a crashed machine or a firewall does."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()
    return False
