"""How the S3 client gets its credentials, and whom it trusts."""
import http.server
import json
import shutil
import socket
import ssl
import subprocess
import threading

import pytest

from s3_servers import ACCESS_KEY, SECRET_KEY
from store_tools import needs_probe, probe, server_parameters, start_server

pytestmark = needs_probe
NO_KEYS = {"AWS_ACCESS_KEY_ID": "", "AWS_SECRET_ACCESS_KEY": ""}


@pytest.fixture(scope="module", params=server_parameters()[:1])
def server(request, tmp_path_factory):
    running = start_server(request.param, tmp_path_factory.mktemp(request.param))
    yield running
    running.stop()


class Endpoint:
    """An HTTP server that answers paths from a table and keeps what it was asked."""

    def __init__(self, answers):
        self.asked = asked = []

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def answer(self):
                self.rfile.read(int(self.headers.get("Content-Length") or 0))
                asked.append((self.command, self.path, dict(self.headers.items())))
                content = answers.get(self.path.split("?")[0])
                data = (content or "").encode()
                self.send_response(404 if content is None else 200)
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            do_GET = do_PUT = answer

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()


def answer(**more):
    return json.dumps({"AccessKeyId": ACCESS_KEY, "SecretAccessKey": SECRET_KEY} | more)


def test_a_container_s_credentials(server, tmp_path):
    token = tmp_path / "token"
    token.write_text("the token\n")
    with Endpoint({"/creds": answer(Expiration="2099-01-01T00:00:00.123Z")}) as endpoint:
        probe(server, "list", "x", **NO_KEYS, AWS_CONTAINER_CREDENTIALS_FULL_URI=f"{endpoint.address}/creds",
              AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE=token)
    assert endpoint.asked[0][2]["Authorization"] == "the token"


def test_an_instance_s_credentials(server):
    role = "/latest/meta-data/iam/security-credentials/"
    with Endpoint({"/latest/api/token": "imds", role: "builder\n", role + "builder": answer()}) as endpoint:
        probe(server, "list", "x", **NO_KEYS, AWS_EC2_METADATA_DISABLED="",
              AWS_EC2_METADATA_SERVICE_ENDPOINT=endpoint.address)
    assert [(method, path) for method, path, _ in endpoint.asked] == [
        ("PUT", "/latest/api/token"), ("GET", role), ("GET", role + "builder")]
    assert endpoint.asked[2][2]["X-aws-ec2-metadata-token"] == "imds"


def test_an_endpoint_without_credentials_is_named(server):
    with Endpoint({"/creds": "{}"}) as endpoint:
        said = probe(server, "list", "x", status=1, **NO_KEYS,
                     AWS_CONTAINER_CREDENTIALS_FULL_URI=f"{endpoint.address}/creds")
    assert said.startswith("credentialsMissing") and "/creds" in said


def test_a_profile_of_the_shared_file(server, tmp_path):
    file = tmp_path / "credentials"
    file.write_text(f"[team]\naws_access_key_id={ACCESS_KEY}\naws_secret_access_key={SECRET_KEY}\n")
    settings = NO_KEYS | {"AWS_SHARED_CREDENTIALS_FILE": file}
    probe(server, "list", "x", **settings, AWS_PROFILE="team")
    assert "typo" in probe(server, "list", "x", status=1, **settings, AWS_PROFILE="typo")


def test_a_session_token_is_sent_and_signed():
    listing = "<ListBucketResult><IsTruncated>false</IsTruncated></ListBucketResult>"
    with Endpoint({"/team": listing}) as endpoint:
        probe(endpoint.address, "list", "x", AWS_SESSION_TOKEN="the/session+token")
    headers = {name.lower(): value for name, value in endpoint.asked[0][2].items()}
    assert headers["x-amz-security-token"] == "the/session+token"
    assert "x-amz-security-token" in headers["authorization"].split("SignedHeaders=")[1].split(",")[0]


class TLSFront:
    """Ends TLS in front of a server."""

    def __init__(self, port, certificate, key):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate, key)
        self.context, self.target = context, port
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.address = f"https://127.0.0.1:{self.listener.getsockname()[1]}"
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self.serve, args=(client,), daemon=True).start()

    def serve(self, client):
        try:
            front = self.context.wrap_socket(client, server_side=True)
        except OSError:
            return
        back = socket.create_connection(("127.0.0.1", self.target))

        def pass_on(source, target):
            try:
                while piece := source.recv(65536):
                    target.sendall(piece)
                target.shutdown(socket.SHUT_WR)
            except OSError:
                pass
        threading.Thread(target=pass_on, args=(front, back), daemon=True).start()
        pass_on(back, front)


@pytest.fixture(scope="module")
def tls(server, tmp_path_factory):
    if not shutil.which("openssl"):
        pytest.skip("no openssl to make a certificate with")
    folder = tmp_path_factory.mktemp("tls")
    subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", folder / "key.pem", "-out",
                    folder / "cert.pem", "-days", "2", "-subj", "/CN=team", "-addext", "subjectAltName=IP:127.0.0.1"],
                   check=True, capture_output=True)
    front = TLSFront(server.port, folder / "cert.pem", folder / "key.pem")
    yield front.address, folder / "cert.pem"
    front.listener.close()


def test_a_certificate_that_nobody_vouches_for_is_refused(server, tls):
    said = probe(server, "list", "x", status=1, S3_PROBE_ENDPOINT=tls[0])
    assert said.startswith("untrustedServer") and "storage.ca_file" in said


def test_an_authority_of_one_s_own_is_trusted(server, tls, tmp_path):
    file = tmp_path / "x"
    file.write_bytes(b"over TLS" * 2_000_000)
    probe(server, "put", "tls/x", file, S3_PROBE_ENDPOINT=tls[0], S3_PROBE_CA_FILE=tls[1])
    probe(server, "get", "tls/x", tmp_path / "y", file.stat().st_size, S3_PROBE_ENDPOINT=tls[0], S3_PROBE_CA_FILE=tls[1])
    assert (tmp_path / "y").read_bytes() == file.read_bytes()


def test_verification_can_be_switched_off_by_name(server, tls):
    assert probe(server, "list", "nothing", S3_PROBE_ENDPOINT=tls[0], S3_PROBE_INSECURE="1") == ""
