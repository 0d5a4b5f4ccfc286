"""`course classroom FOLDER`: one Linux server for a class, with JupyterHub.

    FOLDER/classroom.json   what was chosen; marks the folder as ours
    FOLDER/hub/             accounts, secrets, the proxy; root's alone
    FOLDER/shared/          `dli`, `course`, the edition, kept weights: a git repository
                            that students' copies are clones of; they read it only
    FOLDER/data/            the data sets; students read them only
    FOLDER/homes/NAME/      a student's home, 0700, and in it their copy
    FOLDER/notes/NAME       why a kernel was ended, for that student
    FOLDER/collected/       what `--collect` has copied; root's alone

`start` does it, in this order: look (`checks`), write (`shared`), hand over to the hub,
which reads `jupyterhub_config.py`. That one calls `accounts` when a server starts, and
`spawner` with `memory` while it runs.
"""
