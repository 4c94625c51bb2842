"""The ways to back a database up. Each is told to back up, to restore, and to prove that a restore would work."""
import concurrent.futures, datetime, http.client, json, os, pathlib, shutil, signal, subprocess, time

from store import HERE, KEY, SECRET, TOOLS, free_port, until

TICKS = os.sysconf("SC_CLK_TCK")
TOKEN = "bench-bench-bench-bench"


def clean():
    strange = ("LITESTOW_", "LITESTREAM_", "AWS_", "REPLICA_", "JAVA_", "JDK_", "RESTIC_")
    return {k: v for k, v in os.environ.items() if not k.startswith(strange)}


def remove(path):
    for file in path.parent.glob(path.name + "*"):
        file.unlink()


class Contender:
    """What it takes is summed up in `cpu` (seconds of all its processes) and `rss` (MB of the largest of them)."""

    applies_to = ("file", "s3")

    def __init__(self, folder, store, megabytes):
        self.folder, self.store, self.megabytes, self.db = folder, store, megabytes, folder / "db.sqlite"
        self.growing = False
        folder.mkdir()
        self.begin()

    def begin(self):
        """What comes is measured."""
        self.cpu = self.rss = 0
        self.unconfirmed = None

    def end(self):
        """It was."""

    def start(self, away):
        """Makes ready, for databases that stay or for some that go away."""

    def run(self, command, ok=(0,), kill_after=None, **env):
        with open(self.folder / "log", "ab") as log:
            process = subprocess.Popen([str(word) for word in command], cwd=self.folder, stdout=log, stderr=log, stdin=subprocess.DEVNULL,
                                       env={**clean(), **{k: str(v) for k, v in env.items()}})
            if kill_after:
                time.sleep(kill_after)
                process.kill()
            _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode not in ok:
            raise SystemExit(f"{self.name}: {command} ended with {process.returncode}:\n" + (self.folder / "log").read_text()[-2000:])
        self.cpu += used.ru_utime + used.ru_stime
        self.rss = max(self.rss, used.ru_maxrss / 1024)

    def forget(self):
        """Deletes what is here, as an offload does."""
        remove(self.db)
        shutil.rmtree(self.folder / ".db.sqlite-litestream", ignore_errors=True)

    def drill(self):
        """Restores to another place and checks that."""
        out = self.folder / "drill.sqlite"
        self.restore_to(out)
        self.check(out)
        remove(out)

    def check(self, file):
        self.run(["sqlite3", file, "PRAGMA integrity_check"])

    def restore(self):
        self.restore_to(self.db)

    def retain(self):
        """Lets go of what is older than the last three, where it can."""

    def stop(self):
        """Ends what it started."""


class Litestow(Contender):
    name, prefix, way = "Litestow, command", "litestow-command", "bin/litestow snapshot, restore, verify"

    def environment(self):
        found = {"LITESTOW_FOLDER": self.folder, "DB_SQLITE": "db.sqlite", "REPLICA_URL": self.store.url(self.prefix),
                 "LITESTOW_LITESTREAM_BINARY": TOOLS / "litestream", "LITESTOW_SNAPSHOT_DELETE_LOCAL": "true" if self.away else "false",
                 "LITESTOW_SNAPSHOT_TIMEOUT": "PT30M", "LITESTOW_SNAPSHOT_ON_SHUTDOWN": "false"}
        if self.store.kind == "s3":
            found |= {"LITESTOW_S3_ENDPOINT": self.store.endpoint(), "LITESTREAM_ACCESS_KEY_ID": KEY, "LITESTREAM_SECRET_ACCESS_KEY": SECRET,
                      "LITESTOW_S3_REGION": "us-east-1"}
        if self.growing:
            found |= {"LITESTOW_RETENTION_KEEP_FOR": "PT0S", "LITESTOW_RETENTION_KEEP_AT_LEAST": 3, "LITESTOW_RETENTION_GRACE": "PT0S"}
        return found

    away = False

    def start(self, away):
        self.away = away

    def litestow(self, *words):
        self.run([HERE / "bin/litestow", *words], **self.environment())

    def backup(self, away):
        self.litestow("snapshot")
        self.learn()

    def learn(self):
        """How much of the run came after its upload was confirmed."""
        *_, last = (self.folder / ".db.sqlite-litestow/runs.jsonl").read_text().splitlines()
        run = json.loads(last)
        if point := run["result"].get("point"):
            self.unconfirmed = max(0, moment(run["finished"]) - moment(point["time"]))

    def restore(self):
        self.litestow("restore")

    def drill(self):
        self.litestow("verify")

    def forget(self):
        # It has deleted the database itself, on proof.
        if self.db.exists():
            raise SystemExit(f"{self.name}: the database is still there:\n" + (self.folder / "log").read_text()[-2000:])

    def starting(self):
        """Seconds until a command knows what is to be done."""
        begun = time.monotonic()
        self.litestow("config")
        return time.monotonic() - begun


