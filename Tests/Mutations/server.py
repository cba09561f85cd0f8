"""An S3 server and a catalogue on loopback that give out what a test tells them, and echo headers in refusals."""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from xml.sax.saxutils import escape


class Answers:
    """What the server says now; changed between mutants."""

    listing = b""
    catalogue = b""
    landing = b'{"links": [{"rel": "child", "href": "http://h/collections/sentinel-2-l1c"}]}'
    content = b"x" * 100
    refuses = False


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        if self.path.startswith("/stac"):
            return self.answer(200, Answers.landing)
        if Answers.refuses:
            return self.refuse()
        if "list-type" in self.path or "uploads" in self.path:
            return self.answer(200, Answers.listing)
        self.answer(200, Answers.content)

    def do_HEAD(self):
        self.answer(403 if Answers.refuses else 200, b"")

    def do_POST(self):
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.answer(200, Answers.catalogue)

    def refuse(self):
        headers = escape(str(self.headers))
        text = f"<Error><Code>InvalidToken</Code><Message>\x1b[2J refused: {headers}</Message></Error>"
        self.answer(403, text.replace("\x1b", "&#155;").encode())

    def answer(self, status, body):
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, *arguments):
        pass


def start():
    """Starts the server; its address."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return f"http://127.0.0.1:{server.server_port}"
