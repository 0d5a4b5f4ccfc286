"""Downloads over https that always end, with the reason where they fail."""

import os
import re
import threading
import time
from pathlib import Path
from urllib.parse import urljoin, urlsplit

from dli.datasets._fetch import disk, live
from dli.datasets._fetch.errors import CacheUnusable, SourceFailed

CONNECT_SECONDS = 5
FIRST_BYTE_SECONDS = 10  # for name look-up, connection and answer together
READ_SECONDS = 10  # between two pieces of a download
CHUNK_BYTES = 2**14
RETRIES = 2
RETRY_PAUSE_SECONDS = 0.5
PATIENCE_SECONDS = 20  # before a slow download is given up
SLOWEST_BYTES_PER_SECOND = 20_000
LARGEST_DOWNLOAD = 2 * 2**30

# Where requests looks for the certificates that it trusts.
_CERTIFICATES = ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")


def download(address: str, target: Path, bar: live.Bar) -> None:
    """Downloads one file; a broken transfer is tried again, a missing network not.

    Args:
        address: https, or of this machine.
        target: the file to write.
        bar: counts the bytes.

    Raises:
        SourceFailed: no connection, an error of the server, or no file in the end.
        CacheUnusable: the file can't be written.
    """
    import requests

    _require_https(address)
    for attempt in range(RETRIES + 1):
        transfer = _Transfer(address, target)
        transfer.follow(bar)
        error = transfer.error
        if error is None:
            return
        if isinstance(error, (SourceFailed, CacheUnusable)):
            raise error
        if isinstance(error, requests.HTTPError):
            status = error.response.status_code
            again = status >= 500 or status == 429
        else:
            again = isinstance(error, requests.RequestException) and (
                transfer.received > 0
                or isinstance(error, requests.exceptions.ChunkedEncodingError)
            )
        if not again or attempt == RETRIES:
            raise SourceFailed(_reason(error, address, broken=again)) from error
        time.sleep(RETRY_PAUSE_SECONDS * 2**attempt)


class _Transfer(threading.Thread):
    """One download in a thread of its own, which can be left to itself.

    Neither a name server that does not answer, nor a host with many addresses behind
    a firewall, nor a server that sends a byte now and then respects a time-out of
    requests; the one who waits for this thread does.
    """

    def __init__(self, address: str, target: Path) -> None:
        super().__init__(daemon=True)
        self.address = address
        with disk.writing():
            self.sink = open(target, "wb")  # noqa: SIM115 (closed by `follow`)
        self.received = 0
        self.last = time.monotonic()  # when something came
        self.error: Exception | None = None

    def run(self) -> None:
        import requests

        try:
            with requests.get(
                self.address,
                stream=True,
                timeout=(CONNECT_SECONDS, READ_SECONDS),
                hooks={"response": self._check_redirection},
            ) as response:
                response.raise_for_status()
                for piece in response.iter_content(CHUNK_BYTES):
                    self._keep(piece)
        except Exception as error:
            self.error = error

    def _check_redirection(self, response, **_) -> None:
        """Lets no redirection lead to what may not be asked itself."""
        if self.sink.closed:
            raise SourceFailed("it was given up")
        if response.is_redirect:
            _require_https(urljoin(response.url, response.headers["location"]))

    def _keep(self, piece: bytes) -> None:
        with disk.writing():
            self.sink.write(piece)
        self.received += len(piece)
        self.last = time.monotonic()

    def follow(self, bar: live.Bar) -> None:
        """Starts the download and waits for its end, as long as enough comes.

        Raises:
            SourceFailed: nothing came, or too little.
            CacheUnusable: the file can't be written.
        """
        host = urlsplit(self.address).hostname
        began, shown = time.monotonic(), 0
        self.start()
        try:
            while self.is_alive():
                self.join(0.1)
                received = self.received
                bar.update(received - shown)
                shown = received
                now = time.monotonic()
                patience = READ_SECONDS if received else FIRST_BYTE_SECONDS
                if now - self.last > patience:
                    raise SourceFailed(f"{host} sent nothing for {patience} s")
                if received > LARGEST_DOWNLOAD:
                    raise SourceFailed(f"{host} sent more than {LARGEST_DOWNLOAD} B")
                seconds = now - began
                slow = received < SLOWEST_BYTES_PER_SECOND * seconds
                if seconds > PATIENCE_SECONDS and slow:
                    raise SourceFailed(
                        f"{host} is too slow: {received:,} bytes in {seconds:.0f} s"
                    )
        finally:
            bar.update(-shown if self.error else self.received - shown)
            with disk.writing():
                self.sink.close()  # a thread left to itself fails at the next byte


