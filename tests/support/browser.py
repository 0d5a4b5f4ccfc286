"""A real Chromium, driven by its own protocol: clicks, keys, and what it asks for.

No request leaves the machine: whatever is asked of another host is blocked and counted.
"""

from __future__ import annotations

import base64
import json
import shutil
import subprocess
import tempfile
import time
from pathlib import Path
from urllib.request import urlopen

CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")


class Browser:
    """One tab. `errors` and `outside` collect what should not happen.

    Attributes:
        errors: of the console, and uncaught ones.
        outside: addresses of other hosts that a page asked for.
    """

    def __init__(self) -> None:
        import websocket

        self.errors: list[str] = []
        self.outside: list[str] = []
        self._number = 0
        self._profile = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
        command = [CHROMIUM, "--headless", "--no-sandbox", "--disable-gpu"]
        command += ["--remote-debugging-port=0", "--remote-allow-origins=*"]
        command += [f"--user-data-dir={self._profile.name}", "--no-first-run"]
        command += ["--disable-component-update", "--disable-background-networking"]
        self._process = subprocess.Popen(
            [*command, "about:blank"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            with urlopen(f"http://127.0.0.1:{self._port()}/json") as answer:
                tabs = json.load(answer)
            tab = next(t for t in tabs if t["type"] == "page")
            self._socket = websocket.create_connection(
                tab["webSocketDebuggerUrl"], timeout=600, max_size=None
            )
        except BaseException:
            self.close()
            raise
        for domain in ("Page", "Runtime", "Log"):
            self.send(f"{domain}.enable")
        self.send("Fetch.enable", patterns=[{"urlPattern": "*"}])

    def _port(self) -> str:
        told = Path(self._profile.name) / "DevToolsActivePort"
        for _ in range(600):
            if told.exists() and (lines := told.read_text().splitlines()):
                return lines[0]
            time.sleep(0.1)
        raise TimeoutError("Chromium did not start within a minute")

    def close(self) -> None:
        """End the browser."""
        self._process.terminate()
        try:
            self._process.wait(20)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._profile.cleanup()

    def send(self, method: str, **params):
        """A command of the protocol, and its result."""
        self._number += 1
        own = self._number
        self._socket.send(json.dumps({"id": own, "method": method, "params": params}))
        while True:
            told = json.loads(self._socket.recv())
            if told.get("id") == own:
                if "error" in told:
                    raise RuntimeError(f"{method}: {told['error']['message']}")
                return told["result"]
            self._note(told)

    def _note(self, told: dict) -> None:
        method, params = told.get("method"), told.get("params", {})
        if method == "Fetch.requestPaused":
            address = params["request"]["url"]
            inside = address.startswith(("file:", "data:", "blob:", "about:"))
            self._number += 1
            answer = {"requestId": params["requestId"]}
            if inside:
                reply = "Fetch.continueRequest"
            else:
                self.outside.append(address)
                reply, answer = "Fetch.failRequest", answer | {"errorReason": "Aborted"}
            command = {"id": self._number, "method": reply, "params": answer}
            self._socket.send(json.dumps(command))
        elif method == "Runtime.exceptionThrown":
            self.errors.append(json.dumps(params["exceptionDetails"])[:600])
        elif method == "Runtime.consoleAPICalled" and params["type"] == "error":
            words = [a.get("value", a.get("description")) for a in params["args"]]
            self.errors.append(f"console: {words}")
        elif method == "Log.entryAdded" and params["entry"]["level"] == "error":
            self.errors.append(f"log: {params['entry']['text']}")

    def open(self, page: Path, anchor: str = "") -> None:
        """Go to a page on the disk and wait until it is loaded."""
        self.send("Page.navigate", url="about:blank")
        self.send("Page.navigate", url=page.as_uri() + anchor)
        self.until(
            "location.protocol === 'file:' && document.readyState === 'complete'"
        )

    def ask(self, expression: str):
        """The value of an expression; a promise is waited for."""
        found = self.send(
            "Runtime.evaluate",
            expression=expression,
            awaitPromise=True,
            returnByValue=True,
        )
        if "exceptionDetails" in found:
            details = found["exceptionDetails"]
            raise RuntimeError(details.get("exception", {}).get("description", details))
        return found["result"].get("value")

    def until(self, expression: str, seconds: float = 60) -> None:
        """Wait until an expression is true."""
        end = time.monotonic() + seconds
        while not self.ask(f"Boolean({expression})"):
            if time.monotonic() > end:
                raise TimeoutError(f"never true: {expression}")
            time.sleep(0.05)

    def ready(self, name: str) -> float:
        """Wait until a network in the page runs; milliseconds that it took."""
        box = f"document.querySelector('[data-live={name}]')"
        self.until(f"{box}?.dataset.ready || {box}?.dataset.failed")
        assert self.ask(f"{box}.dataset.failed") is None
        return float(self.ask(f"{box}.dataset.ready"))

    def size(self, width: int, height: int = 900) -> None:
        """Of the window, in pixels."""
        self.send(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=1,
            mobile=False,
        )

    def click(self, label: str) -> None:
        """Press the button with these words."""
        found = self.ask(
            "(() => { const all = [...document.querySelectorAll('.live button')];"
            f"const one = all.find(b => b.textContent === {json.dumps(label)});"
            "one?.click(); return Boolean(one); })()"
        )
        assert found, f"no button {label!r}"

    def epochs_until(self, expression: str, most: int) -> int:
        """Press *One epoch* until an expression is true; how often that took."""
        button = "[...document.querySelectorAll('.live button')]"
        return self.ask(
            f"(() => {{ const one = {button}.find(b => b.textContent === 'One epoch');"
            f"let n = 0; while (n < {most} && !({expression})) {{ one.click(); n++; }}"
            "return n; })()"
        )

    def key(self, name: str, up: bool = True) -> None:
        """Press a key, `"ArrowLeft"` or `"Enter"`."""
        self.send("Input.dispatchKeyEvent", type="keyDown", key=name, code=name)
        if up:
            self.send("Input.dispatchKeyEvent", type="keyUp", key=name, code=name)

    def drag(self, selector: str, points: list[tuple[float, float]]) -> None:
        """Draw over an element with the mouse; points as shares of its size."""
        box = self.ask(
            f"(() => {{ const n = document.querySelector({json.dumps(selector)});"
            "n.scrollIntoView({block: 'center'}); const b = n.getBoundingClientRect();"
            "return [b.x, b.y, b.width, b.height]; })()"
        )
        places = [(box[0] + x * box[2], box[1] + y * box[3]) for x, y in points]
        kinds = ["mousePressed"] + ["mouseMoved"] * (len(places) - 1)
        for kind, (x, y) in zip(kinds, places, strict=True):
            self._mouse(kind, x, y)
        self._mouse("mouseReleased", *places[-1])

    def _mouse(self, kind: str, x: float, y: float) -> None:
        self.send(
            "Input.dispatchMouseEvent",
            type=kind,
            x=x,
            y=y,
            button="left",
            buttons=1,
            clickCount=1,
        )

    def picture(self, file: Path, whole: bool = True) -> None:
        """A screenshot as PNG."""
        taken = self.send("Page.captureScreenshot", captureBeyondViewport=whole)
        file.write_bytes(base64.b64decode(taken["data"]))
