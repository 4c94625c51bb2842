"""Where backups go: a folder, or a bucket of versitygw at the end of a way that counts and may be long and narrow."""
import os, pathlib, socket, subprocess, time

HERE = pathlib.Path(__file__).resolve().parent.parent.parent
TOOLS = HERE / "target/tools"
LINK = HERE / "src/bench/java/io/github/litestow/bench/Link.java"
KEY, SECRET = "bench-key", "bench-secret-bench"


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def until(condition, seconds=60, pause=0.01):
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            raise SystemExit("gave up waiting")
        time.sleep(pause)


def answers(port):
    with socket.socket() as s:
        return s.connect_ex(("127.0.0.1", port)) == 0


class Store:
    def __init__(self, kind, top, milliseconds=0, mbit=0):
        self.kind, self.root, self.mbit, self.processes = kind, top / "store", mbit, []
        (self.root / "bucket").mkdir(parents=True)
        if kind == "s3":
            port = free_port()
            self.processes.append(subprocess.Popen(
                [TOOLS / "versity/versitygw", "--port", f"127.0.0.1:{port}", "posix", self.root],
                env={**os.environ, "ROOT_ACCESS_KEY": KEY, "ROOT_SECRET_KEY": SECRET}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL))
            until(lambda: answers(port))
            # A program of its own and in no interpreter, so that it is not what is measured.
            self.link = subprocess.Popen(["java", "-XX:+UseSerialGC", "-Xmx256m", LINK, str(port), str(milliseconds), str(mbit)],
                                         stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
            self.processes.append(self.link)
            self.port = int(self.link.stdout.readline())

    def url(self, name):
        return f"file://{self.root}/bucket/{name}" if self.kind == "file" else f"s3://bucket/{name}"

    def endpoint(self):
        return f"http://127.0.0.1:{self.port}"

    def left(self, name):
        """Bytes and objects."""
        sizes, folders = [], [self.root / "bucket" / name]
        while folders:
            try:
                for entry in os.scandir(folders.pop()):
                    if entry.is_dir(follow_symlinks=False):
                        folders.append(entry.path)
                    else:
                        sizes.append(entry.stat().st_size)
            except FileNotFoundError:
                pass
        return sum(sizes), len(sizes)

    def counted(self):
        """Bytes up, bytes down, requests; of a folder nobody counts them."""
        if self.kind == "file":
            return 0, 0, 0
        self.link.stdin.write("\n")
        self.link.stdin.flush()
        return tuple(int(number) for number in self.link.stdout.readline().split())

    def close(self):
        for process in self.processes:
            process.terminate()
            process.wait()