def _require_https(address: str) -> None:
    parts = urlsplit(address)
    if parts.scheme != "https" and parts.hostname not in ("localhost", "127.0.0.1"):
        raise SourceFailed(f"{address} is not an https address")


# --- reasons --------------------------------------------------------------------------


def _reason(error: Exception, address: str, broken: bool) -> str:
    """A few words on a failed transfer in place of urllib3's paragraph.

    Args:
        error: of requests, urllib3 or the system.
        address: that was asked for.
        broken: whether something had come.
    """
    from requests import exceptions

    host = urlsplit(address).hostname
    if isinstance(error, exceptions.HTTPError):
        status = error.response.status_code
        if status == 407:
            return _proxy_reason(error, address)
        return f"the server answered {status}"
    if broken:
        return f"the transfer from {host} broke off"
    if isinstance(error, exceptions.TooManyRedirects):
        return f"{host} redirects without end"
    if unusable := _unusable_certificates(error):
        return unusable
    if isinstance(error, exceptions.SSLError):
        return f"no trusted connection to {host} (certificate)"
    if _proxy(address) and not isinstance(error, exceptions.Timeout):
        return _proxy_reason(error, address)
    if isinstance(error, exceptions.ReadTimeout):
        return f"{host} did not answer in time"
    if isinstance(error, exceptions.ConnectTimeout):
        return f"no connection to {host} within {CONNECT_SECONDS} s"
    if "resol" in str(error).lower():
        return f"no connection to {host} (its name can't be resolved)"
    return f"no connection to {host}"


def _unusable_certificates(error: Exception) -> str:
    """What is wrong with the certificates that a variable names; empty if nothing."""
    import ssl

    if not isinstance(error, OSError):  # as all errors of requests are
        return ""
    name = next((n for n in _CERTIFICATES if os.environ.get(n)), "")
    if not name:
        return ""
    said = f"{name}={os.environ[name]}, the certificates to trust,"
    try:
        path = Path(os.environ[name])
        if not path.is_dir():
            ssl.create_default_context(cafile=path)
    except FileNotFoundError:
        return f"{said} is not there"
    except OSError as wrong:
        return f"{said} can't be used ({wrong.strerror or wrong})"
    return ""


def _proxy(address: str) -> str:
    """The proxy for an address, without its login; empty if there is none."""
    from requests import utils

    proxy = utils.select_proxy(address, utils.get_environ_proxies(address)) or ""
    scheme, slashes, rest = proxy.rpartition("://")
    return f"{scheme}{slashes}{rest.rpartition('@')[2]}"


def _proxy_reason(error: Exception, address: str) -> str:
    """What is wrong between here and an address, where a proxy is set."""
    proxy, said = _proxy(address), str(error)
    named, host = f"the proxy {proxy}", urlsplit(address).hostname
    parts = urlsplit(proxy if "://" in proxy else f"http://{proxy}")
    if parts.scheme not in ("http", "https", "socks4", "socks4a", "socks5", "socks5h"):
        return f"{named}: its address must begin with http://, https:// or socks5://"
    host_and_port = r"([^:]+|\[.+\])(:\d+)?"
    if parts.path.strip("/") or not re.fullmatch(host_and_port, parts.netloc):
        return f"{named}: its address is wrong, it must look like http://HOST:PORT"
    if "SOCKS" in said and "dependencies" in said:
        return f"{named} needs the package PySocks: pip install pysocks"
    if "failed: 407" in said or said.startswith("407"):
        return f"{named} asks for a login (http://NAME:PASSWORD@HOST:PORT)"
    if "only use HTTP and not HTTPS" in said:
        return f"{named} speaks http: its address must begin with http://"
    if "Tunnel connection failed" in said:
        return f"{named} did not let through to {host}"
    if "onnect to proxy" in said:
        return f"{named} can't be reached"
    return f"no connection to {host} through {named}"
