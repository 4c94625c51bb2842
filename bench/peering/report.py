"""What was measured, for people: a table, the reasons where a peer is ahead, a picture, a page of the docs."""
import datetime, html, os

import works

HEAD = f"{'work':30} {'contender':32} {'wall':>9} {'× best':>7} {'confirmed':>10} {'CPU':>8} {'peak':>7} {'up':>10} {'down':>10} {'requests':>8} {'kept':>10} {'objects':>7} {'disk':>9}"


def mb(number):
    return f"{number / 1e6:.3f} MB" if number < 1e7 else f"{number / 1e6:.1f} MB"


def counted(row, key):
    """A folder has neither requests nor a way down that anybody counts."""
    return "–" if row["replica"] == "file" else mb(row[key]) if key == "down" else f"{row[key]:.0f}"


def growing(row):
    """What a folder grew by is less than what was written, where something was let go of."""
    return row["work"] == works.GROWTH and row["replica"] == "file"


def works_of(rows):
    return list(dict.fromkeys(row["work"] for row in rows))


def best(rows, work, key="wall"):
    return min(row[key] for row in rows if row["work"] == work)


def cells(row, rows):
    confirmed = f"{row['confirmed']:.2f} s" if "confirmed" in row else "–"
    return [row["contender"], f"{row['wall']:.2f} s", f"{row['wall'] / best(rows, row['work']):.1f}×", confirmed, f"{row['cpu']:.2f} s", f"{row['rss']:.0f} MB",
            "–" if growing(row) else mb(row["up"]), counted(row, "down"), counted(row, "requests"), mb(row["left"]), f"{row['objects']:.0f}", mb(row["disk"])]


def table(title, rows):
    print(f"\n{title}; load {os.getloadavg()[0]:.1f}\n{HEAD}")
    for work in works_of(rows):
        for row in (row for row in rows if row["work"] == work):
            widths = (32, 9, 7, 10, 8, 7, 10, 10, 8, 10, 7, 9)
            print(f"{work:30} " + " ".join(f"{cell:{'' if i == 0 else '>'}{widths[i]}}" for i, cell in enumerate(cells(row, rows))))
    for line in reasons(rows):
        print("  " + line)


def reasons(rows):
    """In words, wherever a peer is ahead of the service or of the command by a tenth."""
    lines = []
    for work in works_of(rows):
        of_work = [row for row in rows if row["work"] == work]
        peers = [row for row in of_work if not row["contender"].startswith("Litestow")]
        for ours in (row for row in of_work if row["contender"].startswith("Litestow")):
            if not peers:
                continue
            for key, what, show in (("wall", "sooner done", lambda v: f"{v:.2f} s"), ("up", "uploads less", mb), ("left", "keeps less", mb)):
                uploads = work not in (works.BACK, works.DRILL) and not growing(ours)
                if key != "wall" and not uploads and work != works.GROWTH or key == "up" and not uploads:
                    continue
                fastest = min(peers, key=lambda row: row[key])
                # Below this it is noise: of a clock, or of headers.
                floor = {"wall": 0.01, "up": 2_000, "left": 20_000}[key]
                if fastest[key] * 1.1 + floor < ours[key]:
                    lines.append(f"{work}: {fastest['contender']} {what} than {ours['contender']} ({show(fastest[key])} of {show(ours[key])}): "
                                 + why(key, work, ours, fastest))
    return lines


def why(key, work, ours, fastest):
    if key == "up" and work == works.FIRST and ours["replica"] == "s3":
        return "its first snapshot is proven, and once per store writers race, to see whether its conditional writes hold"
    if key != "wall":
        return {"up": "beside the pages go the lease, the record of the run and of its proof, each in a request of its own",
                "left": "whoever keeps what was there before a change, and the records of runs and proofs, keeps more"}[key]
    said = []
    if ours.get("starting"):
        said.append(f"{ours['starting']:.2f} s of it are the start of Java and of the program")
    if work == works.AWAY:
        said.append("it restores what it uploaded, by the engine (what that alone takes is litestream's row of *restore*), compares every page and deletes on that, where a peer only uploads"
                    + (f"; its upload was confirmed after {ours['confirmed']:.2f} s" if "confirmed" in ours else ""))
    elif work == works.FIRST:
        said.append("its first snapshot is proven too: restored and compared"
                    + (f"; it was confirmed after {ours['confirmed']:.2f} s" if "confirmed" in ours else ""))
    elif work == works.DRILL:
        said.append("it compares every page with the database, and writes down what it proved")
    elif work == works.BACK:
        said.append("it checks the integrity of what it restored, asks for the lease, and puts the file in place durably")
    elif work == works.GROWTH:
        said.append("each of its cycles is proven")
    else:
        said.append("it takes the lease, lists the replica before and after, and writes down what it did, durably")
    return "; ".join(said)


