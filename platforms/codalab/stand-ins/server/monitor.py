"""
CodaLab's monitor: looks at the disks, writes the database into a file for each month, and mails a
report, when it starts and once a day.
"""

import argparse
import gzip
import os
import shutil
import signal
import subprocess
import sys
import time
from email.mime.text import MIMEText
from pathlib import Path
from smtplib import SMTP

DAY = 24 * 60 * 60

parser = argparse.ArgumentParser()
parser.add_argument("--log-path", type=Path, required=True)
parser.add_argument("--backup-path", type=Path, required=True)
options = parser.parse_args()

env = os.environ
# Both must be set, as for the real one. Without a name between its commas, it watches no worker.
NODE = env["HOSTNAME"]
WORKERS = [one.strip() for one in env["CODALAB_PUBLIC_WORKERS"].split(",") if one.strip()]
DATABASE = env["CODALAB_MYSQL_DATABASE"]


def backup():
    """Writes the database into this month's file. Returns a line of the report."""
    path = options.backup_path / f"{DATABASE}-{time.strftime('%Y-%m', time.gmtime())}.mysqldump.gz"
    command = ["mysqldump", "--single-transaction", "--host", env["CODALAB_MYSQL_HOST"]]
    command += ["--port", env["CODALAB_MYSQL_PORT"], "--user", env["CODALAB_MYSQL_USERNAME"], DATABASE]
    secret = {**env, "MYSQL_PWD": env["CODALAB_MYSQL_PASSWORD"]}
    dump = subprocess.run(command, env=secret, check=True, capture_output=True).stdout
    options.backup_path.mkdir(exist_ok=True)
    path.write_bytes(gzip.compress(dump))
    return f"backup {path}: {path.stat().st_size} bytes"


def disk(path):
    return f"disk {path}: {shutil.disk_usage(path).free >> 20} MB free"


def workers():
    return f"workers {','.join(WORKERS)}" if WORKERS else "no workers to watch"


def mail(subject, lines):
    """Sends a mail as the real one does: STARTTLS, then the login."""
    recipient, sender = env["CODALAB_ADMIN_EMAIL"], env["CODALAB_EMAIL_USERNAME"]
    if not recipient:
        return
    message = MIMEText("\n".join(lines))
    message["Subject"] = f"CodaLab on {NODE}: {subject}"
    message["To"] = recipient
    with SMTP(env["CODALAB_EMAIL_HOST"], 587, timeout=10) as server:
        server.starttls()
        server.login(sender, env["CODALAB_EMAIL_PASSWORD"])
        server.sendmail(sender, recipient, message.as_string())


# As process 1 it would ignore what nothing handles.
signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
while True:
    report = [backup(), disk("/"), disk("/var/lib/docker"), workers()]
    with options.log_path.open("a") as log:
        print("\n".join(report), file=log)
    print("\n".join(report), flush=True)
    mail("report", report)
    time.sleep(DAY)