def moment(text):
    whole, _, fraction = text.rstrip("Z").partition(".")
    return datetime.datetime.fromisoformat(whole + "+00:00").timestamp() + float("0." + (fraction or "0"))


class LitestowService(Litestow):
    name, prefix, way = "Litestow, service", "litestow-service", "POST …/snapshots, restores, verifications"
    process = None

    def start(self, away, **more):
        self.stop()
        self.away, self.port = away, free_port()
        env = {**clean(), **{k: str(v) for k, v in self.environment().items()}, "LITESTOW_SNAPSHOT_CRON": "0 0 0 1 1 ?", "LITESTOW_API_TOKEN": TOKEN,
               "QUARKUS_HTTP_HOST": "127.0.0.1", "QUARKUS_HTTP_PORT": str(self.port), **more}
        with open(self.folder / "log", "ab") as log:
            self.process = subprocess.Popen([HERE / "bin/litestow"], cwd=self.folder, env=env, stdout=log, stderr=log, stdin=subprocess.DEVNULL)
        until(lambda: self.ask("GET", "/q/health/ready", ok=(200, 503, 0))[0] == 200, 120)

    def ask(self, method, path, body=None, ok=(200,)):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=1800)
        try:
            headers = {"Authorization": f"Bearer {TOKEN}", **({"Content-Type": "application/json"} if body else {})}
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            status, text = answer.status, answer.read()
        except ConnectionError:
            status, text = 0, b""
        finally:
            connection.close()
        if status not in ok:
            raise SystemExit(f"{self.name}: {method} {path}: {status} {text.decode()}\n" + (self.folder / "log").read_text()[-2000:])
        return status, json.loads(text) if text else {}

    def ended(self, run):
        # Whatever `wait` allows: a large database takes longer.
        path = f"/api/databases/default/runs/{run['id']}"
        while run["state"] != "ended":
            time.sleep(0.005)
            run = self.ask("GET", path)[1]
        if run["outcome"] == "failed":
            raise SystemExit(f"{self.name}: {run}\n" + (self.folder / "log").read_text()[-2000:])

    def backup(self, away):
        self.ended(self.ask("POST", "/api/databases/default/snapshots?wait=PT10M", ok=(200, 202))[1])

    def restore(self):
        self.ended(self.ask("POST", "/api/databases/default/restores?wait=PT5M", '{"inPlace": true}', ok=(200, 202))[1])

    def drill(self):
        self.ended(self.ask("POST", "/api/databases/default/verifications", ok=(202,))[1])

    def begin(self):
        super().begin()
        if self.process:
            pathlib.Path(f"/proc/{self.process.pid}/clear_refs").write_text("5")
            self.before = self.ticks()

    def end(self):
        self.cpu = (self.ticks() - self.before) / TICKS
        status = pathlib.Path(f"/proc/{self.process.pid}/status").read_text()
        self.rss = int(status.split("VmHWM:")[1].split()[0]) / 1024
        if not self.db.is_dir() and (self.folder / ".db.sqlite-litestow/runs.jsonl").exists():
            self.learn()

    def ticks(self):
        """Of the service and of what it has started and waited for."""
        fields = pathlib.Path(f"/proc/{self.process.pid}/stat").read_text().rsplit(") ", 1)[1].split()
        return sum(int(field) for field in fields[11:15])

    def starting(self):
        return 0

    def stop(self):
        if self.process:
            self.process.terminate()
            self.process.wait(60)
            self.process = None


