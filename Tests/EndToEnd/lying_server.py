"""An S3 server that lists whatever keys it is told to, and has nothing else."""
import http.server
import threading
from xml.sax.saxutils import escape


class LyingServer:
    """Answers every listing with the same keys, everything else with 404."""

    def __init__(self, keys):
        items = "".join(f"<Contents><Key>{escape(key)}</Key><Size>10</Size><ETag>\"x\"</ETag></Contents>" for key in keys)
        body = f"<ListBucketResult><IsTruncated>false</IsTruncated>{items}</ListBucketResult>".encode()

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self):
                listing = "list-type=2" in self.path
                content = body if listing else b""
                self.send_response(200 if listing else 404)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.endpoint = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()
