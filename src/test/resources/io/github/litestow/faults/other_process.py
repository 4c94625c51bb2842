"""The application beside Litestow: another process, because SQLite's locks are per process.

Reads one JSON list per line, [verb, argument...], answers one line. `loop` answers `ack ID` for each
row it was told is committed, until the next line comes in.
"""
import json
import random
import select
import sqlite3
import sys
import urllib.parse

connection = None


def say(*words):
    print(*words, flush=True)


def connect(path, mode, timeout):
    url = "file:" + urllib.parse.quote(path) + "?mode=" + mode
    return sqlite3.connect(url, uri=True, timeout=timeout, isolation_level=None, cached_statements=0)


def asked(patience):
    return bool(select.select([sys.stdin], [], [], patience)[0])


def insert(c, number):
    c.execute("BEGIN IMMEDIATE")
    c.execute("INSERT INTO row (id, body) VALUES (?, ?)", (number, "row %d " % number * 20))
    c.execute("COMMIT")


def make(path, journal, first, count):
    c = connect(path, "rwc", 5)
    c.execute("PRAGMA journal_mode=" + journal)
    c.execute("CREATE TABLE IF NOT EXISTS row (id INTEGER PRIMARY KEY, body TEXT)")
    c.execute("BEGIN")
    for number in range(first, first + count):
        c.execute("INSERT INTO row (id, body) VALUES (?, ?)", (number, "row %d " % number * 20))
    c.execute("COMMIT")
    c.close()
    return "ok"


def rows(path):
    c = connect(path, "rw", 30)
    try:
        return "ok " + ",".join(str(r[0]) for r in c.execute("SELECT id FROM row ORDER BY id") if r[0] is not None)
    finally:
        c.close()


def opened(path, mode, timeout, journal):
    global connection
    connection = connect(path, mode, timeout)
    if journal:
        connection.execute("PRAGMA journal_mode=" + journal).fetchall()
    connection.execute("SELECT count(*) FROM sqlite_master").fetchall()
    return "ok"


def connecting(path, timeout, journal):
    """Opens without reading; a journal mode that needs a lock is asked for in vain and at once."""
    global connection
    connection = connect(path, "rw", 0)
    try:
        connection.execute("PRAGMA journal_mode=" + journal).fetchall()
    except sqlite3.Error:
        pass
    connection.execute("PRAGMA busy_timeout=%d" % (timeout * 1000))
    return "ok"


def write(number):
    say("trying")
    try:
        insert(connection, number)
        return "ok"
    except sqlite3.Error:
        if connection.in_transaction:
            connection.rollback()
        raise


def sql(statement):
    connection.execute(statement).fetchall()
    return "ok"


def once(path, mode, number, timeout):
    """An application that opens, writes and closes; with mode rwc it makes what is missing."""
    c = connect(path, mode, timeout)
    try:
        if mode == "rwc":
            c.execute("CREATE TABLE IF NOT EXISTS row (id INTEGER PRIMARY KEY, body TEXT)")
        insert(c, number)
        return "ok"
    finally:
        c.close()


def close():
    global connection
    if connection:
        connection.close()
    connection = None
    return "ok"


def loop(path, first, style, journal, seed):
    """Writes until asked to stop. `held` keeps its connection, `reopened` opens one per few rows."""
    chance = random.Random(seed)
    number, c, left = first, None, 0
    while not asked(chance.choice([0, 0, 0, 0.002, 0.01, 0.05, 0.2])):
        try:
            if c is None:
                c = connect(path, "rw", 0.3)
                left = 10**9 if style == "held" else chance.randint(1, 4)
                if journal and chance.random() < 0.5:
                    c.execute("PRAGMA journal_mode=" + journal).fetchall()
            number += 1
            insert(c, number)
            say("ack", number)
            left -= 1
        except sqlite3.Error as e:
            left = 0 if "locked" not in str(e) else left
            if c is not None and c.in_transaction:
                c.rollback()
        if left == 0 and c is not None:
            c.close()
            c = None
    if c is not None:
        c.close()
    return "stopped"


VERBS = {"make": make, "rows": rows, "open": opened, "connect": connecting, "write": write, "sql": sql, "once": once, "close": close, "loop": loop}

for line in iter(sys.stdin.readline, ""):
    verb, *arguments = json.loads(line)
    if verb == "stop":
        continue
    try:
        say(VERBS[verb](*arguments))
    except sqlite3.Error as e:
        say("error", type(e).__name__, e)
