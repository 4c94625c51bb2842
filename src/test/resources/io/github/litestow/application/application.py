"""The application beside Litestow: another process, because SQLite's locks belong to a process.

Reads one JSON list per line, [verb, argument...], and answers one line, "ok ..." or "error ...". The
verb "insert" says "trying" first. "loop" answers "ack ID NANOSECONDS" for each row it was told is
committed, and when, until it is told to stop.
"""
import fcntl
import json
import os
import random
import select
import sqlite3
import time
import urllib.parse

PAUSES = {
    "bursts": [0, 0, 0, 0.002, 0.01, 0.05, 0.2],
    "breaks": [0, 0.002, 0.005, 0.01, 0, 0.002, 0.005, 0.01, 0.1, 0.3],
    "steady": [0.004],
}
LOOP_WAITS = 0.3

# Not buffered: a second line that was read along with the first would be invisible to select().
commands = open(0, "rb", buffering=0)
connection = None
locked = []


def say(*words):
    print(*(str(word).replace("\n", " ") for word in words), flush=True)


def connect(path, mode, seconds):
    url = "file:" + urllib.parse.quote(path) + "?mode=" + mode
    return sqlite3.connect(url, uri=True, timeout=seconds, isolation_level=None, cached_statements=0)


def first_column(cursor):
    return ",".join(str(row[0]) for row in cursor.fetchall())


def insert_row(c, number):
    c.execute("BEGIN IMMEDIATE")
    c.execute("INSERT INTO t (id, note) VALUES (?, ?)", (number, "row %d " % number * 20))
    c.execute("COMMIT")


def make(path, journal, first, count):
    c = connect(path, "rwc", 5)
    c.execute("PRAGMA journal_mode=" + journal)
    c.execute("CREATE TABLE IF NOT EXISTS t (id INTEGER PRIMARY KEY, note TEXT NOT NULL)")
    c.execute("BEGIN")
    for number in range(first, first + count):
        c.execute("INSERT INTO t (id, note) VALUES (?, ?)", (number, "row %d " % number * 20))
    c.execute("COMMIT")
    c.close()


def rows(path):
    c = connect(path, "rw", 30)
    try:
        return first_column(c.execute("SELECT id FROM t WHERE id IS NOT NULL ORDER BY id"))
    finally:
        c.close()


def opened(path, seconds):
    """Neither creates a file nor reads anything."""
    global connection
    connection = connect(path, "rw", seconds)


def wait(seconds):
    if connection:
        connection.execute("PRAGMA busy_timeout=%d" % (seconds * 1000))


def opened_under_lock(path, seconds, journal):
    """A journal mode that needs a lock which somebody has is asked for in vain, and at once."""
    opened(path, 0)
    try:
        connection.execute("PRAGMA journal_mode=" + journal).fetchall()
    except sqlite3.Error:
        pass
    wait(seconds)


def sql(statement):
    return first_column(connection.execute(statement))


def trying(statement):
    say("trying")
    return sql(statement)


def insert(number):
    say("trying")
    try:
        insert_row(connection, number)
    except sqlite3.Error:
        if connection.in_transaction:
            connection.rollback()
        raise


def once(path, mode, number, seconds):
    """An application that opens, writes and closes; with mode rwc it makes what is missing."""
    c = connect(path, mode, seconds)
    try:
        if mode == "rwc":
            c.execute("CREATE TABLE IF NOT EXISTS t (id INTEGER PRIMARY KEY, note TEXT NOT NULL)")
        insert_row(c, number)
    finally:
        c.close()


def lock(path):
    """The whole file, as the JVM locks one; kept for as long as the process lives."""
    file = os.open(path, os.O_CREAT | os.O_RDWR, 0o600)
    try:
        fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as e:
        raise OSError("locked by another") from e
    locked.append(file)


def build(path, first, count, journal):
    """A database made anew beside the other, as a job makes it that puts it in place by rename."""
    if os.path.exists(path):
        os.remove(path)
    make(path, journal, first, count)


def replace_during_deletion(path, builds, how):
    """Waits until the file at the path carries the mark of a deletion, and then does to it what jobs do."""
    say("trying")
    file = os.open(path, os.O_RDONLY)
    end = time.monotonic() + 60
    while os.pread(file, 8, 0) != b"LITESTOW":
        if time.monotonic() > end:
            raise OSError("never marked")
    if how == "when gone":
        while os.path.exists(path):
            pass
    if how == "copy":
        with open(builds[-1], "rb") as new, open(path, "wb") as old:
            old.write(new.read())
    elif how == "link":
        os.link(path, path + ".link.db")
    else:
        for build in builds:
            os.rename(build, path)
        if how == "transaction":
            opened(path, 5)
            connection.execute("BEGIN IMMEDIATE")
            connection.execute("UPDATE t SET note = note || '.'")
    os.close(file)
    return "replaced"


def close():
    global connection
    if connection:
        connection.close()
    connection = None


def asked(seconds):
    return bool(select.select([commands], [], [], seconds)[0])


def loop(path, first, style, pauses, journal, seed):
    """Commits rows until told to stop. "held" keeps its connection, "reopened" opens one per few rows, "closed" one per row."""
    chance = random.Random(seed)
    number, c, left = first, None, 0
    while True:
        if asked(chance.choice(PAUSES[pauses])):
            verb, *words = json.loads(commands.readline() or '["stop"]')
            if verb == "stop":
                break
            if verb == "style":
                style, left = words[0], 0
            say("ok")
        else:
            try:
                if c is None:
                    c = connect(path, "rw", LOOP_WAITS)
                    left = {"held": 10**9, "closed": 1}.get(style) or chance.randint(1, 4)
                    if journal and chance.random() < 0.5:
                        c.execute("PRAGMA journal_mode=" + journal).fetchall()
                number += 1
                insert_row(c, number)
                say("ack", number, time.time_ns())
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


VERBS = {
    "make": make, "rows": rows, "open": opened, "open under lock": opened_under_lock, "wait": wait, "sql": sql,
    "trying": trying, "insert": insert, "once": once, "lock": lock, "close": close, "loop": loop,
    "build": build, "replace during deletion": replace_during_deletion,
}

for line in iter(commands.readline, b""):
    verb, *arguments = json.loads(line)
    try:
        answer = VERBS[verb](*arguments)
        say("ok " + ("" if answer is None else answer))
    except (sqlite3.Error, OSError) as e:
        say("error", type(e).__name__, e)
