"""CodaLab's database, through MariaDB's own client."""

import os
import subprocess


def ask(statement):
    """Lines of the answer, with tabs between the columns."""
    env = os.environ
    command = ["mariadb", "--batch", "--skip-column-names", "--connect-timeout=5"]
    command += ["--host", env["CODALAB_MYSQL_HOST"], "--port", env["CODALAB_MYSQL_PORT"]]
    command += ["--user", env["CODALAB_MYSQL_USERNAME"], env["CODALAB_MYSQL_DATABASE"]]
    secret = {**env, "MYSQL_PWD": env["CODALAB_MYSQL_PASSWORD"]}
    done = subprocess.run(command, input=statement, env=secret, text=True, capture_output=True)
    if done.returncode != 0:
        raise SystemExit(done.stderr.strip())
    return done.stdout.splitlines()


def has(table):
    return ask(f"SHOW TABLES LIKE '{table}'") != []
