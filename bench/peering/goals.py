"""What Litestow promises beside its peers. Held generously where a machine is shared; said exactly where it is not."""
import report, works

SERVICE = "Litestow, service"


def pairs(rows):
    """Each work of the service, with the same of its peers."""
    for title in dict.fromkeys(row["title"] for row in rows):
        for work in report.works_of([row for row in rows if row["title"] == title]):
            of_work = [row for row in rows if row["title"] == title and row["work"] == work]
            peers = [row for row in of_work if not row["contender"].startswith("Litestow")]
            for ours in (row for row in of_work if row["contender"] == SERVICE):
                if peers:
                    yield title, work, ours, peers


def say(rows):
    """The goals of the issue, and whether they are met."""
    print("\ngoals")
    for title, work, ours, peers in pairs(rows):
        if work in (works.KEPT, works.SAME, works.AWAY) or "databases" in work or work == works.GROWTH:
            ratio = lambda key, mine=None: (ours[key] if mine is None else mine) / max(min(row[key] for row in peers), 1e-9)
            confirmed = ours.get("confirmed", ours["wall"])
            up = min(row["up"] for row in peers)
            print(f"  {title}; {work}: up {report.mb(ours['up'])} beside {report.mb(up)}, kept {ratio('left'):.2f}×,"
                  f" confirmed {ratio('wall', confirmed):.2f}× of the fastest, done {ratio('wall'):.2f}×")


def hold(rows):
    """Ends with 1 where a count is not what it should be, or a time is absurd. Restores were compared already."""
    broken = []

    def require(holds, words):
        if not holds:
            broken.append(words)

    for title, work, ours, peers in pairs(rows):
        what = f"{title}; {work}"
        if work == works.KEPT:
            changed = min(row["up"] for row in peers)
            require(ours["up"] <= 3 * changed + 60_000, f"{what}: uploaded {ours['up']:.0f} bytes, a peer {changed:.0f}")
        if work == works.AWAY:
            whole = min(row["up"] for row in peers if row["contender"].startswith((".backup", "litestream")))
            require(ours["up"] <= 0.5 * whole, f"{what}: uploaded {ours['up']:.0f} bytes, a whole copy has {whole:.0f}")
        if work == works.SAME:
            require(ours["up"] <= 40_000, f"{what}: uploaded {ours['up']:.0f} bytes although nothing changed")
        if ours["replica"] == "s3" and work in (works.KEPT, works.AWAY, works.SAME):
            require(ours["requests"] <= 80, f"{what}: {ours['requests']:.0f} requests")
        if work == works.GROWTH:
            require(ours["objects"] <= 40, f"{what}: {ours['objects']:.0f} objects left")
        fastest = min(row["wall"] for row in peers)
        require(ours["wall"] <= 20 * fastest + 5, f"{what}: {ours['wall']:.2f} s, a peer {fastest:.2f} s")
    for words in broken:
        print(f"broken: {words}")
    if broken:
        raise SystemExit(1)
    print("held: equal restores, bytes, objects, requests")
