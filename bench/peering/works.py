"""What each contender has to do, in turn, and what that took."""
import os, shutil, statistics, time

import contenders, data

FIRST, KEPT, SAME, AWAY, BACK, DRILL, GROWTH = (
    "first snapshot", "kept, 1 % changed", "kept, unchanged", "offload, 1 % changed", "restore", "drill", "growth")


class Measured:
    def __init__(self, store):
        self.store, self.rows = store, {}

    def take(self, peer, work, action):
        before, left = self.store.counted(), self.store.left(peer.prefix)[0]
        peer.begin()
        begun = time.monotonic()
        action()
        wall = time.monotonic() - begun
        peer.end()
        after, (kept, objects) = self.store.counted(), self.store.left(peer.prefix)
        up = after[0] - before[0] if self.store.kind == "s3" else max(0, kept - left)
        row = {"wall": wall, "cpu": peer.cpu, "rss": peer.rss, "up": up, "down": after[1] - before[1], "requests": after[2] - before[2],
               "left": kept, "objects": objects, "disk": beside(peer)}
        if peer.unconfirmed is not None and work in (FIRST, KEPT, AWAY):
            row["confirmed"] = max(0, wall - peer.unconfirmed)
        self.rows.setdefault((work, peer.name), []).append(row)

    def medians(self):
        return [{"work": work, "contender": name, **{k: statistics.median(r[k] for r in rows if k in r) for k in rows[0]}, "rounds": len(rows)}
                for (work, name), rows in self.rows.items()]


def beside(peer):
    """What it keeps on this disk beside the database."""
    total = 0
    for folder, _, names in os.walk(peer.folder):
        for name in names:
            path = os.path.join(folder, name)
            if not path.startswith(str(peer.db)) and "/many/" not in path:
                total += os.lstat(path).st_blocks * 512
    return total


def equal(peer, file, want):
    if data.content(file) != want:
        raise SystemExit(f"{peer.name}: the restored database differs from the one that was backed up")


def here(peers, store):
    return [peer for peer in peers if store.kind in peer.applies_to]


def sizes(store, top, megabytes, rounds, peers, measured):
    """A first snapshot, runs of a database that stays, a drill; then cycles in which it goes away and comes back."""
    made = top / "made.sqlite"
    data.make(made, megabytes)
    facing = [peer(top / peer.prefix, store, megabytes) for peer in here(peers, store)]
    starting = {}
    try:
        for peer in facing:
            shutil.copy(made, peer.db)
            peer.start(False)
            measured.take(peer, FIRST, lambda: peer.backup(False))
        for i in range(rounds):
            for peer in facing:
                data.change(peer.db, i)
                measured.take(peer, KEPT, lambda: peer.backup(False))
                # It waits as long as its user said, whatever there is to do.
                if not isinstance(peer, contenders.Pylts):
                    measured.take(peer, SAME, lambda: peer.backup(False))
        for i in range(min(rounds, 3)):
            for peer in facing:
                measured.take(peer, DRILL, peer.drill)
        for peer in facing:
            peer.start(True)
            if isinstance(peer, contenders.Litestow):
                starting[peer.name] = peer.starting()
                # From here on it is the program that deletes; this first time it may have to begin anew.
                peer.backup(True)
                peer.forget()
                peer.restore()
        for i in range(rounds):
            want = None
            for peer in facing:
                data.change(peer.db, 1000 + i)
                want = want or data.content(peer.db)
                measured.take(peer, AWAY, lambda: peer.backup(True))
                peer.forget()
                measured.take(peer, BACK, peer.restore)
                equal(peer, peer.db, want)
    finally:
        for peer in facing:
            peer.stop()
    return starting


def growth(store, top, megabytes, cycles, peers, measured):
    """Offload cycles, each told to keep the last three: what is left?"""
    made = top / "made.sqlite"
    data.make(made, megabytes)
    # What a command leaves is what the service leaves. pylts waits for seconds, and has no backup where they are too few.
    for kind in [peer for peer in here(peers, store) if peer not in (contenders.Litestow, contenders.Pylts)]:
        peer = kind(top / kind.prefix, store, megabytes)
        peer.growing = True
        shutil.copy(made, peer.db)
        peer.start(True)

        def all_cycles():
            for i in range(cycles):
                data.change(peer.db, i)
                peer.backup(True)
                peer.retain()
                peer.forget()
                peer.restore()

        try:
            measured.take(peer, GROWTH, all_cycles)
            for i in range(cycles):
                data.change(made, i)
            equal(peer, peer.db, data.content(made))
        finally:
            peer.stop()
        made.unlink()
        data.make(made, megabytes)


def many(store, top, count, rounds, peers, measured):
    """So many databases of 0.1 MB, all of which changed, and none."""
    facing = []
    # It takes one database, and waits for seconds.
    for kind in [peer for peer in here(peers, store) if peer is not contenders.Pylts]:
        peer = kind(top / kind.prefix, store, 0.1)
        (peer.folder / "many").mkdir()
        files = [peer.folder / "many" / f"t{i:04}.db" for i in range(count)]
        data.make(files[0], 0.1)
        for file in files[1:]:
            shutil.copy(files[0], file)
        facing.append(contenders.Many(peer, files))
    starting = {}
    try:
        for all_of_one in facing:
            all_of_one.backup()
            if isinstance(all_of_one.peer, contenders.Litestow):
                starting[all_of_one.peer.name] = all_of_one.peer.starting()
        for i in range(rounds):
            want = None
            for all_of_one in facing:
                for file in all_of_one.files:
                    data.change(file, i)
                want = want or data.content(all_of_one.files[-1])
                measured.take(all_of_one.peer, f"{count} databases, each changed", all_of_one.backup)
                measured.take(all_of_one.peer, f"{count} databases, unchanged", all_of_one.backup)
        for all_of_one in facing:
            out = all_of_one.peer.folder / "out.db"
            all_of_one.restore_last(out)
            equal(all_of_one.peer, out, want)
    finally:
        for all_of_one in facing:
            all_of_one.peer.stop()
    return starting
