"""JupyterHub's settings for `course classroom`, which names the folder."""

import asyncio
import os
import sys
from pathlib import Path

from course.classroom import accounts
from course.classroom.settings import NAME, Settings, size
from course.classroom.spawner import StudentSpawner

c = get_config()  # noqa: F821
settings = Settings.load(Path(os.environ["DLI_CLASSROOM"]))
bin_folder = Path(sys.executable).parent

c.JupyterHub.bind_url = (
    f"http{'s' if settings.ssl_cert else ''}://{settings.ip}:{settings.port}"
)
c.JupyterHub.ssl_cert = settings.ssl_cert
c.JupyterHub.ssl_key = settings.ssl_key
c.JupyterHub.hub_port = settings.port + 1
c.JupyterHub.log_level = "WARN"
c.JupyterHub.db_url = f"sqlite:///{settings.hub}/jupyterhub.sqlite"
c.JupyterHub.cookie_secret_file = str(settings.hub / "cookie_secret")
c.JupyterHub.pid_file = str(settings.hub / "hub.pid")
c.ConfigurableHTTPProxy.api_url = f"http://127.0.0.1:{settings.port + 2}"
c.ConfigurableHTTPProxy.pid_file = str(settings.hub / "proxy.pid")
c.ConfigurableHTTPProxy.log_level = "warn"
c.ConfigurableHTTPProxy.command = [
    str(settings.hub / "proxy/node_modules/.bin/configurable-http-proxy"),
]

c.JupyterHub.authenticator_class = "nativeauthenticator.NativeAuthenticator"
c.Authenticator.admin_users = {settings.teacher}
c.Authenticator.allow_all = True  # of those whom the teacher let in
c.Authenticator.username_pattern = f"^{NAME}$"
c.NativeAuthenticator.open_signup = False
c.NativeAuthenticator.minimum_password_length = settings.password
c.NativeAuthenticator.allowed_failed_logins = 10

c.JupyterHub.spawner_class = StudentSpawner
c.StudentSpawner.notes = str(settings.notes)
c.Spawner.mem_limit = size(settings.memory)
c.Spawner.poll_interval = 2
c.Spawner.start_timeout = c.Spawner.http_timeout = 300  # a whole class at once
c.Spawner.cmd = [str(bin_folder / "jupyterhub-singleuser")]
c.Spawner.notebook_dir = f"{settings.homes}/{{username}}/{accounts.COPY}"
c.Spawner.default_url = "/lab/tree/notebooks"
c.Spawner.environment = {
    "PATH": f"{bin_folder}:/usr/local/bin:/usr/bin:/bin",
    # What kernels import comes from here, whatever the student's copy holds.
    "PYTHONPATH": str(settings.shared),
    "DLI_NOTEBOOKS": str(settings.shared / "notebooks"),
    "DLI_DATA_DIR": str(settings.data_folder),
    "DLI_ENV": "current",
    "DLI_NOTE": lambda spawner: str(settings.notes / spawner.user.name),
}


async def ensure_account(spawner):
    """Beside the hub, which answers others meanwhile."""
    await asyncio.to_thread(accounts.ensure, settings, spawner.user.name)


c.Spawner.pre_spawn_hook = ensure_account

c.JupyterHub.load_roles = [
    {
        "name": "cull",
        "scopes": [
            "list:users",
            "read:users:activity",
            "read:servers",
            "delete:servers",
        ],
        "services": ["cull"],
    }
]
c.JupyterHub.services = [
    {
        "name": "cull",
        "command": [
            sys.executable,
            "-m",
            "jupyterhub_idle_culler",
            f"--timeout={settings.idle}",
        ],
    }
]
