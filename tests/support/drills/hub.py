"""People who use a hub over HTTP, as a browser would."""

from __future__ import annotations

import asyncio
import json
import re
import time
import uuid
from dataclasses import dataclass, field
from urllib.parse import quote

import requests

PASSWORD = "a long password of a drill"
PATIENCE = 600  # seconds for an answer, on a busy machine


@dataclass
class Cell:
    """What came of one cell: its text, its error if any, and when it ended."""

    text: str = ""
    error: str = ""
    seconds: float = 0.0


@dataclass
class Person:
    """Somebody in front of a browser.

    Attributes:
        hub: the address of the hub, without a slash at its end.
        name: their account.
    """

    hub: str
    name: str
    session: requests.Session = field(default_factory=requests.Session)
    token: str = ""

    def __post_init__(self) -> None:
        self.session.trust_env = False  # no proxy on the way to this very computer

    def _form(self, page: str, **fields) -> requests.Response:
        """Open a page and send its form."""
        self.session.get(f"{self.hub}/hub/{page}", timeout=PATIENCE)
        fields["_xsrf"] = self._xsrf()
        return self.session.post(
            f"{self.hub}/hub/{page}", data=fields, timeout=PATIENCE
        )

    def _xsrf(self) -> str:
        """The hub's word against forged forms; a server of theirs has its own."""
        for cookie in self.session.cookies:
            if cookie.name == "_xsrf" and cookie.path == "/hub/":
                return cookie.value
        return ""

    def sign_up(self) -> str:
        """Choose a name and a password; what the page answers."""
        both = {"signup_password": PASSWORD, "signup_password_confirmation": PASSWORD}
        answer = self._form("signup", username=self.name, **both)
        found = re.search(
            r'class="alert alert-\w+"[^>]*>(.*?)</div>', answer.text, re.S
        )
        return re.sub(r"<.*?>|\s+", " ", found[1]).strip() if found else answer.text

    def sign_in(self) -> bool:
        """Whether the hub lets them in; then they have a token, as an open page has."""
        answer = self._form("login", username=self.name, password=PASSWORD)
        if not answer.ok:
            return False
        address = f"{self.hub}/hub/api/users/{self.name}/tokens"
        headers = {"X-XSRFToken": self._xsrf(), "Referer": f"{self.hub}/hub/token"}
        answer = self.session.post(address, json={}, headers=headers, timeout=PATIENCE)
        self.token = answer.json()["token"] if answer.ok else ""
        return answer.ok

    def let_in(self, name: str) -> None:
        """Approve a student, as the teacher."""
        address = f"{self.hub}/hub/authorize/{name}"
        self.session.get(address, timeout=PATIENCE).raise_for_status()

    def ask(self, method: str, path: str, **options) -> requests.Response:
        """Ask the hub or a server, with the token."""
        headers = {"Authorization": f"token {self.token}"}
        address, options = f"{self.hub}{path}", {"timeout": PATIENCE, **options}
        # Without cookies: a server asks those who bring some for more.
        with requests.Session() as plain:
            plain.trust_env = False
            return plain.request(method, address, headers=headers, **options)

    def start(self, seconds: float = 300) -> None:
        """Start the server, and wait until it answers.

        Raises:
            TimeoutError: it does not.
            RuntimeError: the hub refuses.
        """
        answer = self.ask("POST", f"/hub/api/users/{self.name}/server")
        if answer.status_code not in (201, 202, 400):  # 400: it runs already
            raise RuntimeError(f"{answer.status_code}: {answer.text}")
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            told = self.ask("GET", f"/hub/api/users/{self.name}").json()
            if told.get("servers", {}).get("", {}).get("ready"):
                return
            time.sleep(1)
        raise TimeoutError(f"{self.name}'s server does not answer")

    def file(self, path: str) -> str:
        """Where the server keeps a file."""
        return f"/user/{self.name}/api/contents/{quote(path)}"

    def read(self, path: str) -> dict:
        """A notebook, from the server."""
        answer = self.ask("GET", self.file(path))
        answer.raise_for_status()
        return answer.json()["content"]

    def save(self, path: str, notebook: dict) -> int:
        """Save a notebook; the status that the server answers with."""
        body = {"type": "notebook", "format": "json", "content": notebook}
        return self.ask("PUT", self.file(path), json=body).status_code

    def kernel(self, name: str, path: str = "notebooks") -> str:
        """Start a kernel; its id.

        Args:
            name: of the kernel.
            path: of the notebook that it is for.
        """
        body = {"name": name, "path": path}
        answer = self.ask("POST", f"/user/{self.name}/api/kernels", json=body)
        answer.raise_for_status()
        return answer.json()["id"]

    def execute(
        self, kernel: str, cells: list[str], seconds: float = 600
    ) -> list[Cell]:
        """Run cells one after the other, as a notebook does; ends after an error."""
        return asyncio.run(asyncio.wait_for(self._execute(kernel, cells), seconds))

    async def _execute(self, kernel: str, cells: list[str]) -> list[Cell]:
        from tornado.httpclient import HTTPRequest
        from tornado.websocket import websocket_connect

        address = self.hub.replace("http", "ws", 1)
        address += f"/user/{self.name}/api/kernels/{kernel}/channels"
        request = HTTPRequest(address, headers={"Authorization": f"token {self.token}"})
        socket = await websocket_connect(request, max_message_size=2**28)
        done = []
        try:
            for source in cells:
                began = time.monotonic()
                done.append(await _run(socket, source))
                done[-1].seconds = time.monotonic() - began
                if done[-1].error:
                    break
        finally:
            socket.close()
        return done


async def _run(socket, source: str) -> Cell:
    """Send one cell, and read until the kernel has nothing more to do."""
    asked = uuid.uuid4().hex
    header = {"msg_id": asked, "msg_type": "execute_request", "username": "drill"}
    header |= {"session": "drill", "version": "5.3", "date": "2026-01-01T00:00:00Z"}
    content = {"code": source, "silent": False, "store_history": True}
    content |= {"user_expressions": {}, "allow_stdin": False, "stop_on_error": True}
    message = {"header": header, "parent_header": {}, "metadata": {}}
    message |= {"content": content, "channel": "shell", "buffers": []}
    await socket.write_message(json.dumps(message))
    cell = Cell()
    while True:
        told = await socket.read_message()
        if told is None:
            cell.error = "the connection ended"
            return cell
        told = json.loads(told)
        kind, said = told["header"]["msg_type"], told["content"]
        if kind == "status" and said["execution_state"] in ("restarting", "dead"):
            cell.error = "the kernel was ended"
            return cell
        if told["parent_header"].get("msg_id") != asked:
            continue
        if kind == "stream":
            cell.text += said["text"]
        elif kind in ("execute_result", "display_data"):
            cell.text += str(said["data"].get("text/plain", ""))
        elif kind == "error":
            cell.error = f"{said['ename']}: {said['evalue']}"
        elif kind == "status" and said["execution_state"] == "idle":
            return cell