class Litestream(Contender):
    name, prefix, flags = "litestream -once", "litestream", ["-once"]
    way = "litestream 0.5.17 replicate -once; restore -integrity-check full"

    def place(self, prefix):
        if self.store.kind == "file":
            return f"\n    type: file\n    path: {self.store.root}/bucket/{prefix}"
        return f"\n    url: {self.store.url(prefix)}\n    endpoint: {self.store.endpoint()}\n    force-path-style: true\n    region: us-east-1"

    def settings(self, databases):
        text = ("snapshot:\n  retention: 1s\n" if self.growing else "") + "dbs:\n"
        text += "".join(f"- path: {file}\n  replica:{self.place(prefix)}\n" for file, prefix in databases)
        (self.folder / "litestream.yml").write_text(text)
        return {"LITESTREAM_ACCESS_KEY_ID": KEY, "LITESTREAM_SECRET_ACCESS_KEY": SECRET}

    def own(self):
        return self.settings([(self.db, self.prefix)])

    def backup(self, away):
        flags = [*self.flags, *(["-enforce-retention"] if self.growing else [])]
        self.run([TOOLS / "litestream", "replicate", "-config", "litestream.yml", *flags], **self.own())

    def restore_to(self, file):
        self.run([TOOLS / "litestream", "restore", "-config", "litestream.yml", "-integrity-check", "full", "-o", file, self.db], **self.own())

    def check(self, file):
        """The engine did, while it restored."""


class ForcedLitestream(Litestream):
    name, prefix, flags = "litestream -once -force-snapshot", "litestream-forced", ["-once", "-force-snapshot"]
    way = "the same with -force-snapshot"


class Pylts(Contender):
    """Its command deletes the database, takes s3:// alone, and its restore says -v, which litestream 0.3.13 does not know."""

    name, prefix = "pylts 0.0.9, litestream 0.3.13", "pylts"
    way = "python -m pylts aws-replicate-db SECONDS (file://, and what stays: its litestream for as long)"

    def url(self):
        return f"s3://bucket.localhost:{self.store.port}/{self.prefix}" if self.store.kind == "s3" else self.store.url(self.prefix)

    def environment(self):
        tools = self.folder / "bin"
        tools.mkdir(exist_ok=True)
        if not (tools / "litestream").exists():
            (tools / "litestream").symlink_to(TOOLS / "litestream-0.3")
        return {"PYTHONPATH": TOOLS / "pylts", "PATH": f"{tools}:{os.environ['PATH']}", "DB": "db.sqlite", "FOLDER": self.folder, "REPLICA_URL": self.url(),
                "LITESTREAM_ACCESS_KEY_ID": KEY, "LITESTREAM_SECRET_ACCESS_KEY": SECRET}

    def seconds(self):
        """What its user has to guess: too little is no backup."""
        return round(2 + self.megabytes / 40 + (self.megabytes * 8 / self.store.mbit if self.store.mbit else 0))

    def backup(self, away):
        if away and self.store.kind == "s3":
            self.run(["python3", "-m", "pylts", "aws-replicate-db", self.seconds()], **self.environment())
            if self.db.exists():
                raise SystemExit(f"{self.name}: no backup in {self.seconds()} s:\n" + (self.folder / "log").read_text()[-2000:])
        else:
            env = self.environment()
            self.run([TOOLS / "litestream-0.3", "replicate", self.db, self.url()], ok=(-signal.SIGKILL,), kill_after=self.seconds(), **env)

    def restore_to(self, file):
        self.run([TOOLS / "litestream-0.3", "restore", "-o", file, self.url()], **self.environment())