def panel(title, rows, key, show, top):
    rows = sorted(rows, key=lambda row: row[key])
    most = max(row[key] for row in rows) or 1
    least = rows[0][key]
    lines = [f'<text x="16" y="{top + 18}" font-weight="bold" font-size="15">{html.escape(title)}</text>']
    for i, row in enumerate(rows):
        y, width = top + 32 + i * 26, max(2, 360 * row[key] / most)
        ours = row["contender"].startswith("Litestow")
        ratio = f" ({row[key] / least:.1f}×)" if least > 0 and i else ""
        weight = "bold" if ours else "normal"
        lines.append(f'<text x="258" y="{y + 14}" text-anchor="end" font-weight="{weight}">{html.escape(row["contender"])}</text>'
                     f'<rect x="266" y="{y}" width="{width:.1f}" height="18" rx="2" fill="{"#15803d" if ours else "#94a3b8"}"/>'
                     f'<text x="{274 + width:.1f}" y="{y + 14}">{show(row[key])}{ratio}</text>')
    return "".join(lines), top + 32 + len(rows) * 26 + 18


def svg(rows):
    """Bars of what is repeated, at the largest size that was measured with the farthest store."""
    # One round says little.
    away = [row for row in rows if row["work"] == works.AWAY]
    last = max([row for row in away if row["rounds"] > 1] or away, key=lambda row: row["megabytes"] + (row["replica"] == "s3") / 2)
    same = [row for row in rows if all(row[k] == last[k] for k in ("title", "replica", "megabytes"))]
    of = lambda work: [row for row in same if row["work"] == work]
    body, top = "", 48
    for title, work, key, show in (
            ("Uploaded: offload, 1 % of the rows changed", works.AWAY, "up", mb),
            ("Time: kept, 1 % of the rows changed", works.KEPT, "wall", lambda v: f"{v:.2f} s"),
            ("Time: offload, 1 % changed (Litestow: proven and deleted; others: uploaded)", works.AWAY, "wall", lambda v: f"{v:.2f} s"),
            ("Left at the store after all of that", works.BACK, "left", mb)):
        text, top = panel(title, of(work), key, show, top)
        body += text
    return (f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 780 {top}" font-family="sans-serif" font-size="13" fill="#1e293b">'
            f'<rect width="780" height="{top}" fill="#ffffff"/><text x="16" y="28" font-size="17" font-weight="bold">{html.escape(last["title"].replace("`", ""))}</text>{body}</svg>\n')


def rounds_of(rows):
    most = max(row["rounds"] for row in rows)
    return "one round" if most == 1 else f"{most} rounds"


def markdown(sessions, command, peers, picture):
    """The page of the docs; all of it."""
    lines = [
        "# Beside its peers", "",
        f"Printed by `{command}` on {datetime.date.today():%-d %B %Y}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f} at the end;"
        " written by it, so do not edit it. Each contender keeps the same database, half of it compressible, in turn; each result was restored and is equal, row by row."
        " Medians. \"–\" is what nobody counts.", "",
        "| contender | what it does |", "|---|---|", *[f"| {peer.name} | {peer.way} |" for peer in peers], "",
        *([] if any(peer.prefix == "kopia" for peer in peers) else ["kopia was not there (`bench/kopia` builds it)."]),
        "rustic was not measured: Debian 12 does not have it. pylts waits for seconds that its user has to guess: it takes no part above 100 MB, in the growth and with many databases.", "",
        "- **wall**: from the trigger to the end. Of the service's and the command's *offload* that is: confirmed, restored, compared page by page, and deleted. A peer's *offload* proves nothing.",
        "- **× best**: of the fastest at this work. **confirmed**: when the upload was read back by a listing. **CPU**: of all its processes. **peak**: the largest of them.",
        "- **up**, **down**, **requests**: at the store, headers included (`file://`: what the folder grew by). **kept**, **objects**: left there. **disk**: what it keeps here beside the database.",
        "- *kept*: the database stays. *drill*: a proof that a restore works (`verify`; peers: restore elsewhere and `integrity_check`). *growth*: offload cycles, each told to keep three.", ""]
    if picture:
        lines += [f"![Bars: bytes uploaded, times and bytes kept of each contender]({picture})", ""]
    for title, rows, load in sessions:
        lines += [f"## {title}", "", f"Load {load:.1f}, {rounds_of(rows)}.", ""]
        for work in works_of(rows):
            lines += [f"**{work}**", "", "| contender | wall | × best | confirmed | CPU | peak | up | down | requests | kept | objects | disk |",
                      "|---|---|---|---|---|---|---|---|---|---|---|---|"]
            lines += ["| " + " | ".join(cells(row, rows)) + " |" for row in rows if row["work"] == work]
            lines.append("")
        if found := reasons(rows):
            lines += ["Where a peer is ahead, and why:", "", *[f"- {line}" for line in found], ""]
    return "\n".join(lines)
