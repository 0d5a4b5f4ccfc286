"""Delivery from mirrors and publishers: every failure has a reason and an end."""

import errno
import io
import os
import time
from importlib.util import find_spec

import pytest

from dli.datasets._fetch import archives, delivery, download
from dli.datasets._fetch.errors import CacheUnusable
from dli.datasets._fetch.sources import Source
from tests.support.datasets import (
    clean,
    contents,
    reason,
    send,
    serving,
    serving_files,
    sha,
    zipped,
)


@pytest.fixture(autouse=True)
def surroundings(tmp_path, monkeypatch):
    clean(monkeypatch, tmp_path)


@pytest.fixture
def into(tmp_path):
    folder = tmp_path / "into"
    folder.mkdir()
    return folder


# --- the mirror -----------------------------------------------------------------------


def test_a_mirror_hands_out_its_own_file(tmp_path, into, monkeypatch):
    monkeypatch.setenv("DLI_MIRROR", str(tmp_path))
    (tmp_path / "a.bin").write_bytes(b"data")
    files = delivery.deliver(Source("mirror", "a.bin"), into)
    assert files == {"file": tmp_path / "a.bin"}


def test_a_mirror_can_hold_a_package(tmp_path, into, monkeypatch):
    monkeypatch.setenv("DLI_MIRROR", str(tmp_path))
    (tmp_path / "a.zip").write_bytes(zipped({"p/one": b"1", "p/two": b"2"}))
    source = Source("mirror", "a.zip", members={"k": "p/two"})
    assert contents(delivery.deliver(source, into)) == {"k": b"2"}


def test_reasons_of_a_mirror(tmp_path, into, monkeypatch):
    source = Source("mirror", "a.bin", sha256=(sha(b"data"),))
    assert reason(source, into)[0] == "DLI_MIRROR is not set"
    monkeypatch.setenv("DLI_MIRROR", str(tmp_path / "gone"))
    assert "is not a folder" in reason(source, into)[0]
    monkeypatch.setenv("DLI_MIRROR", str(tmp_path))
    assert "has no such file" in reason(source, into)[0]
    (tmp_path / "a.bin").write_bytes(b"other")
    said = reason(source, into)[0]
    assert "not the expected file" in said
    assert sha(b"other") in said


# --- the publisher --------------------------------------------------------------------


def test_a_publisher_delivers_one_file(into):
    with serving_files({"d/a.bin": b"data" * 99999}) as (address, asked):
        source = Source(
            "publisher", f"{address}/d/a.bin", sha256=(sha(b"data" * 99999),)
        )
        files = delivery.deliver(source, into)
    assert contents(files) == {"file": b"data" * 99999}
    assert asked == ["/d/a.bin"]


def test_a_publisher_delivers_several_files(into):
    with serving_files({"d/one.gz": b"1", "d/two.gz": b"2"}) as (address, _):
        source = Source(
            "publisher", f"{address}/d", members={"a": "one.gz", "b": "two.gz"}
        )
        files = delivery.deliver(source, into)
    assert contents(files) == {"a": b"1", "b": b"2"}


def test_only_https_goes_out(into):
    said, _ = reason(Source("publisher", "http://example.org/a"), into)
    assert "not an https address" in said


def test_a_missing_file_is_asked_for_once(into):
    with serving_files({}) as (address, asked):
        said, _ = reason(Source("publisher", f"{address}/a"), into)
    assert said == "the server answered 404"
    assert len(asked) == 1


def test_another_file_is_refused(into):
    with serving_files({"a": b"<html>log in first</html>"}) as (address, _):
        source = Source("publisher", f"{address}/a", sha256=(sha(b"data"),))
        assert "not the expected file" in reason(source, into)[0]


@pytest.mark.parametrize("trouble", ["500", "truncated"])
def test_trouble_that_passes_is_survived(into, trouble):
    def answer(handler):
        if len(asked) <= download.RETRIES:
            if trouble == "500":
                send(handler, b"busy", status=500)
            else:
                send(handler, b"da", length=4)
        else:
            send(handler, b"data")

    with serving(answer) as (address, asked):
        files = delivery.deliver(Source("publisher", f"{address}/a"), into)
        assert contents(files) == {"file": b"data"}
        assert len(asked) == 1 + download.RETRIES


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (lambda h: send(h, b"", status=503), "the server answered 503"),
        (lambda h: send(h, b"da", length=4), "broke off"),
    ],
    ids=["500", "truncated"],
)
def test_trouble_that_stays_ends(into, answer, expected):
    with serving(answer) as (address, asked):
        said, _ = reason(Source("publisher", f"{address}/a"), into)
    assert expected in said
    assert len(asked) == 1 + download.RETRIES


def test_no_server_costs_no_time(into):
    with serving(lambda handler: None) as (address, _):
        pass  # the port is free again
    said, seconds = reason(Source("publisher", f"{address}/a"), into)
    assert said == "no connection to 127.0.0.1"
    assert seconds < 5


def test_no_network_costs_no_time(into):
    source = Source("publisher", "https://nowhere.invalid/a")
    said, seconds = reason(source, into)
    assert said.startswith("no connection to nowhere.invalid")
    assert seconds < 10


def test_a_name_server_that_hangs_has_an_end(into, monkeypatch):
    monkeypatch.setattr(download, "FIRST_BYTE_SECONDS", 0.3)
    monkeypatch.setattr("socket.getaddrinfo", lambda *a, **k: time.sleep(15))
    said, seconds = reason(Source("publisher", "https://nowhere.invalid/a"), into)
    assert said == "nowhere.invalid sent nothing for 0.3 s"
    assert seconds < 10