class Backup(Contender):
    name, prefix, way = ".backup, zstd -3, upload", "zstd", "sqlite3 .backup, zstd -3 -T0, curl --aws-sigv4 (cp)"
    number = -1

    def curl(self, *words):
        # Debian 12's curl signs no body, and says nothing of that by itself.
        self.run(["curl", "-sSf", "--aws-sigv4", "aws:amz:us-east-1:s3", "--user", f"{KEY}:{SECRET}", "-H", "x-amz-content-sha256: UNSIGNED-PAYLOAD", *words])

    def pack(self, database, name):
        copy, packed = self.folder / "copy", self.folder / "copy.zst"
        self.run(["sqlite3", database, f".backup {copy}"])
        self.run(["zstd", "-q", "-3", "-T0", "-f", copy, "-o", packed])
        if self.store.kind == "s3":
            self.curl("-T", packed, f"{self.store.endpoint()}/bucket/{name}")
        else:
            (self.store.root / "bucket" / name).parent.mkdir(parents=True, exist_ok=True)
            self.run(["cp", packed, self.store.root / "bucket" / name])
        copy.unlink()
        packed.unlink()

    def unpack(self, name, file):
        packed = self.folder / "copy.zst"
        if self.store.kind == "s3":
            self.curl("-o", packed, f"{self.store.endpoint()}/bucket/{name}")
        else:
            self.run(["cp", self.store.root / "bucket" / name, packed])
        self.run(["zstd", "-q", "-d", "-f", packed, "-o", file])
        packed.unlink()

    def backup(self, away):
        self.number += 1
        self.pack(self.db, f"{self.prefix}/{self.number:06}.zst")

    def restore_to(self, file):
        self.unpack(f"{self.prefix}/{self.number:06}.zst", file)

    def retain(self):
        if self.number >= 3:
            (self.store.root / "bucket" / self.prefix / f"{self.number - 3:06}.zst").unlink()


class Restic(Contender):
    name, prefix, way = "restic", "restic", "sqlite3 .backup, restic backup; restic restore"
    made = False

    def restic(self, *words):
        place = f"s3:{self.store.endpoint()}/bucket/{self.prefix}" if self.store.kind == "s3" else self.store.root / "bucket" / self.prefix
        self.run(["restic", "-q", *words], RESTIC_REPOSITORY=place, RESTIC_PASSWORD="bench", HOME=self.folder, XDG_CACHE_HOME=self.folder / "cache",
                 AWS_ACCESS_KEY_ID=KEY, AWS_SECRET_ACCESS_KEY=SECRET)

    def keep(self, databases):
        if not self.made:
            self.restic("init")
            self.made = True
        copies = self.folder / "copies"
        copies.mkdir()
        for database in databases:
            self.run(["sqlite3", database, f".backup {copies / database.name}"])
        self.restic("backup", copies)
        shutil.rmtree(copies)

    def backup(self, away):
        self.keep([self.db])

    def restore_to(self, file, name="db.sqlite"):
        out = self.folder / "out"
        self.restic("restore", "latest", "--target", out, "--include", name)
        shutil.move(next(out.rglob(name)), file)
        shutil.rmtree(out)

    cycles = 0

    def retain(self):
        # Packing anew is dear, so nobody does it each time.
        self.cycles += 1
        if self.cycles % 10 == 0:
            self.restic("forget", "--keep-last", "3", "--prune")


