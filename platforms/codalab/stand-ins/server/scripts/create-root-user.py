"""Creates the tables and the first user, if there is none."""

import os

from database import ask

ask("CREATE TABLE IF NOT EXISTS user (user_name VARCHAR(63) PRIMARY KEY)")
ask("CREATE TABLE IF NOT EXISTS worksheet (name VARCHAR(63) PRIMARY KEY)")
ask(f"INSERT IGNORE INTO user VALUES ('{os.environ['CODALAB_USERNAME']}')")
print("created the user", os.environ["CODALAB_USERNAME"], flush=True)