@pytest.mark.parametrize("first", [b"", b"data"], ids=["at once", "half way"])
def test_a_server_that_stalls_has_an_end(into, monkeypatch, first):
    monkeypatch.setattr(download, "FIRST_BYTE_SECONDS", 0.3)
    monkeypatch.setattr(download, "READ_SECONDS", 0.3)
    monkeypatch.setattr(download, "CHUNK_BYTES", 2)

    def answer(handler):
        send(handler, first, length=1000)
        time.sleep(6)

    with serving(answer) as (address, asked):
        said, seconds = reason(Source("publisher", f"{address}/a"), into)
    assert seconds < 5
    assert "127.0.0.1 sent nothing" in said or "in time" in said or "broke off" in said
    assert len(asked) <= 1 + download.RETRIES


def test_a_server_that_trickles_has_an_end(into, monkeypatch):
    monkeypatch.setattr(download, "PATIENCE_SECONDS", 0.5)
    monkeypatch.setattr(download, "CHUNK_BYTES", 1)

    def answer(handler):
        send(handler, b"", length=1000)
        for _ in range(160):
            handler.wfile.write(b"x")
            handler.wfile.flush()
            time.sleep(0.05)

    with serving(answer) as (address, _):
        said, seconds = reason(Source("publisher", f"{address}/a"), into)
    assert "too slow" in said
    assert seconds < 7


def test_a_server_that_sends_too_much_has_an_end(into, monkeypatch):
    monkeypatch.setattr(download, "LARGEST_DOWNLOAD", 10**5)

    def answer(handler):
        handler.send_response(200)
        handler.end_headers()
        try:
            for _ in range(1000):
                handler.wfile.write(bytes(10**5))
                time.sleep(0.01)
        except OSError:  # it hung up
            pass

    with serving(answer) as (address, _):
        said, seconds = reason(Source("publisher", f"{address}/a"), into)
    assert "sent more than" in said
    assert (into / "file").stat().st_size < 10**8
    assert seconds < 8


# --- what is wrong on this side of the network ----------------------------------------

FAR = Source("publisher", "https://far.invalid/a")  # no_proxy does not name it


@pytest.fixture
def proxy(monkeypatch):
    """Sets the proxy of all addresses."""
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy", "https_proxy"):
        monkeypatch.delenv(name, raising=False)
    return lambda address: monkeypatch.setenv("HTTPS_PROXY", address)


@pytest.mark.parametrize("name", ["REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"])
def test_certificates_that_cannot_be_used_are_named(into, monkeypatch, tmp_path, name):
    bundle = tmp_path / "corp-root.pem"
    monkeypatch.delenv("REQUESTS_CA_BUNDLE", raising=False)
    monkeypatch.setenv(name, str(bundle))
    assert reason(FAR, into)[0] == f"{name}={bundle}, the certificates to trust, " + (
        "is not there"
    )
    bundle.write_text("no certificate")
    said = reason(FAR, into)[0]
    assert said.startswith(f"{name}={bundle}, the certificates to trust, can't be used")


@pytest.mark.skipif(find_spec("socks"), reason="PySocks is installed")
def test_a_socks_proxy_needs_a_package(into, proxy):
    proxy("socks5://someone:secret@127.0.0.1:9")
    assert reason(FAR, into)[0] == (
        "the proxy socks5://127.0.0.1:9 needs the package PySocks: pip install pysocks"
    )


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("sock5://127.0.0.1:9", "its address must begin with http://, https:// or"),
        ("ftp://127.0.0.1:9", "its address must begin with http://, https:// or"),
        ("http//127.0.0.1:9", "its address is wrong"),
        ("http://", "its address is wrong"),
        ("http://127.0.0.1:port", "its address is wrong"),
        ("http://127.0.0.1:9", "can't be reached"),
        ("127.0.0.1:9", "can't be reached"),
    ],
)
def test_a_proxy_that_cannot_be_used_is_named(into, proxy, address, said):
    proxy(address)
    found = reason(FAR, into)[0]
    assert found.startswith("the proxy ")
    assert said in found


def test_what_a_proxy_answers_is_named(into, proxy):
    with serving(lambda h: send(h, b"", status=407)) as (address, _):
        proxy(address.replace("://", "://someone:secret@"))
        said = reason(FAR, into)[0]
        assert said.startswith(f"the proxy {address} asks for a login")
        proxy(address.replace("http://", "https://"))
        assert "speaks http: its address must begin with http" in reason(FAR, into)[0]
    with serving(lambda h: send(h, b"", status=403)) as (address, _):
        proxy(address)
        said = reason(FAR, into)[0]
        assert said == f"the proxy {address} did not let through to far.invalid"


def test_a_full_disk_is_no_fault_of_a_source(into, tmp_path, monkeypatch):
    monkeypatch.setenv("DLI_MIRROR", str(tmp_path))
    (tmp_path / "a.zip").write_bytes(zipped({"p/one": b"1"}))
    full = OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    class Full(io.BytesIO):
        def write(self, piece):
            raise full

    def opened(file, mode="r"):
        return Full() if "x" in mode else open(file, mode)

    monkeypatch.setattr(archives, "open", opened, raising=False)
    with pytest.raises(CacheUnusable, match="No space left"):
        delivery.deliver(Source("mirror", "a.zip", members={"k": "p/one"}), into)