class Kopia(Restic):
    """Compresses nothing unless told to."""

    name, prefix, way = "kopia", "kopia", "0.22: sqlite3 .backup, kopia snapshot create, compression zstd; kopia restore"

    @staticmethod
    def program():
        built = HERE / "target/bench/kopia"
        return built if built.exists() else shutil.which("kopia")

    def kopia(self, *words):
        self.run([self.program(), *words], HOME=self.folder, KOPIA_CONFIG_PATH=self.folder / "kopia.config", KOPIA_PASSWORD="bench",
                 KOPIA_CACHE_DIRECTORY=self.folder / "cache", KOPIA_LOG_DIR=self.folder / "cache/logs", KOPIA_CHECK_FOR_UPDATES="false")

    def keep(self, databases):
        if not self.made:
            if self.store.kind == "s3":
                place = ["s3", "--bucket=bucket", f"--prefix={self.prefix}/", f"--endpoint=127.0.0.1:{self.store.port}", "--disable-tls",
                         f"--access-key={KEY}", f"--secret-access-key={SECRET}"]
            else:
                place = ["filesystem", f"--path={self.store.root / 'bucket' / self.prefix}"]
            self.kopia("repository", "create", *place)
            latest = ["--keep-latest=3", *(f"--keep-{each}=0" for each in ("hourly", "daily", "weekly", "monthly", "annual"))] if self.growing else []
            self.kopia("policy", "set", "--global", "--compression=zstd", *latest)
            self.made = True
        copies = self.folder / "copies"
        copies.mkdir()
        for database in databases:
            self.run(["sqlite3", database, f".backup {copies / database.name}"])
        self.kopia("snapshot", "create", copies)
        shutil.rmtree(copies)

    def restore_to(self, file, name="db.sqlite"):
        out = self.folder / "out"
        self.kopia("restore", self.folder / "copies", out)
        shutil.move(out / name, file)
        shutil.rmtree(out)

    def retain(self):
        self.cycles += 1
        if self.cycles % 10 == 0:
            self.kopia("maintenance", "run", "--full", "--safety=none")


ALL = [LitestowService, Litestow, Litestream, ForcedLitestream, Pylts, Backup, Restic, Kopia]


class Many:
    """Many databases of one contender, each below `many/` here and at the store."""

    def __init__(self, contender, files):
        self.peer, self.files = contender, files
        if isinstance(contender, Litestow):
            contender.environment = self.group(contender.environment())
        contender.start(False)

    def group(self, settings):
        return lambda: settings | {"DB_SQLITE": "{name}.db", "LITESTOW_FOLDER": self.files[0].parent, "REPLICA_URL": settings["REPLICA_URL"] + "/{name}",
                                   "LITESTOW_SNAPSHOT_DELETE_LOCAL": "false"}

    def backup(self):
        peer = self.peer
        if isinstance(peer, LitestowService):
            with concurrent.futures.ThreadPoolExecutor(4) as pool:
                for status, run in pool.map(lambda f: peer.ask("POST", f"/api/databases/{f.stem}/snapshots?wait=PT10M"), self.files):
                    peer.ended(run)
        elif isinstance(peer, Litestow):
            peer.litestow("snapshot")
        elif isinstance(peer, Litestream):
            peer.run([TOOLS / "litestream", "replicate", "-config", "litestream.yml", *peer.flags], **self.litestream())
        elif isinstance(peer, Restic):
            peer.keep(self.files)
        else:
            peer.number += 1
            for file in self.files:
                peer.pack(file, self.packed(file))

    def packed(self, file):
        return f"{self.peer.prefix}/{file.stem}-{self.peer.number:06}.zst"

    def litestream(self):
        return self.peer.settings([(f, f"{self.peer.prefix}/{f.stem}") for f in self.files])

    def restore_last(self, out):
        peer, file = self.peer, self.files[-1]
        if isinstance(peer, Litestow):
            # A service works on its databases, also between runs.
            peer.stop()
            peer.litestow("restore", file.stem, "--to", out)
        elif isinstance(peer, Litestream):
            peer.run([TOOLS / "litestream", "restore", "-config", "litestream.yml", "-o", out, file], **self.litestream())
        elif isinstance(peer, Restic):
            peer.restore_to(out, file.name)
        else:
            peer.unpack(self.packed(file), out)
