"""The databases that everybody backs up: made, changed and read the same way for each contender."""
import hashlib, random, sqlite3


def make(path, megabytes):
    """Half of it compressible, half noise."""
    rng = random.Random(int(megabytes * 1000))
    db = sqlite3.connect(path)
    db.execute("PRAGMA journal_mode=WAL")
    db.execute("CREATE TABLE row (id INTEGER PRIMARY KEY, noise BLOB, text TEXT)")
    db.executemany("INSERT INTO row (noise, text) VALUES (?, ?)", ((rng.randbytes(950), "abcdefgh" * 118) for _ in range(int(megabytes * 512))))
    db.commit()
    db.close()


def change(path, seed):
    """One row of a hundred gets other noise."""
    rng = random.Random(seed)
    db = sqlite3.connect(path)
    (count,) = db.execute("SELECT count(*) FROM row").fetchone()
    rows = rng.sample(range(1, count + 1), max(1, count // 100))
    db.executemany("UPDATE row SET noise = ? WHERE id = ?", ((rng.randbytes(950), row) for row in rows))
    db.commit()
    db.close()


def content(path):
    digest, db = hashlib.sha1(), sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    db.text_factory = bytes
    for row, noise, text in db.execute("SELECT id, noise, text FROM row ORDER BY id"):
        digest.update(b"%d " % row)
        digest.update(noise)
        digest.update(text)
    db.close()
    return digest.hexdigest()
